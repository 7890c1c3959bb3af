// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Conversions of elements, checks of boxes, names of files.

#include "box.hpp"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace priel::io::detail {
namespace {

template <class To, class From>
To nearest(From value) {
  if constexpr (std::is_floating_point_v<To>) return static_cast<To>(value);
  else if constexpr (std::is_floating_point_v<From>) {
    constexpr auto limit = static_cast<From>(std::numeric_limits<To>::max());   // rounded up where it is not exact
    if (std::isnan(value)) return 0;
    if (value >= limit) return std::numeric_limits<To>::max();
    if (value <= static_cast<From>(std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
    return static_cast<To>(value);
  } else {
    if (std::cmp_greater(value, std::numeric_limits<To>::max())) return std::numeric_limits<To>::max();
    if (std::cmp_less(value, std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
    return static_cast<To>(value);
  }
}

}  // namespace

void convert(Element from_type, const void* from, std::int64_t from_step, Element to_type, void* to, std::int64_t to_step, std::int64_t count) {
  with_type(from_type, [&]<class From>(From) {
    const auto* source = static_cast<const std::byte*>(from);   // need not be aligned
    const auto load = [&](std::int64_t i) {
      From value;
      std::memcpy(&value, source + i * from_step * static_cast<std::int64_t>(sizeof(From)), sizeof value);
      return value;
    };
    with_type(to_type, [&]<class To>(To) {
      auto* target = static_cast<To*>(to);
      if (to_type == Element::boolean) for (std::int64_t i = 0; i < count; ++i) target[i * to_step] = static_cast<To>(load(i) != From{});
      else for (std::int64_t i = 0; i < count; ++i) target[i * to_step] = nearest<To>(load(i));
    });
  });
}

std::int64_t bytes_of(Element element) {
  return with_type(element, []<class T>(T) { return static_cast<std::int64_t>(sizeof(T)); });
}

std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) text += (axis > 0 ? ", " : "") + std::to_string(shape[axis]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

void require_within(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                    const std::vector<std::int64_t>& shape, const std::string& where) {
  bool within = lower.size() == shape.size() && extent.size() == shape.size();
  for (std::size_t axis = 0; within && axis < shape.size(); ++axis)
    within = lower[axis] >= 0 && extent[axis] >= 0 && extent[axis] <= shape[axis] && lower[axis] <= shape[axis] - extent[axis];
  if (!within)
    throw ShapeError("the box at " + shape_text(lower) + " of " + shape_text(extent) + " does not lie within " + where + " of " + shape_text(shape));
}

void require_rank(const std::vector<std::int64_t>& shape, int rank, const std::string& where) {
  const auto axes = [](std::size_t n) { return std::to_string(n) + (n == 1 ? " axis" : " axes"); };
  if (rank >= 0 && rank != static_cast<int>(shape.size()))
    throw InputError(where + " has " + axes(shape.size()) + ", " + shape_text(shape) + "; " + axes(static_cast<std::size_t>(rank)) + " expected");
}

void require_readable(const std::string& path) {
  const std::string what = "cannot open " + path;
  struct stat entry = {};
  if (::stat(path.c_str(), &entry) != 0)
    throw InputError(what + ": " + (errno == ENOENT || errno == ENOTDIR ? "no such file" : std::strerror(errno)));
  if (S_ISDIR(entry.st_mode)) throw InputError(what + ": it is a folder");
  if (::access(path.c_str(), R_OK) != 0) throw InputError(what + ": permission denied");
}

std::string beside(const std::string& path) {
  const std::filesystem::path whole(path);
  return (whole.parent_path() / ("." + whole.filename().string() + ".part")).string();
}

void create_beside(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw SystemError("cannot write " + path + ": it is a folder");
  const int file = ::open(beside(path).c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (file < 0) throw SystemError("cannot write " + path + ": " + (errno == ENOENT ? "no such folder" : std::strerror(errno)));
  ::close(file);
}

void rename_to(const std::string& path) {
  if (std::rename(beside(path).c_str(), path.c_str()) != 0) throw SystemError("cannot write " + path + ": " + std::strerror(errno));
}

}  // namespace priel::io::detail
