// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Distances of all pairs of two sets of samples: differences added feature by feature, so that d(x, y) = d(y, x) bit for bit and d(x, x) = 0.
#pragma once

#include "products.hpp"

namespace priel::detail::PRIEL_ISA {

inline constexpr int pair_rows = 4;
#if PRIEL_VECTOR_BYTES == 64
inline constexpr int pair_vectors = 4;
#else
inline constexpr int pair_vectors = 2;
#endif
template <class T>
inline constexpr std::int64_t pair_columns = pair_vectors * lanes<T>;

enum Metric { squared, euclidean, manhattan, chebyshev };

template <class T>
PRIEL_INLINE Vec<T> magnitude(Vec<T> a) {
  constexpr BitsOf<T> sign = BitsOf<T>{1} << (8 * sizeof(T) - 1);
  return reinterpret_cast<Vec<T>>(reinterpret_cast<BitVec<T>>(a) & ~sign);
}

// One more feature.
template <class T, int M>
PRIEL_INLINE Vec<T> added(Vec<T> sum, Vec<T> difference) {
  if constexpr (M == manhattan) return sum + magnitude<T>(difference);
  else if constexpr (M == chebyshev) {   // NaN stays
    const Vec<T> size = magnitude<T>(difference);
    return (sum >= size) | (sum != sum) ? sum : size;
  } else return sum + difference * difference;
}

// `rows` samples (rows of x, d apart) to the `columns` samples of a panel.
template <class T, int M>
PRIEL_INLINE void pair_tile(std::int64_t d, const T* x, const T* panel, std::int64_t rows, std::int64_t columns, T* out, std::int64_t out_row) {
  const T* row[pair_rows];
  unrolled<pair_rows>([&](auto r) { row[r] = x + (r < rows ? std::int64_t{r} : 0) * d; });
  Vec<T> sum[pair_rows][pair_vectors] = {};
  for (std::int64_t f = 0; f < d; ++f, panel += pair_columns<T>) {
    Vec<T> other[pair_vectors];
    unrolled<pair_vectors>([&](auto v) { other[v] = at(panel + v * lanes<T>); });
    unrolled<pair_rows>([&](auto r) {
      const T value = row[r][f];
      unrolled<pair_vectors>([&](auto v) { sum[r][v] = added<T, M>(sum[r][v], other[v] - value); });
    });
  }
  if constexpr (M == euclidean)
    unrolled<pair_rows>([&](auto r) { unrolled<pair_vectors>([&](auto v) { sum[r][v] = square_root_of<T>(sum[r][v]); }); });
  if (rows == pair_rows && columns == pair_columns<T>) {
    unrolled<pair_rows>([&](auto r) { unrolled<pair_vectors>([&](auto v) { store<T>(out + r * out_row + v * lanes<T>, sum[r][v]); }); });
  } else {
    alignas(PRIEL_VECTOR_BYTES) T whole[pair_rows * pair_columns<T>];
    unrolled<pair_rows>([&](auto r) { unrolled<pair_vectors>([&](auto v) { at(whole + r * pair_columns<T> + v * lanes<T>) = sum[r][v]; }); });
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t j = 0; j < columns; ++j) out[r * out_row + j] = whole[r * pair_columns<T> + j];
  }
}

// Samples of y that are packed at a time: half a second-level cache, and long runs of each row of the result.
template <class T>
std::int64_t pair_block(const DistanceTask<T>& task) {
  constexpr std::int64_t bytes = 256 << 10;
  const std::int64_t most = bytes / static_cast<std::int64_t>(sizeof(T)) / (task.d > 0 ? task.d : 1);
  return round_up(least(most, task.m), pair_columns<T>);
}

template <class T, int M>
void distances(const DistanceTask<T>& task, T* scratch) {
  const auto& [n, m, d, x, y, out, out_row, metric] = task;
  const std::int64_t block = pair_block(task);
  for (std::int64_t first = 0; first < m; first += block) {
    const std::int64_t samples = least(block, m - first);
    pack_panels<T, pair_columns<T>>(y + first * d, d, 1, samples, d, scratch);
    for (std::int64_t i = 0; i < n; i += pair_rows)
      for (std::int64_t j = 0; j < samples; j += pair_columns<T>)
        pair_tile<T, M>(d, x + i * d, scratch + j * d, least(pair_rows, n - i), least(pair_columns<T>, samples - j),
                        out + i * out_row + first + j, out_row);
  }
}

template <class T>
void distances(const DistanceTask<T>& task, T* scratch) {
  switch (task.metric) {
    case squared: return distances<T, squared>(task, scratch);
    case euclidean: return distances<T, euclidean>(task, scratch);
    case manhattan: return distances<T, manhattan>(task, scratch);
    default: return distances<T, chebyshev>(task, scratch);
  }
}

}  // namespace priel::detail::PRIEL_ISA
