// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sums over neighbourhoods for all k at once: k runs along the vector, so that every load is contiguous.
#pragma once

#include "workspace.hpp"

namespace priel::detail::PRIEL_ISA {

// What a neighbour adds to the sum of a sample: its row of a table, that less the sample's own row (so that nothing is lost
// where all are nearly equal), or its reachability distance.
enum class Term { value, difference, reach };

// The term for one vector of columns, at `row` of the neighbour's and `own` of the sample's.
template <class T, Term term>
PRIEL_INLINE Vec<T> term_of(const T* row, const T* own, T distance) {
  if constexpr (term == Term::reach) return max_of<T>(at(row), all<T>(distance));
  else if constexpr (term == Term::difference) return at(row) - at(own);
  else return at(row);
}

// A neighbour whose first column lies in the vector First, and all that follow: columns before the first get nothing.
template <class T, Term term, int Vectors, int First>
PRIEL_INLINE void add_from(const Workspace<T>& w, const T* table, std::int64_t i, std::int64_t column, std::int64_t r, Vec<T>* sum) {
  const std::int32_t* neighbour = w.neighbour + w.begin[i];
  const T* distance = w.distance + w.begin[i];
  const std::int32_t* from = w.from_row[i];
  const std::int64_t length = w.length[i];
  const T* own = table + i * w.stride + column;
  for (; r < length && from[r] < column + (First + 1) * lanes<T>; ++r) {
    const T* row = table + neighbour[r] * w.stride + column;
    const BitVec<T> counts = iota<T>() >= static_cast<BitsOf<T>>(from[r] - column - First * lanes<T>);
    unrolled<Vectors - First>([&](auto v) __attribute__((always_inline)) {
      const Vec<T> value = term_of<T, term>(row + (First + v) * lanes<T>, own + (First + v) * lanes<T>, distance[r]);
      if constexpr (decltype(v)::value == 0) sum[First] += counts ? value : Vec<T>{};
      else sum[First + v] += value;
    });
  }
  if constexpr (First + 1 < Vectors) add_from<T, term, Vectors, First + 1>(w, table, i, column, r, sum);
}

// sum[v] = the sums over the neighbourhoods of sample i for the k of the columns column + v * lanes and on.
template <class T, Term term, int Vectors>
PRIEL_INLINE void sum_neighbours(const Workspace<T>& w, const T* table, std::int64_t i, std::int64_t column, Vec<T>* sum) {
  const std::int32_t* neighbour = w.neighbour + w.begin[i];
  const T* distance = w.distance + w.begin[i];
  const std::int32_t* from = w.from_row[i];
  const std::int64_t length = w.length[i];
  const T* own = table + i * w.stride + column;
  Vec<T> part[Vectors] = {};
  std::int64_t r = 0;
  for (; r < length && from[r] <= column; ++r) {
    const T* row = table + neighbour[r] * w.stride + column;
    unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
      part[v] += term_of<T, term>(row + v * lanes<T>, own + v * lanes<T>, distance[r]);
    });
  }
  add_from<T, term, Vectors, 0>(w, table, i, column, r, part);
  unrolled<Vectors>([&](auto v) __attribute__((always_inline)) { sum[v] = part[v]; });
}

template <class T, Term term, int Vectors, class Finish>
PRIEL_INLINE void sweep_columns(const Workspace<T>& w, const T* table, std::int64_t column, Finish finish) {
  for (std::int64_t i = 0; i < w.n; ++i) {
    Vec<T> sum[Vectors];
    sum_neighbours<T, term, Vectors>(w, table, i, column, sum);
    unrolled<Vectors>([&](auto v) __attribute__((always_inline)) { finish(i, column + v * lanes<T>, sum[v]); });
  }
}

// Calls finish(i, column, sums) for every sample and vector of columns.
template <class T, Term term, class Finish>
PRIEL_INLINE void sweep(const Workspace<T>& w, const T* table, Finish finish) {
  std::int64_t column = 0;
  for (; column + 3 * lanes<T> <= w.stride; column += 3 * lanes<T>) sweep_columns<T, term, 3>(w, table, column, finish);
  if (w.stride - column == 2 * lanes<T>) sweep_columns<T, term, 2>(w, table, column, finish);
  if (w.stride - column == lanes<T>) sweep_columns<T, term, 1>(w, table, column, finish);
}

}  // namespace priel::detail::PRIEL_ISA
