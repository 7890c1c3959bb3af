// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The header of NumPy's .npy files (format 1.0 to 3.0), read and written.
#pragma once

#include "box.hpp"

namespace priel::io::detail {

struct NpyHeader {
  Element element = Element::float64;
  bool column_major = false;
  std::vector<std::int64_t> shape;
  std::int64_t data = 0;   // where the elements begin
};

// Of an opened file; InputError if it is none, or holds what is not read here; `where` names it.
NpyHeader read_npy_header(int file, const std::string& where);

// The bytes before the elements, in C order; their number is a multiple of 64, as NumPy has it.
std::string npy_header(Element element, std::span<const std::int64_t> shape);

// A file descriptor, closed with its owner.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  // Closes it now; SystemError if that fails (a file system may report a full disk then).
  void close(const std::string& what);

 private:
  int descriptor_;
};

// All of [offset, offset + bytes), in as many calls as it takes; SystemError "WHAT: reason".
void read_at(int file, std::int64_t offset, void* to, std::int64_t bytes, const std::string& what);
void write_at(int file, std::int64_t offset, const void* from, std::int64_t bytes, const std::string& what);

}  // namespace priel::io::detail
