// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of a dataset by their place in the file.

#include "rows.hpp"

#include "npy.hpp"

#include <priel/io/rows.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace priel::io {

struct Rows::Place {
  std::string what;
  std::int64_t offset, rows, row_bytes;
  detail::File file;

  std::int64_t at(std::int64_t first, std::int64_t count) const {
    if (first < 0 || count < 0 || first > rows - count)
      throw ShapeError(what + ": rows " + std::to_string(first) + " to " + std::to_string(first + count) + " of " + std::to_string(rows));
    return offset + first * row_bytes;
  }
};

Rows::Rows(const std::string& where, Element element, bool writes) {
  const detail::Placement placement = detail::placement_of(where, element);
  const std::string path = parse_where(where).file, what = (writes ? "cannot write " : "cannot read ") + where;
  std::int64_t bytes = detail::bytes_of(element);
  for (std::size_t axis = 1; axis < placement.shape.size(); ++axis) bytes *= placement.shape[axis];
  const int file = ::open(path.c_str(), (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (file < 0) throw SystemError(what + ": " + std::strerror(errno));
  place_ = std::unique_ptr<Place>(new Place{what, placement.offset, placement.shape.empty() ? 1 : placement.shape[0], bytes, detail::File(file)});
}

Rows::~Rows() = default;

std::int64_t Rows::count() const { return place_->rows; }
std::int64_t Rows::row_bytes() const { return place_->row_bytes; }

void Rows::write(std::int64_t first, std::int64_t count, const void* from) const {
  detail::write_at(place_->file.get(), place_->at(first, count), from, count * place_->row_bytes, place_->what);
}

void Rows::read(std::int64_t first, std::int64_t count, void* to) const {
  detail::read_at(place_->file.get(), place_->at(first, count), to, count * place_->row_bytes, place_->what);
}

void Rows::sync() const {
  if (::fdatasync(place_->file.get()) != 0) throw SystemError(place_->what + ": " + std::strerror(errno));
}

}  // namespace priel::io
