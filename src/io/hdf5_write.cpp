// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Datasets, parts of them, and attributes in HDF5 files.

#include "hdf5_write.hpp"

#include <algorithm>
#include <cstring>

namespace priel::io::detail {
namespace {

// How the dataset is stored. Nothing in it depends on the time, so that equal content gives equal bytes.
Handle creation_properties(Element element, std::span<const std::int64_t> shape, const Layout& layout, const std::string& what) {
  Handle properties = require({H5Pcreate(H5P_DATASET_CREATE), H5Pclose}, what);
  require(H5Pset_obj_track_times(properties.get(), false), what);
  const bool empty = shape.empty() || std::find(shape.begin(), shape.end(), 0) != shape.end();
  if (layout.chunk.empty() || empty) {
    if (layout.deflate > 0 && !empty) throw InputError(what + ": only chunks can be compressed, and none are given");
    require(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY), what);
    return properties;
  }
  if (layout.chunk.size() != shape.size())
    throw InputError(what + ": chunks of " + shape_text(layout.chunk) + " do not fit " + shape_text({shape.begin(), shape.end()}));
  std::vector<hsize_t> chunk(shape.size());
  for (std::size_t axis = 0; axis < chunk.size(); ++axis)
    chunk[axis] = static_cast<hsize_t>(std::clamp<std::int64_t>(layout.chunk[axis], 1, shape[axis]));
  require(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()), what);
  if (layout.deflate > 0) {
    if (bytes_of(element) > 1) require(H5Pset_shuffle(properties.get()), what);
    require(H5Pset_deflate(properties.get(), static_cast<unsigned>(std::min(layout.deflate, 9))), what);
  }
  return properties;
}

}  // namespace

Handle create_dataset(hid_t file, const std::string& where, const std::string& dataset, Element element,
                    std::span<const std::int64_t> shape, const Layout& layout) {
  const std::string what = "cannot create " + where;
  const Handle creation = creation_properties(element, shape, layout, what);
  const Handle links = require({H5Pcreate(H5P_LINK_CREATE), H5Pclose}, what);
  require(H5Pset_create_intermediate_group(links.get(), 1), what);
  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  const auto rank = static_cast<int>(extents.size());
  const hid_t extent = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, extents.data(), nullptr);
  const Handle space = require({extent, H5Sclose}, what);
  if (const Handle old(H5Oopen(file, dataset.c_str(), H5P_DEFAULT), H5Oclose); old)
    require(H5Ldelete(file, dataset.c_str(), H5P_DEFAULT), what);
  const hid_t made = H5Dcreate2(file, dataset.c_str(), type_in_file(element), space.get(), links.get(), creation.get(), H5P_DEFAULT);
  return require({made, H5Dclose}, what);
}

void write_part(hid_t dataset, const std::string& where, const Transfer* part, Element element, const void* from, hid_t transfer) {
  const std::string what = "cannot write " + where;
  const Handle stored = require({H5Dget_type(dataset), H5Tclose}, what);
  const hid_t type = type_in_memory(element);
  const hsize_t count = part != nullptr ? static_cast<hsize_t>(part->count) : 1;
  const Handle in_memory = require({H5Screate_simple(1, &count, nullptr), H5Sclose}, what);
  if (part == nullptr) {
    const Handle nothing = select_none(dataset, what);
    require(H5Sselect_none(in_memory.get()), what);
    require(H5Dwrite(dataset, stored.get(), in_memory.get(), nothing.get(), transfer, nullptr), what);
    return;
  }
  const Handle in_file = select(dataset, part->lower, part->extent, what);
  const void* elements = static_cast<const std::byte*>(from) + part->first * bytes_of(element);
  std::vector<std::byte> converted;
  if (H5Tequal(type, stored.get()) <= 0) {
    // HDF5 would convert too, but then no longer writes collectively, and compressed chunks not at all.
    const std::size_t bytes = H5Tget_size(type), stored_bytes = H5Tget_size(stored.get());
    converted.resize(count * std::max(bytes, stored_bytes));
    std::memcpy(converted.data(), elements, count * bytes);
    require(H5Tconvert(type, stored.get(), count, converted.data(), nullptr, H5P_DEFAULT), what);
    elements = converted.data();
  }
  require(H5Dwrite(dataset, stored.get(), in_memory.get(), in_file.get(), transfer, elements), what);
}

void write_chunks(hid_t dataset, const std::string& where, const std::vector<PackedChunk>& chunks) {
  constexpr std::uint32_t every_filter = 0;
  for (const PackedChunk& chunk : chunks) {
    const std::vector<hsize_t> lower(chunk.lower.begin(), chunk.lower.end());
    require(H5Dwrite_chunk(dataset, H5P_DEFAULT, every_filter, lower.data(), chunk.bytes.size(), chunk.bytes.data()), "cannot write " + where);
  }
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

void write_attribute(hid_t file, const std::string& where, const std::string& object, const std::string& name, hid_t stored_type,
                     hid_t type, const void* value) {
  const std::string what = "cannot write the attribute " + name + " of " + where;
  const Handle owner = require({H5Oopen(file, object.empty() ? "/" : object.c_str(), H5P_DEFAULT), H5Oclose}, what);
  if (H5Aexists(owner.get(), name.c_str()) > 0) require(H5Adelete(owner.get(), name.c_str()), what);
  const Handle space = require({H5Screate(H5S_SCALAR), H5Sclose}, what);
  const Handle attribute =
      require({H5Acreate2(owner.get(), name.c_str(), stored_type, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose}, what);
  require(H5Awrite(attribute.get(), type, value), what);
}

}  // namespace priel::io::detail
