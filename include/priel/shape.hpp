// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Extents, indices and boxes of global indices; the canonical block map. Knows no policy and no MPI.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#if defined(__CUDACC__)
#define PRIEL_DEVICE __host__ __device__
#else
#define PRIEL_DEVICE
#endif

namespace priel {

using Size = std::int64_t;

namespace detail {
std::string text_of_extents(const Size* extents, int rank);
}

// One value per axis. A plain aggregate (not std::array), because device functors carry it.
template <int Rank>
struct Index {
  static constexpr int rank = Rank;
  Size value[Rank == 0 ? 1 : Rank] = {};

  PRIEL_DEVICE constexpr Size& operator[](int axis) { return value[axis]; }
  PRIEL_DEVICE constexpr const Size& operator[](int axis) const { return value[axis]; }
  PRIEL_DEVICE constexpr Size* begin() { return value; }
  PRIEL_DEVICE constexpr Size* end() { return value + Rank; }
  PRIEL_DEVICE constexpr const Size* begin() const { return value; }
  PRIEL_DEVICE constexpr const Size* end() const { return value + Rank; }

  friend PRIEL_DEVICE constexpr bool operator==(const Index& a, const Index& b) {
    for (int axis = 0; axis < Rank; ++axis)
      if (a.value[axis] != b.value[axis]) return false;
    return true;
  }
};

// Global extents of an array or expression: `x.shape()`. Supports structured bindings: auto [T, H, W] = x.shape().
template <int Rank>
struct Shape : Index<Rank> {
  constexpr Shape() = default;
  template <class... Extents>
    requires(Rank > 0 && sizeof...(Extents) == Rank && (std::is_convertible_v<Extents, Size> && ...))
  PRIEL_DEVICE constexpr Shape(Extents... extents) : Index<Rank>{{static_cast<Size>(extents)...}} {}
  PRIEL_DEVICE constexpr explicit Shape(const Index<Rank>& index) : Index<Rank>(index) {}

  // The number of elements.
  PRIEL_DEVICE constexpr Size size() const {
    Size product = 1;
    for (int axis = 0; axis < Rank; ++axis) product *= this->value[axis];
    return product;
  }
};

template <int Axis, int Rank>
constexpr Size get(const Shape<Rank>& shape) { return shape[Axis]; }

// The braces of a creator's call, full<float>({n, m}, 1), as a shape.
template <int Rank>
constexpr Shape<Rank> shape_from(const Size (&extents)[Rank]) {
  Shape<Rank> shape;
  for (int axis = 0; axis < Rank; ++axis) shape[axis] = extents[axis];
  return shape;
}

// The extents of one rank's shard: `x.lshape()`. A type of its own, so that it is not taken for the global shape.
template <int Rank>
struct LocalShape : Shape<Rank> {
  using Shape<Rank>::Shape;
};

// A rectangular region of global indices: [lower, lower + extent) on each axis.
template <int Rank>
struct Box {
  Index<Rank> lower;
  Shape<Rank> extent;

  PRIEL_DEVICE constexpr Size size() const { return extent.size(); }
  friend constexpr bool operator==(const Box& a, const Box& b) { return a.lower == b.lower && a.extent == b.extent; }
};

template <int Rank>
constexpr Box<Rank> whole(const Shape<Rank>& shape) { return {{}, shape}; }

// The common part; an axis without one has extent 0.
template <int Rank>
constexpr Box<Rank> intersect(const Box<Rank>& a, const Box<Rank>& b) {
  Box<Rank> result;
  for (int axis = 0; axis < Rank; ++axis) {
    const Size low = a.lower[axis] > b.lower[axis] ? a.lower[axis] : b.lower[axis];
    const Size a_end = a.lower[axis] + a.extent[axis], b_end = b.lower[axis] + b.extent[axis];
    const Size end = a_end < b_end ? a_end : b_end;
    result.lower[axis] = low;
    result.extent[axis] = end > low ? end - low : 0;
  }
  return result;
}

// A contiguous block of one axis.
struct Block {
  Size lower = 0;
  Size extent = 0;
  friend constexpr bool operator==(const Block&, const Block&) = default;
};

// The canonical block map: `n` indices over `parts`; sizes differ by at most one, the larger ones first, empty only if n < parts.
constexpr Block block_of(Size n, int parts, int part) {
  const Size base = n / parts, more = n % parts;
  return {part * base + (part < more ? part : more), base + (part < more ? 1 : 0)};
}

// The part that holds index i of n: the inverse of block_of.
constexpr int owner_of(Size n, int parts, Size i) {
  const Size base = n / parts, more = n % parts, split = more * (base + 1);
  return static_cast<int>(i < split ? i / (base + 1) : more + (i - split) / (base > 0 ? base : 1));
}

// "(22, 100, 100)", as NumPy prints a shape.
template <int Rank>
std::string to_string(const Index<Rank>& index) { return detail::text_of_extents(index.begin(), Rank); }

}  // namespace priel

template <int Rank>
struct std::tuple_size<priel::Shape<Rank>> : std::integral_constant<std::size_t, Rank> {};
template <std::size_t Axis, int Rank>
struct std::tuple_element<Axis, priel::Shape<Rank>> { using type = priel::Size; };
