// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where images lie and when they were taken, as names, CF attributes and coordinates tell it.

#include <priel/io/raster.hpp>

#include "formats.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace priel::io {
namespace {

using namespace detail;

bool digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::int64_t> day_of(int year, int month, int day) {
  namespace time = std::chrono;
  const time::year_month_day date{time::year(year), time::month(static_cast<unsigned>(month)), time::day(static_cast<unsigned>(day))};
  if (year < 1900 || year >= 2200 || !date.ok()) return {};
  return time::sys_days(date).time_since_epoch().count();
}

// The digits of [from, from + count) as a number, -1 where there are others.
int number_at(const std::string& text, std::size_t from, std::size_t count) {
  int number = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (i >= text.size() || !digit(text[i])) return -1;
    number = 10 * number + (text[i] - '0');
  }
  return number;
}

// "145800.0 30.0 0.0 3908850.0 0.0 -30.0"
std::optional<std::array<double, 6>> transform_in(const std::string& text) {
  std::array<double, 6> transform{};
  const char* at = text.c_str();
  for (double& number : transform) {
    char* end = nullptr;
    number = std::strtod(at, &end);
    if (end == at || !std::isfinite(number)) return {};
    at = end + (*end == ',' ? 1 : 0);
  }
  return transform;
}

// The first and the step of an evenly spaced coordinate of this length; nothing if it is not there or not such.
std::optional<std::pair<double, double>> coordinate(const std::string& where, std::int64_t length) {
  const auto source = open_source(where, -1, self());
  if (source->shape() != std::vector{length} || length < 2) return {};
  std::vector<double> values(static_cast<std::size_t>(length));
  const std::int64_t lower[] = {0}, extent[] = {length};
  source->read(lower, extent, Element::float64, values.data());
  const double step = (values.back() - values.front()) / static_cast<double>(length - 1);
  if (!std::isfinite(step) || step == 0) return {};
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(std::abs(values[i] - values.front() - static_cast<double>(i) * step) <= 0.01 * std::abs(step))) return {};
  return std::pair(values.front(), step);
}

// From the coordinates of the pixels' centres beside the dataset, under their usual names.
std::optional<Georeference> place_by_coordinates(const Where& place, const std::string& folder, const std::vector<std::int64_t>& shape) {
  const auto names = datasets(place.file);
  const auto named = [&](const std::string& name) { return std::find(names.begin(), names.end(), folder + name) != names.end(); };
  constexpr std::pair<const char*, const char*> axes[] = {{"x", "y"}, {"lon", "lat"}, {"longitude", "latitude"}};
  for (const auto& [across, down] : axes) {
    if (!named(across) || !named(down)) continue;
    const std::string beside_it = place.file + ":" + folder;
    const auto x = coordinate(beside_it + across, shape.back()), y = coordinate(beside_it + down, shape[shape.size() - 2]);
    if (!x || !y) return {};
    const bool degrees = across != axes[0].first;
    return Georeference{degrees ? "EPSG:4326" : "", {x->first - x->second / 2, x->second, 0, y->first - y->second / 2, 0, y->second}};
  }
  return {};
}

// How many pixels two grids lie apart where they do most.
double pixels_apart(const Georeference& a, const Georeference& b, std::int64_t rows, std::int64_t columns) {
  double most = 0;
  for (const std::size_t axis : {std::size_t{0}, std::size_t{3}}) {
    const auto at = [&](const Georeference& place, std::int64_t row, std::int64_t column) {
      return place.transform[axis] + static_cast<double>(column) * place.transform[axis + 1] + static_cast<double>(row) * place.transform[axis + 2];
    };
    const double pixel = std::max(std::abs(a.transform[axis + 1]), std::abs(a.transform[axis + 2]));
    for (const std::int64_t row : {std::int64_t{0}, rows})
      for (const std::int64_t column : {std::int64_t{0}, columns}) most = std::max(most, std::abs(at(a, row, column) - at(b, row, column)) / pixel);
  }
  return most;
}

// CF conventions 1.8 and later, section 5.6: the variable that `grid_mapping` names, in the dataset's group or one above it.
std::optional<Georeference> place_in_hdf5(const std::string& where) {
  const Where place = parse_where(where);
  const auto shape = open_source(where, -1, self())->shape();
  if (shape.size() < 2) return {};
  const std::string folder = place.dataset.substr(0, place.dataset.rfind('/') + 1);
  std::string name = attribute(where, "grid_mapping"), system, mapping;
  name = name.substr(0, name.find_first_of(": "));   // "crs: x y" names coordinates as well
  std::optional<std::array<double, 6>> transform;
  for (std::string group = folder; !name.empty() && system.empty() && !transform; group.erase(group.rfind('/', group.size() - 2) + 1)) {
    mapping = place.file + ":" + (name.starts_with("/") ? name : group + name);
    for (const char* const attribute_name : {"crs_wkt", "spatial_ref"})
      if (system.empty()) system = attribute(mapping, attribute_name);
    transform = transform_in(attribute(mapping, "GeoTransform"));
    if (group == "/") break;
  }
  std::optional<Georeference> found = place_by_coordinates(place, folder, shape);
  // The transform is GDAL's addition and more precise, but may speak of rows from the north where they are stored from the south.
  if (transform && (!found || pixels_apart({"", *transform}, *found, shape[shape.size() - 2], shape.back()) < 0.5)) found = Georeference{"", *transform};
  if (found && !system.empty()) {
    require_system(system, mapping);
    found->crs = system;
  }
  return found;
}

std::string text_of(const char* format, double a, double b) {
  char text[80];
  std::snprintf(text, sizeof text, format, a, b);
  return text;
}

}  // namespace

bool detail::is_raster_name(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& c : ending) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return ending == ".tif" || ending == ".tiff";
}

bool detail::is_raster(const std::string& where) {
  std::error_code error;
  return is_raster_name(parse_where(where).file) || std::filesystem::is_directory(where, error);   // a folder with a dataset is a mistake
}

std::optional<std::int64_t> day_in_name(const std::string& name) {
  const std::string file = std::filesystem::path(name).filename().string();
  for (std::size_t at = 0; at < file.size(); ++at) {
    if (!digit(file[at]) || (at > 0 && digit(file[at - 1]))) continue;
    const std::size_t end = std::min(file.find_first_not_of("0123456789", at), file.size());
    std::optional<std::int64_t> day;
    if (end - at == 8 || end - at == 12 || end - at == 14)   // with the time of day as well
      day = day_of(number_at(file, at, 4), number_at(file, at + 4, 2), number_at(file, at + 6, 2));
    else if (end - at == 4 && end + 5 < file.size() && file[end] == '-' && file[end + 3] == '-' && number_at(file, end + 1, 2) >= 0 &&
             number_at(file, end + 4, 2) >= 0 && (end + 6 == file.size() || !digit(file[end + 6])))
      day = day_of(number_at(file, at, 4), number_at(file, at + 5, 2), number_at(file, at + 8, 2));
    if (day) return day;
  }
  return {};
}

std::optional<Georeference> georeference_of(const std::string& where) {
  const Where place = parse_where(where);
  if (is_raster(where)) return georeference_of_raster(where);
  if (place.dataset.empty()) return {};   // a table or a NumPy file
  return place_in_hdf5(where);
}

std::optional<std::vector<std::int64_t>> raster_days(const std::string& where) {
  return is_raster(where) ? days_of_raster(where) : std::nullopt;
}

bool same_place(const Georeference& a, const Georeference& b, std::int64_t rows, std::int64_t columns) {
  if (!(pixels_apart(a, b, rows, columns) <= 1e-3)) return false;
  return a.crs.empty() || b.crs.empty() || same_system(a.crs, b.crs).value_or(true);
}

std::string to_text(const Georeference& georeference) {
  const auto& t = georeference.transform;
  std::string text = text_of("upper left (%.10g, %.10g)", t[0], t[3]) + text_of(", pixels of (%.10g, %.10g)", t[1], t[5]);
  if (t[2] != 0 || t[4] != 0) text += text_of(" turned by (%.10g, %.10g)", t[2], t[4]);
  return text + (georeference.crs.empty() ? "" : ", " + short_name_of_system(georeference.crs));
}

}  // namespace priel::io
