// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Stacks of single-date GeoTIFF files: listing, dates, and that all are of one grid.

#include "geotiff_stack.hpp"

#include "formats.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <glob.h>

namespace priel::io {
namespace detail {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in_folder(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_raster_name(entry->path().string()) && !entry->path().filename().string().starts_with(".")) names.push_back(entry->path().string());
  if (error) throw InputError("cannot open " + folder + ": " + error.message());
  return names;
}

std::vector<std::string> names_of_pattern(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> names(found.gl_pathv, found.gl_pathv + (status == 0 ? found.gl_pathc : 0));
  ::globfree(&found);
  std::erase_if(names, [](const std::string& name) { return !is_raster_name(name); });
  return names;
}

// The tag of the TIFF format: "2023:01:13 05:43:12".
std::optional<std::int64_t> day_in_tag(const Gdal& library, const Dataset& dataset) {
  const char* const tag = library.metadata(dataset.get(), "TIFFTAG_DATETIME", nullptr);
  if (tag == nullptr) return {};
  std::string day = std::string(tag).substr(0, 10);
  std::replace(day.begin(), day.end(), ':', '-');
  return day_in_name(day);
}

std::string text_of(const std::optional<double>& nodata) { return nodata ? std::to_string(*nodata) : "none"; }

bool same_number(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() == b.has_value() && (!a || *a == *b || (std::isnan(*a) && std::isnan(*b)));
}

std::string grid_of(const RasterFile& file) {
  return std::to_string(file.rows) + " x " + std::to_string(file.columns) + " pixels, " +
         (file.place ? to_text(*file.place) : std::string("lying nowhere"));
}

void require_one_grid(const RasterFile& first, const RasterFile& file) {
  const bool same = first.rows == file.rows && first.columns == file.columns && first.place.has_value() == file.place.has_value() &&
                    (!file.place || same_place(*first.place, *file.place, file.rows, file.columns));
  if (!same)
    throw InputError(first.path + " has " + grid_of(first) + ", but " + file.path + " has " + grid_of(file) +
                     "; the images of a stack have to be of one grid");
  if (!same_number(first.nodata, file.nodata))
    throw InputError("pixels without a value are " + text_of(first.nodata) + " in " + first.path + ", but " + text_of(file.nodata) + " in " +
                     file.path + "; the images of a stack have to agree");
}

}  // namespace

RasterFile examine_raster(const Gdal& library, const std::string& path) {
  const Dataset dataset = open_raster_file(library, path);
  RasterFile file;
  file.path = path;
  file.bands = library.bands(dataset.get());
  file.rows = library.rows(dataset.get());
  file.columns = library.columns(dataset.get());
  if (file.bands < 1) throw InputError(path + " holds no image");
  file.element = element_of_raster(library, library.data_type(library.band(dataset.get(), 1)), path);
  int across = 0, down = 0;
  library.block_size(library.band(dataset.get(), 1), &across, &down);
  file.block_columns = std::min<std::int64_t>(across, file.columns);
  file.block_rows = std::min<std::int64_t>(down, file.rows);
  file.place = georeference_of_raster(library, dataset);
  file.nodata = nodata_of_raster(library, dataset);
  return file;
}

bool is_raster_stack(const std::string& where) {
  std::error_code error;
  return fs::is_directory(where, error) || (where.find_first_of("*?") != std::string::npos && !fs::exists(where, error));
}

std::vector<DatedFile> dated_files(const Gdal& library, const std::string& where) {
  std::error_code error;
  const bool folder = fs::is_directory(where, error);
  const auto names = folder ? names_in_folder(where) : names_of_pattern(where);
  if (names.empty()) throw InputError(where + (folder ? " holds no GeoTIFF files (.tif, .tiff)" : ": no GeoTIFF file (.tif, .tiff) has such a name"));
  std::vector<DatedFile> files;
  for (const std::string& name : names) {
    const auto in_name = day_in_name(name), day = in_name ? in_name : day_in_tag(library, open_raster_file(library, name));
    if (!day) throw InputError(name + " has no date; YYYYMMDD or YYYY-MM-DD expected in its name, or the tag TIFFTAG_DATETIME in the file");
    files.push_back({*day, name});
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<RasterFile> raster_files(const Gdal& library, const std::string& where) {
  if (!is_raster_stack(where)) return {examine_raster(library, where)};
  std::vector<RasterFile> files;
  for (const DatedFile& name : dated_files(library, where)) {
    const RasterFile& file = files.emplace_back(examine_raster(library, name.path));
    if (file.bands != 1)
      throw InputError(name.path + " holds " + std::to_string(file.bands) + " bands; the images of a stack have 1");
    require_one_grid(files.front(), file);
  }
  return files;
}

namespace {

// One file, which the others of a stack agree with: open_source has seen to that.
RasterFile any_file(const Gdal& library, const std::string& where) {
  return examine_raster(library, is_raster_stack(where) ? dated_files(library, where).front().path : where);
}

}  // namespace

std::optional<double> number_attribute_of_raster(const std::string& where, const std::string& name) {
  if (name != "_FillValue") return {};
  return any_file(gdal(where), where).nodata;
}

std::optional<Georeference> georeference_of_raster(const std::string& where) { return any_file(gdal(where), where).place; }

std::optional<std::vector<std::int64_t>> days_of_raster(const std::string& where) {
  const Gdal& library = gdal(where);
  std::vector<std::int64_t> days;
  if (is_raster_stack(where)) {
    for (const DatedFile& file : dated_files(library, where)) days.push_back(file.day);
    return days;
  }
  const Dataset dataset = open_raster_file(library, where);
  for (int band = 1; band <= library.bands(dataset.get()); ++band) {
    const auto day = day_in_name(library.description(library.band(dataset.get(), band)));
    if (!day) return {};
    days.push_back(*day);
  }
  return days;
}

}  // namespace detail
}  // namespace priel::io
