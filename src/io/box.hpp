// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the readers and writers of all formats share: element types, boxes and their checks, names of files being written.
#pragma once

#include <priel/io/file.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace priel::io::detail {

std::int64_t bytes_of(Element element);  // in memory

// f(T{}) with the C++ type of the elements; bool as a byte.
template <class F>
decltype(auto) with_type(Element element, F&& f) {
  switch (element) {
    case Element::boolean: case Element::uint8: return f(std::uint8_t{});
    case Element::int8: return f(std::int8_t{});
    case Element::int16: return f(std::int16_t{});
    case Element::uint16: return f(std::uint16_t{});
    case Element::int32: return f(std::int32_t{});
    case Element::uint32: return f(std::uint32_t{});
    case Element::int64: return f(std::int64_t{});
    case Element::uint64: return f(std::uint64_t{});
    case Element::float32: return f(float{});
    case Element::float64: break;
  }
  return f(double{});
}

// `count` numbers, `from_step` elements apart, as others `to_step` elements apart. As HDF5 converts: numbers that do not fit become the nearest
// that does, NaN becomes 0 as an integer, bool is whether the number is not zero.
void convert(Element from_type, const void* from, std::int64_t from_step, Element to_type, void* to, std::int64_t to_step, std::int64_t count);

// "(22, 100, 100)"
std::string shape_text(std::span<const std::int64_t> shape);

// Throws ShapeError unless [lower, lower + extent) lies within `shape`.
void require_within(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                    const std::vector<std::int64_t>& shape, const std::string& where);

// Throws InputError unless the array has this many axes (any if -1).
void require_rank(const std::vector<std::int64_t>& shape, int rank, const std::string& where);

// Throws InputError "cannot open PATH: ..." unless it is a file that can be read.
void require_readable(const std::string& path);

// "folder/.name.part": in the same folder, so that the file can be renamed.
std::string beside(const std::string& path);

// A new empty file beside `path`; SystemError "cannot write PATH: ..." if there can be none.
void create_beside(const std::string& path);

// Renames it to `path`.
void rename_to(const std::string& path);

}  // namespace priel::io::detail
