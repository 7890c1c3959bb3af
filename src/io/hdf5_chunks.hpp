// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Compressed chunks made outside of the HDF5 library, by all threads at once: inside it one thread does everything.
#pragma once

#include <priel/io/file.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace priel::io::detail {

// A dataset as it was created.
struct Created {
  Element element;
  std::vector<std::int64_t> shape;
  Layout layout;
};

// One chunk as the file stores it, and the index of its first element.
struct PackedChunk {
  std::vector<std::uint64_t> lower;
  std::vector<unsigned char> bytes;
};

// How many chunks a box has; nothing if it does not consist of whole ones (those at the dataset's edges are filled up with zeros), holds
// other elements than the dataset, or is not compressed.
std::optional<std::int64_t> whole_chunks(const Created& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                                         Element element);

// As many as bound the memory of packing.
std::int64_t chunks_at_once(const Created& dataset);

// The chunks [first, last) of a box that has whole ones, shuffled and deflated exactly as HDF5's own filters do it; those of zeros are left
// out where the layout is sparse. `from`: the whole box.
std::vector<PackedChunk> pack_chunks(const Created& dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                                     const void* from, std::int64_t first, std::int64_t last);

}  // namespace priel::io::detail
