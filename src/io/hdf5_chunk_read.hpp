// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Compressed chunks unpacked outside of the HDF5 library, by all threads at once: inside it one thread does everything.
#pragma once

#include "hdf5.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace priel::io::detail {

// How a dataset's chunks are stored, if they are as HDF5's filters "shuffle" and "deflate" leave them (or not filtered) and hold elements as memory does.
class StoredChunks {
 public:
  // With the Library held.
  static std::optional<StoredChunks> of(hid_t dataset, Element element, const std::vector<std::int64_t>& shape);

  // Bytes of the chunks that a box touches, and of the box.
  std::int64_t bytes_touched(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent) const;
  std::int64_t bytes_of_box(std::span<const std::int64_t> extent) const;

  // The box in C order, or those of its chunks that touch a part (as Source::read_parts; all if there is none). Without the Library held.
  // SystemError "WHAT: reason"; false, and nothing of use in `to`, if a chunk is stored otherwise.
  bool read(hid_t dataset, std::span<const std::int64_t> lower, std::span<const std::int64_t> extent, std::span<const std::int64_t> parts,
            const std::string& what, void* to) const;

 private:
  class Unpacker;
  std::vector<std::int64_t> chunk_;
  std::size_t element_ = 0;            // bytes
  bool shuffled_ = false, deflated_ = false;
};

}  // namespace priel::io::detail
