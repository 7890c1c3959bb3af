// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The GeoTIFF files that a name stands for: one, or those of a folder or a pattern in the order of their dates.
#pragma once

#include "gdal.hpp"

namespace priel::io::detail {

// What a file says before its pixels are read.
struct RasterFile {
  std::string path;
  std::int64_t bands = 0, rows = 0, columns = 0;
  std::int64_t block_rows = 0, block_columns = 0;   // of the tiles or strips it is stored in
  Element element = Element::float32;
  std::optional<Georeference> place;
  std::optional<double> nodata;
};

RasterFile examine_raster(const Gdal& library, const std::string& path);

// Whether a name stands for several files: a folder, or a pattern with * or ? of which no file has the very name.
bool is_raster_stack(const std::string& where);

struct DatedFile {
  std::int64_t day = 0;   // since 1970-01-01
  std::string path;
  auto operator<=>(const DatedFile&) const = default;
};

// The files of a stack by date, then by name. InputError for none, and for a file without a date.
std::vector<DatedFile> dated_files(const Gdal& library, const std::string& where);

// The same, examined: all of one band and one grid, else InputError (different grids or values of none are both shown). Or one file as it is.
std::vector<RasterFile> raster_files(const Gdal& library, const std::string& where);

}  // namespace priel::io::detail
