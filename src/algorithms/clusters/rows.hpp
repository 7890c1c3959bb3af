// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A few rows of x at a time, less the origin, in scratch memory: their squares and their distances from centroids.
#pragma once

#include "workspace.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T, int Distance = lanes<T> / 2>
PRIEL_INLINE T total_of(Vec<T> a) {
  if constexpr (Distance == 0) return a[0];
  else return total_of<T, Distance / 2>(a + rotated<T, Distance>(a, AllLanes<T>{}));
}

// f(first element, which sum) for all vectors of a row: sums in turn, so that none waits for the one before.
inline constexpr int sums_in_turn = 4;
template <class T, class F>
PRIEL_INLINE void by_vectors(std::int64_t length, F f) {
  std::int64_t at = 0;
  for (; at + sums_in_turn * lanes<T> <= length; at += sums_in_turn * lanes<T>)
    unrolled<sums_in_turn>([&](auto v) PRIEL_INLINED { f(at + v * lanes<T>, v); });
  unrolled<sums_in_turn - 1>([&](auto v) PRIEL_INLINED {
    if (at + v * lanes<T> < length) f(at + v * lanes<T>, v);
  });
}
template <class T>
PRIEL_INLINE T total_of_all(const Vec<T>* sums) { return total_of<T>((sums[0] + sums[1]) + (sums[2] + sums[3])); }

// Rows from i on, less the origin, into c.x; returns the sum of their squares. Length: c.length, a constant where it is small.
template <class T, class Length>
PRIEL_INLINE T pack_rows(const Clusters<T>& c, std::int64_t i, int rows, Length length) {
  const std::int64_t d = c.task.d, last = length - lanes<T>;
  const T *const origin = c.origin, *row = c.task.x + i * d, *const end = c.task.x + c.task.n * d;
  const BitVec<T> inside = iota<T>() < static_cast<BitsOf<T>>(d - last);
  T* to = c.x;
  Vec<T> squares[sums_in_turn] = {};
  for (int r = 0; r < rows; ++r, row += d, to += length) {
    by_vectors<T>(last, [&](std::int64_t f, auto v) PRIEL_INLINED {
      const Vec<T> value = load(row + f) - at(origin + f);
      squares[v] += value * value;
      at(to + f) = value;
    });
    Vec<T> rest{};
    if (end - (row + last) >= lanes<T>) rest = load(row + last);
    else for (std::int64_t f = last; f < d; ++f) rest[f - last] = row[f];
    const Vec<T> value = reinterpret_cast<Vec<T>>(reinterpret_cast<BitVec<T>>(rest) & inside) - at(origin + last);
    squares[sums_in_turn - 1] += value * value;
    at(to + last) = value;
  }
  return total_of_all<T>(squares);
}

template <class T>
T squared_distance(const Clusters<T>& c, std::int64_t r, std::int64_t j) {
  const T *row = c.x + r * c.length, *centroid = c.centroids + j * c.length;
  Vec<T> sums[sums_in_turn] = {};
  by_vectors<T>(c.length, [&](std::int64_t f, auto v) PRIEL_INLINED {
    const Vec<T> difference = at(row + f) - at(centroid + f);
    sums[v] += difference * difference;
  });
  return total_of_all<T>(sums);
}

template <class T>
T squared_norm(const Clusters<T>& c, std::int64_t r) {
  T sum = 0;
  for (std::int64_t f = 0; f < c.length; ++f) sum += c.x[r * c.length + f] * c.x[r * c.length + f];
  return sum;
}

}  // namespace priel::detail::PRIEL_ISA
