// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Shorelines from GeoJSON, and land by scanlines: each crossing of a row's parallel says which of its sides is land.
#include "synth_shoreline.hpp"

#include <priel/communicator.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>

namespace priel::app {

namespace {

using Json = nlohmann::json;

// Coordinates are nested as deep as the geometry's type wants; an array of positions is a line.
void add_lines(const Json& coordinates, Shoreline& into) {
  const auto is_list = [](const Json& value) { return value.is_array() && !value.empty(); };
  const bool line = is_list(coordinates) && is_list(coordinates[0]) && coordinates[0][0].is_number();
  if (!line) {
    for (const Json& part : coordinates) add_lines(part, into);
    return;
  }
  auto& points = into.lines.emplace_back();
  for (const Json& position : coordinates) points.push_back({position.at(0).get<double>(), position.at(1).get<double>()});
}

void add_geometry(const Json& object, Shoreline& into) {
  if (!object.is_object()) return;
  const std::string type = object.value("type", "");
  if (type == "FeatureCollection") for (const Json& feature : object.at("features")) add_geometry(feature, into);
  else if (type == "Feature") add_geometry(object.at("geometry"), into);
  else if (type == "GeometryCollection") for (const Json& part : object.at("geometries")) add_geometry(part, into);
  else if (type.ends_with("LineString") || type.ends_with("Polygon")) add_lines(object.at("coordinates"), into);  // and Multi- of them
}

void measure(Shoreline& shoreline) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  shoreline.west = shoreline.south = infinity;
  shoreline.east = shoreline.north = -infinity;
  for (const auto& line : shoreline.lines)
    for (const auto& [x, y] : line) {
      shoreline.west = std::min(shoreline.west, x);
      shoreline.east = std::max(shoreline.east, x);
      shoreline.south = std::min(shoreline.south, y);
      shoreline.north = std::max(shoreline.north, y);
    }
}

// Where the shoreline crosses a row, in columns, or a column, in rows, and whether land begins there.
struct Crossing {
  double at = 0;
  bool to_land = false;
};

// Whether there is land at a place of the row or column; `crossings` are in order, and there are some.
bool land_at(const std::vector<Crossing>& crossings, double place) {
  const auto after = std::upper_bound(crossings.begin(), crossings.end(), place, [](double a, const Crossing& b) { return a < b.at; });
  return after == crossings.begin() ? !after->to_land : std::prev(after)->to_land;
}

void put_in_order(std::vector<Crossing>& crossings) {
  std::sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) { return std::pair(a.at, a.to_land) < std::pair(b.at, b.to_land); });
}

// All crossings with each row, and with the first column.
struct Crossings {
  std::vector<std::vector<Crossing>> rows;
  std::vector<Crossing> first_column;
};

Crossings crossings_of(const Shoreline& shoreline, std::int64_t height, std::int64_t width) {
  const double down = static_cast<double>(height) / (shoreline.north - shoreline.south);
  const double right = static_cast<double>(width) / (shoreline.east - shoreline.west);
  Crossings found;
  found.rows.resize(static_cast<std::size_t>(height));
  for (const auto& line : shoreline.lines) {
    for (std::size_t i = 1; i < line.size(); ++i) {
      // In pixels, whose centres are at halves. A row belongs to the segment that it meets above its lower end. Land is to the left:
      // east of a segment that runs south, south of one that runs west.
      const double x0 = (line[i - 1][0] - shoreline.west) * right, x1 = (line[i][0] - shoreline.west) * right;
      const double y0 = (shoreline.north - line[i - 1][1]) * down, y1 = (shoreline.north - line[i][1]) * down;
      const auto first = static_cast<std::int64_t>(std::ceil(std::min(y0, y1) - 0.5));
      const auto last = static_cast<std::int64_t>(std::ceil(std::max(y0, y1) - 0.5));
      for (std::int64_t row = std::max<std::int64_t>(0, first); row < std::min(height, last); ++row)
        found.rows[static_cast<std::size_t>(row)].push_back({x0 + (x1 - x0) * (static_cast<double>(row) + 0.5 - y0) / (y1 - y0), y1 > y0});
      if ((x0 < 0.5) != (x1 < 0.5)) found.first_column.push_back({y0 + (y1 - y0) * (0.5 - x0) / (x1 - x0), x1 < x0});
    }
  }
  for (auto& row : found.rows) put_in_order(row);
  put_in_order(found.first_column);
  return found;
}

}  // namespace

Shoreline read_shoreline(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw InputError(fmt::format("--shoreline {}: cannot be opened: {}", file, std::strerror(errno)));
  Shoreline shoreline;
  try {
    add_geometry(Json::parse(stream), shoreline);
  } catch (const Json::exception&) {
    throw InputError(fmt::format("--shoreline {}: expected GeoJSON with lines or polygons, found something else", file));
  }
  measure(shoreline);
  if (shoreline.lines.empty() || !(shoreline.west < shoreline.east) || !(shoreline.south < shoreline.north))
    throw InputError(fmt::format("--shoreline {}: expected GeoJSON with lines or polygons, found {} lines that span no area", file,
                                 shoreline.lines.size()));
  return shoreline;
}

std::vector<unsigned char> land_within(const Shoreline& shoreline, std::int64_t height, std::int64_t width, const std::string& file) {
  const Crossings found = crossings_of(shoreline, height, width);
  std::size_t crossings = 0, contradictions = 0;
  for (const auto& row : found.rows) {
    crossings += row.size();
    for (std::size_t i = 1; i < row.size(); ++i) contradictions += row[i].to_land == row[i - 1].to_land;
  }
  if (100 * contradictions > crossings)
    throw InputError(fmt::format("--shoreline {}: expected land to the left of every line, found {} of {} crossings that contradict "
                                 "their neighbours", file, contradictions, crossings));

  // A row without a shoreline is all land or all water: what its first pixel is, by the first column, or by any other row.
  const auto some = std::find_if(found.rows.begin(), found.rows.end(), [](const auto& row) { return !row.empty(); });
  const bool elsewhere = some != found.rows.end() && land_at(*some, 0.5);
  std::vector<unsigned char> land;
  land.reserve(static_cast<std::size_t>(height * width));
  for (std::size_t row = 0; row < found.rows.size(); ++row) {
    const bool first = found.first_column.empty() ? elsewhere : land_at(found.first_column, static_cast<double>(row) + 0.5);
    for (std::int64_t column = 0; column < width; ++column)
      land.push_back(found.rows[row].empty() ? first : land_at(found.rows[row], static_cast<double>(column) + 0.5));
  }
  return land;
}

}  // namespace priel::app
