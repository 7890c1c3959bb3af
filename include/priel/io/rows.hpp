// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A dataset whose rows any process writes in any order, by their place in the file: what is written survives the writer's end.
#pragma once

#include <priel/io/file.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace priel::io {

// An HDF5 file is lost with the process that has it open for writing. So a Sink makes the file, with datasets that are contiguous, hold their
// place from the start and are not compressed, and closes it; this class asks HDF5 once where a dataset's elements lie, and goes to them without
// it. All members are rank-local and may be called by several threads and processes at once on different rows.
class Rows {
 public:
  // "file.h5:/scores". InputError if there is no such dataset of these elements, or it has no fixed place; SystemError if the file
  // cannot be opened (for writing where asked).
  Rows(const std::string& where, Element element, bool writes);
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // Of axis 0, and of the other axes together.
  std::int64_t count() const;
  std::int64_t row_bytes() const;

  // Rows [first, first + count), whole. ShapeError outside of the dataset, SystemError if the disk does not do it.
  void write(std::int64_t first, std::int64_t count, const void* from) const;
  void read(std::int64_t first, std::int64_t count, void* to) const;
  // Returns when what was written is on the disk. SystemError.
  void sync() const;

 private:
  struct Place;
  std::unique_ptr<Place> place_;
};

}  // namespace priel::io
