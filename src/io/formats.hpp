// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The formats of files, as open_source and create_sink choose them by a file's name.
#pragma once

#include <priel/io/file.hpp>
#include <priel/io/raster.hpp>

namespace priel::io::detail {

// Each is what open_source and create_sink say, of one format.
std::shared_ptr<const Source> open_hdf5(const std::string& where, int rank, Comm comm);
std::shared_ptr<Sink> create_hdf5(const std::string& path, Comm comm, bool append);

std::shared_ptr<const Source> open_npy(const std::string& path, int rank, Comm comm);
std::shared_ptr<Sink> create_npy(const std::string& path, Comm comm);

std::shared_ptr<const Source> open_table(const std::string& path, int rank, Comm comm);
std::shared_ptr<Sink> create_table(const std::string& path, Comm comm);
std::vector<std::string> names_of_table(const std::string& path);

std::shared_ptr<const Source> open_raster(const std::string& where, int rank, Comm comm);

// Whether a name stands for GeoTIFF files: one (.tif, .tiff), a pattern of such names (*.tif), or a folder.
bool is_raster(const std::string& where);
bool is_raster_name(const std::string& path);

// What a raster says of itself, as the functions of io say it of a file.
std::optional<double> number_attribute_of_raster(const std::string& where, const std::string& name);
std::optional<Georeference> georeference_of_raster(const std::string& where);
std::optional<std::vector<std::int64_t>> days_of_raster(const std::string& where);

// Whether two texts mean one reference system; nothing where that cannot be told: without GDAL, or where one of them is none.
std::optional<bool> same_system(const std::string& a, const std::string& b);
// InputError where a text is no reference system; nothing without GDAL.
void require_system(const std::string& text, const std::string& where);
// "EPSG:32611", or the system's name.
std::string short_name_of_system(const std::string& text);

// What HDF5 files say.
std::vector<std::string> datasets_of_hdf5(const std::string& path);
std::string attribute_of_hdf5(const std::string& where, const std::string& name);
std::optional<double> number_attribute_of_hdf5(const std::string& where, const std::string& name);

// What a file of one array is asked to write: InputError for a dataset's name, a layout or a second array.
void require_one_array(const std::string& path, const std::string& dataset, const Layout& layout, bool created);
[[noreturn]] void refuse_attribute(const std::string& path, const std::string& name);

}  // namespace priel::io::detail
