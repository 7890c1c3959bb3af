// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The format of a file, told by its name: .npy, .csv and .tsv, .tif and folders of them; all others are HDF5.

#include "formats.hpp"

namespace priel::io {
namespace {

enum class Format { hdf5, npy, table, raster };

// Of a file that is or will be there.
Format format_of(const std::string& path) {
  if (path.ends_with(".npy")) return Format::npy;
  if (path.ends_with(".csv") || path.ends_with(".tsv")) return Format::table;
  return detail::is_raster_name(path) ? Format::raster : Format::hdf5;
}

Format format_to_read(const std::string& where) { return detail::is_raster(where) ? Format::raster : format_of(parse_where(where).file); }

void require_no_dataset(const std::string& path, const std::string& dataset) {
  if (!dataset.empty()) throw InputError(path + " holds one array and no datasets; write " + path + " without :" + dataset);
}

}  // namespace

std::shared_ptr<const Source> open_source(const std::string& where, int rank, Comm comm) {
  const auto [path, dataset] = parse_where(where);
  const Format format = format_to_read(where);
  if (format == Format::hdf5) return detail::open_hdf5(where, rank, std::move(comm));
  require_no_dataset(path, dataset);   // the same on every rank
  if (format == Format::raster) return detail::open_raster(path, rank, std::move(comm));
  return format == Format::npy ? detail::open_npy(path, rank, std::move(comm)) : detail::open_table(path, rank, std::move(comm));
}

std::vector<std::int64_t> chunk_shape(const std::string& where) { return open_source(where, -1, self())->chunk(); }

std::shared_ptr<Sink> create_sink(const std::string& path, Comm comm, bool append) {
  switch (format_of(path)) {
    case Format::npy: return detail::create_npy(path, std::move(comm));   // of one array: written anew, also to append
    case Format::table: return detail::create_table(path, std::move(comm));
    case Format::raster: throw InputError(path + ": GeoTIFF files are written by io::write_raster; name an HDF5, .npy or .csv file");
    case Format::hdf5: break;
  }
  return detail::create_hdf5(path, std::move(comm), append);
}

std::vector<std::string> datasets(const std::string& path) {
  return format_to_read(path) == Format::hdf5 ? detail::datasets_of_hdf5(path) : std::vector<std::string>();
}

std::vector<std::string> column_names(const std::string& path) {
  return format_to_read(path) == Format::table ? detail::names_of_table(path) : std::vector<std::string>();
}

std::string attribute(const std::string& where, const std::string& name) {
  return format_to_read(where) == Format::hdf5 ? detail::attribute_of_hdf5(where, name) : std::string();
}

std::optional<double> number_attribute(const std::string& where, const std::string& name) {
  switch (format_to_read(where)) {
    case Format::hdf5: return detail::number_attribute_of_hdf5(where, name);
    case Format::raster: return detail::number_attribute_of_raster(where, name);
    case Format::npy: case Format::table: break;
  }
  return {};
}

namespace detail {

void require_one_array(const std::string& path, const std::string& dataset, const Layout& layout, bool created) {
  require_no_dataset(path, dataset);
  if (!layout.chunk.empty() || layout.deflate > 0) throw InputError(path + ": only HDF5 files have chunks and compression");
  if (created) throw InputError(path + " holds one array, and it is created already");
}

void refuse_attribute(const std::string& path, const std::string& name) {
  throw InputError(path + " cannot hold the attribute " + name + ": only HDF5 files have attributes");
}

}  // namespace detail
}  // namespace priel::io
