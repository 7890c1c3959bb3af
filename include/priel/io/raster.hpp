// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Maps: where the pixels of a grid lie on the Earth, the dates of a stack of images, GeoTIFF files written from scattered pixels.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace priel::io {

// Where a grid lies: the upper left corner of the pixel (row, column) is at
// x = t[0] + column t[1] + row t[2], y = t[3] + column t[4] + row t[5].
struct Georeference {
  std::string crs;                       // the reference system: WKT, "EPSG:32611" or a PROJ string; empty where it is not known
  std::array<double, 6> transform{};
};

struct Grid {
  std::int64_t rows = 0, columns = 0;
  std::optional<Georeference> georeference;
};

// What a raster says about itself. Nothing here changes by itself (no date of writing): equal input gives equal bytes.
struct RasterText {
  std::string description;                                       // of the band
  std::vector<std::pair<std::string, std::string>> metadata;     // names and values
  std::vector<std::pair<std::uint8_t, std::array<std::uint8_t, 3>>> colours;   // value: red, green, blue; only uint8 has them
};

// Rank-local: a GeoTIFF of one band, compressed, in tiles, of which only those with pixels are stored. `pixels` holds row and column of
// each pixel, `values` one value for each; all others are `outside`, which is also the file's nodata value. Pixels in C order are
// fastest; of two equal ones the last counts. The file is made in memory (which takes its own size and 128 rows of the grid; 8 bytes a
// pixel more where the pixels do not go down the rows), written under a temporary name and renamed. Threads may write different files.
// Needs GDAL: InputError in a build without it. ShapeError for pixels outside the grid, InputError for a reference system that is none,
// SystemError for a full disk and the like.
void write_raster(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const std::uint8_t> values,
                  std::uint8_t outside, const RasterText& text = {});
void write_raster(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const std::uint16_t> values,
                  std::uint16_t outside, const RasterText& text = {});
void write_raster(const std::string& path, const Grid& grid, std::span<const std::int64_t> pixels, std::span<const float> values, float outside,
                  const RasterText& text = {});

// Rank-local: where the images of a file lie, the last two axes being rows and columns; nothing where the file does not say. HDF5 and
// netCDF by the CF conventions (`grid_mapping` and its `crs_wkt` or `spatial_ref`; evenly spaced coordinates x and y, or lon and lat,
// beside the dataset, or `GeoTransform`), GeoTIFF by its tags.
std::optional<Georeference> georeference_of(const std::string& where);

// Whether two grids are one: pixels that lie less than a thousandth of a pixel apart, and the same reference system where both tell one.
bool same_place(const Georeference& a, const Georeference& b, std::int64_t rows, std::int64_t columns);

// "upper left (145800, 3908850), pixels of (30, -30), EPSG:32611"
std::string to_text(const Georeference& georeference);

// Rank-local: the days since 1970-01-01 of the images of a stack of GeoTIFF files, in their order along the first axis; of one file,
// where all its bands are named by dates. Nothing where there are none, and for all other formats.
std::optional<std::vector<std::int64_t>> raster_days(const std::string& where);

// The first date in a name, as YYYYMMDD or YYYY-MM-DD, in days since 1970-01-01; a file's folders and longer numbers do not count.
std::optional<std::int64_t> day_in_name(const std::string& name);

// "GDAL 3.6.2", or empty where rasters cannot be read and written: built without GDAL, or its library is not installed.
std::string gdal_version();

}  // namespace priel::io
