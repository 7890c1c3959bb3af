// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Matrix products from packed panels and register tiles (Goto and van de Geijn, Anatomy of high-performance matrix multiplication, 2008).
#pragma once

#include "task.hpp"
#include "../vectors.hpp"

namespace priel::detail::PRIEL_ISA {

// A vector at any address.
template <class T>
struct LooseVectorOf {
  typedef T type __attribute__((vector_size(PRIEL_VECTOR_BYTES), __aligned__(sizeof(T)), __may_alias__));
};
template <class T>
PRIEL_INLINE Vec<T> load(const T* p) { return *reinterpret_cast<const typename LooseVectorOf<T>::type*>(p); }
template <class T>
PRIEL_INLINE void store(T* p, Vec<T> value) { *reinterpret_cast<typename LooseVectorOf<T>::type*>(p) = value; }

// The tile of c that stays in registers, and the blocks of the operands that stay in the caches. An element of c is a sum over k in
// its order, `depth` terms at a time, wherever the element lies: results do not depend on how a and b are cut into rows and columns.
#if PRIEL_VECTOR_BYTES == 64
inline constexpr int tile_rows = 6, tile_vectors = 4;
#elif PRIEL_VECTOR_BYTES == 32
inline constexpr int tile_rows = 6, tile_vectors = 2;
#else
inline constexpr int tile_rows = 4, tile_vectors = 2;
#endif
template <class T>
inline constexpr std::int64_t tile_columns = tile_vectors * lanes<T>;
inline constexpr std::int64_t depth = 320;
inline constexpr std::int64_t height = 192;    // rows of a packed block of a: a multiple of tile_rows
inline constexpr std::int64_t breadth = 2048;  // columns of a packed block of b

inline std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// `lines` lines of `length` elements into panels of `width` lines side by side, the last one filled up with zeros.
template <class T, int Width>
void pack_panels(const T* from, std::int64_t line, std::int64_t element, std::int64_t lines, std::int64_t length, T* to) {
  for (std::int64_t first = 0; first < lines; first += Width, to += Width * length) {
    const std::int64_t here = least(Width, lines - first);
    const T* source = from + first * line;
    if (here == Width && line == 1) {
      for (std::int64_t e = 0; e < length; ++e)
        for (int l = 0; l < Width; ++l) to[e * Width + l] = source[e * element + l];
    } else {
      for (std::int64_t l = 0; l < here; ++l)
        for (std::int64_t e = 0; e < length; ++e) to[e * Width + l] = source[l * line + e * element];
      for (std::int64_t l = here; l < Width; ++l)
        for (std::int64_t e = 0; e < length; ++e) to[e * Width + l] = 0;
    }
  }
}

// One tile of c: `rows` x `columns` of it exist, at most tile_rows x Vectors * lanes.
template <class T, int Vectors>
PRIEL_INLINE void tile(std::int64_t k, const T* a, const T* b, T* c, std::int64_t c_row, std::int64_t rows, std::int64_t columns, bool add) {
  Vec<T> sum[tile_rows][Vectors] = {};
  for (std::int64_t l = 0; l < k; ++l, a += tile_rows, b += tile_columns<T>) {
    Vec<T> right[Vectors];
    unrolled<Vectors>([&](auto v) { right[v] = at(b + v * lanes<T>); });
    unrolled<tile_rows>([&](auto r) { unrolled<Vectors>([&](auto v) { sum[r][v] += a[r] * right[v]; }); });
  }
  if (rows == tile_rows && columns == Vectors * lanes<T>) {
    unrolled<tile_rows>([&](auto r) {
      unrolled<Vectors>([&](auto v) {
        T* to = c + r * c_row + v * lanes<T>;
        store<T>(to, add ? load(to) + sum[r][v] : sum[r][v]);
      });
    });
  } else {
    alignas(PRIEL_VECTOR_BYTES) T whole[tile_rows * tile_columns<T>];
    unrolled<tile_rows>([&](auto r) { unrolled<Vectors>([&](auto v) { at(whole + r * tile_columns<T> + v * lanes<T>) = sum[r][v]; }); });
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t j = 0; j < columns; ++j) {
        const T value = whole[r * tile_columns<T> + j];
        c[r * c_row + j] = add ? c[r * c_row + j] + value : value;
      }
  }
}

// A packed block of a times a packed block of b.
template <class T>
void multiply_blocks(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, const T* b, T* c, std::int64_t c_row, bool add) {
  for (std::int64_t j = 0; j < n; j += tile_columns<T>) {
    const std::int64_t columns = least(tile_columns<T>, n - j), vectors = (columns + lanes<T> - 1) / lanes<T>;
    for (std::int64_t i = 0; i < m; i += tile_rows) {
      const std::int64_t rows = least(tile_rows, m - i);
      const T *left = a + i * k, *right = b + j * k;
      T* to = c + i * c_row + j;
      if (vectors == 1) tile<T, 1>(k, left, right, to, c_row, rows, columns, add);
      else if (vectors == 2) tile<T, 2>(k, left, right, to, c_row, rows, columns, add);
      else if (tile_vectors == 4 && vectors == 3) tile<T, tile_vectors == 4 ? 3 : 1>(k, left, right, to, c_row, rows, columns, add);
      else tile<T, tile_vectors>(k, left, right, to, c_row, rows, columns, add);
    }
  }
}

// A row of a times a column of b whose elements are neighbours, in lanes that are added up at the end.
template <class T>
T inner(std::int64_t k, const T* a, const T* b) {
  constexpr int chains = 4;
  Vec<T> sum[chains] = {};
  std::int64_t l = 0;
  for (; l + chains * lanes<T> <= k; l += chains * lanes<T>)
    unrolled<chains>([&](auto v) { sum[v] += load(a + l + v * lanes<T>) * load(b + l + v * lanes<T>); });
  Vec<T> all_sums = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  T total = 0;
  for (int lane = 0; lane < lanes<T>; ++lane) total += all_sums[lane];
  for (; l < k; ++l) total += a[l] * b[l];
  return total;
}

// One row of a times b, whose rows are contiguous: the sums of `tile`, without packing.
template <class T>
void multiply_row(std::int64_t n, std::int64_t k, const T* a, const T* b, std::int64_t b_row, T* c, bool add) {
  constexpr int wide = 2 * tile_vectors;
  std::int64_t j = 0;
  for (; j + wide * lanes<T> <= n; j += wide * lanes<T>) {
    Vec<T> sum[wide] = {};
    for (std::int64_t l = 0; l < k; ++l) unrolled<wide>([&](auto v) { sum[v] += a[l] * load(b + l * b_row + j + v * lanes<T>); });
    unrolled<wide>([&](auto v) {
      T* to = c + j + v * lanes<T>;
      store<T>(to, add ? load(to) + sum[v] : sum[v]);
    });
  }
  if (j == n) return;
  alignas(PRIEL_VECTOR_BYTES) T rest[wide * lanes<T>] = {};
  for (std::int64_t l = 0; l < k; ++l)
    for (std::int64_t i = j; i < n; ++i) rest[i - j] += a[l] * b[l * b_row + i];
  for (std::int64_t i = j; i < n; ++i) c[i] = add ? c[i] + rest[i - j] : rest[i - j];
}

template <class T>
std::int64_t scratch_for(const ProductTask<T>& task) {
  const std::int64_t k = least(depth, task.k);
  return round_up(height * k, 64) + round_up(least(breadth, task.n), tile_columns<T>) * k;
}

template <class T>
void multiply(const ProductTask<T>& task, T* scratch) {
  const auto& [m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, add] = task;
  if (k == 0) {
    for (std::int64_t i = 0; i < m && !add; ++i)
      for (std::int64_t j = 0; j < n; ++j) c[i * c_row + j] = 0;
    return;
  }
  if (n == 1 && a_column == 1 && (b_row == 1 || k == 1)) {
    for (std::int64_t i = 0; i < m; ++i) {
      const T value = inner(k, a + i * a_row, b);
      c[i * c_row] = add ? c[i * c_row] + value : value;
    }
    return;
  }
  if (m == 1 && a_column == 1 && b_column == 1) {
    for (std::int64_t l = 0; l < k; l += depth) multiply_row(n, least(depth, k - l), a + l, b + l * b_row, b_row, c, add || l > 0);
    return;
  }
  T *packed_a = scratch, *packed_b = scratch + round_up(height * least(depth, k), 64);
  for (std::int64_t j = 0; j < n; j += breadth) {
    const std::int64_t columns = least(breadth, n - j);
    for (std::int64_t l = 0; l < k; l += depth) {
      const std::int64_t terms = least(depth, k - l);
      pack_panels<T, tile_columns<T>>(b + l * b_row + j * b_column, b_column, b_row, columns, terms, packed_b);
      for (std::int64_t i = 0; i < m; i += height) {
        const std::int64_t rows = least(height, m - i);
        pack_panels<T, tile_rows>(a + i * a_row + l * a_column, a_row, a_column, rows, terms, packed_a);
        multiply_blocks(rows, columns, terms, packed_a, packed_b, c + i * c_row + j, c_row, add || l > 0);
      }
    }
  }
}

}  // namespace priel::detail::PRIEL_ISA
