// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Steps of writing an HDF5 file, for a Sink to run on the ranks that take part. The Library must be held.
#pragma once

#include "hdf5.hpp"
#include "hdf5_chunks.hpp"
#include "transfer.hpp"

namespace priel::io::detail {

// Makes a dataset and the groups on its way; one of that name is replaced. Contiguous ones get their place in the file.
Handle create_dataset(hid_t file, const std::string& where, const std::string& dataset, Element element,
                    std::span<const std::int64_t> shape, const Layout& layout);

// Writes `part` (nothing if null) of elements that start at `from`; `transfer` is HDF5's transfer property list.
void write_part(hid_t dataset, const std::string& where, const Transfer* part, Element element, const void* from, hid_t transfer);

// Stores chunks as they are.
void write_chunks(hid_t dataset, const std::string& where, const std::vector<PackedChunk>& chunks);

// Sets an attribute of the file ("/") or of a dataset; one of that name is replaced.
void write_attribute(hid_t file, const std::string& where, const std::string& object, const std::string& name, hid_t stored_type,
                     hid_t type, const void* value);

// The stored type of text: of variable length, because h5py and netCDF then give back a string and not bytes.
Handle text_type();

}  // namespace priel::io::detail
