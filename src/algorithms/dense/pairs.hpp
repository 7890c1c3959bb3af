// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Distances of all pairs of two sets of samples: differences added feature by feature, so that d(x, y) = d(y, x) bit for bit and d(x, x) = 0.
#pragma once

#include "tile.hpp"

#if PRIEL_VECTOR_BYTES == 64 || defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

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
    return ((sum >= size) | (sum != sum)) ? sum : size;
  } else return sum + difference * difference;
}

// A result of so many bytes is written past the cache, where its rows are aligned to vectors.
inline constexpr std::int64_t streamed_bytes = std::int64_t{32} << 20;

template <class T>
PRIEL_INLINE void store_past_cache(T* to, Vec<T> value) {
#if PRIEL_VECTOR_BYTES == 64
  _mm512_stream_si512(reinterpret_cast<__m512i*>(to), reinterpret_cast<__m512i>(value));
#elif PRIEL_VECTOR_BYTES == 32
  _mm256_stream_si256(reinterpret_cast<__m256i*>(to), reinterpret_cast<__m256i>(value));
#elif defined(__SSE2__)
  _mm_stream_si128(reinterpret_cast<__m128i*>(to), reinterpret_cast<__m128i>(value));
#else
  at(to) = value;
#endif
}

// What is written past the cache is seen by other threads once this was called.
inline void finish_past_cache() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

// A register block of sums: pair_rows samples, of which `rows` exist (rows of x, d apart), to the pair_columns samples of a panel.
template <class T, int M>
struct PairBlock {
  PRIEL_INLINE PairBlock(std::int64_t d, const T* x, std::int64_t rows, const T* panel) {
    const T* row[pair_rows];
    unrolled<pair_rows>([&](auto r) PRIEL_INLINED { row[r] = x + (r < rows ? std::int64_t{r} : 0) * d; });
    unrolled<pair_rows>([&](auto r) PRIEL_INLINED { unrolled<pair_vectors>([&](auto v) PRIEL_INLINED { sum[r][v] = Vec<T>{}; }); });
    for (std::int64_t f = 0; f < d; ++f, panel += pair_columns<T>) {
      Vec<T> other[pair_vectors];
      unrolled<pair_vectors>([&](auto v) PRIEL_INLINED { other[v] = at(panel + v * lanes<T>); });
      unrolled<pair_rows>([&](auto r) PRIEL_INLINED {
        const T value = row[r][f];
        unrolled<pair_vectors>([&](auto v) PRIEL_INLINED { sum[r][v] = added<T, M>(sum[r][v], other[v] - value); });
      });
    }
  }
  Vec<T> sum[pair_rows][pair_vectors];
};

// f(Constant<M>{}) for a metric of which no root is taken.
template <class F>
PRIEL_INLINE void with_measure(int metric, F f) {
  if (metric == manhattan) f(Constant<manhattan>{});
  else if (metric == chebyshev) f(Constant<chebyshev>{});
  else f(Constant<squared>{});
}

// `rows` samples to the `columns` samples of a panel.
template <class T, int M, bool PastCache>
PRIEL_INLINE void pair_tile(std::int64_t d, const T* x, const T* panel, std::int64_t rows, std::int64_t columns, T* out,
                            std::int64_t out_row) {
  const PairBlock<T, M> block(d, x, rows, panel);
  unrolled<pair_rows>([&](auto r) PRIEL_INLINED {
    if (r >= rows) return;
    unrolled<pair_vectors>([&](auto v) PRIEL_INLINED {
      const std::int64_t count = columns - v * lanes<T>;
      const Vec<T> value = M == euclidean ? square_root_of<T>(block.sum[r][v]) : block.sum[r][v];
      T* const to = out + r * out_row + v * lanes<T>;
      if (count < lanes<T>) store_part<T>(to, value, count > 0 ? count : 0, false);
      else if (PastCache) store_past_cache<T>(to, value);
      else store<T>(to, value);
    });
  });
}

// Samples of y that are packed at a time: half a second-level cache, and long runs of each row of the result.
template <class T>
std::int64_t pair_block(const DistanceTask<T>& task) {
  constexpr std::int64_t bytes = 256 << 10;
  const std::int64_t most = bytes / static_cast<std::int64_t>(sizeof(T)) / (task.d > 0 ? task.d : 1);
  return round_up(least(most > 0 ? most : 1, task.m), pair_columns<T>);
}

template <class T>
std::int64_t scratch_for(const DistanceTask<T>& task) { return pair_block(task) * task.d; }

template <class T, int M, bool PastCache>
void distances(const DistanceTask<T>& task, T* scratch) {
  const auto& [n, m, d, x, y, out, out_row, metric] = task;
  const std::int64_t block = pair_block(task);
  for (std::int64_t first = 0; first < m; first += block) {
    const std::int64_t samples = least(block, m - first);
    pack_panels<T, pair_columns<T>>(y + first * d, d, 1, samples, d, scratch);
    for (std::int64_t i = 0; i < n; i += pair_rows)
      for (std::int64_t j = 0; j < samples; j += pair_columns<T>)
        pair_tile<T, M, PastCache>(d, x + i * d, scratch + j * d, least(pair_rows, n - i), least(pair_columns<T>, samples - j),
                                   out + i * out_row + first + j, out_row);
  }
  if (PastCache) finish_past_cache();
}

template <class T, int M>
void distances(const DistanceTask<T>& task, T* scratch) {
  constexpr std::int64_t bytes = sizeof(T);
  const auto start = reinterpret_cast<std::uintptr_t>(task.out);
  const bool aligned = start % PRIEL_VECTOR_BYTES == 0 && task.out_row * bytes % PRIEL_VECTOR_BYTES == 0;
  if (aligned && task.n * task.m * bytes >= streamed_bytes) distances<T, M, true>(task, scratch);
  else distances<T, M, false>(task, scratch);
}

template <class T>
void compute(const DistanceTask<T>& task, T* scratch) {
  if (task.metric == euclidean) distances<T, euclidean>(task, scratch);
  else with_measure(task.metric, [&](auto metric) { distances<T, decltype(metric)::value>(task, scratch); });
}

}  // namespace priel::detail::PRIEL_ISA
