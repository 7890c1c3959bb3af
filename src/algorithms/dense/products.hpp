// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Matrix products: blocks of the operands that stay in the caches, times each other tile by tile; products with vectors by themselves.
#pragma once

#include "tile.hpp"

namespace priel::detail::PRIEL_ISA {

// What is packed: an operand that is read often enough, or whose rows a first-level cache would not keep.
inline constexpr std::int64_t unpacked_rows = 256, unpacked_columns = 256, unpacked_bytes = 48 << 10;

// A block of a times a block of b.
template <class T>
void multiply_blocks(std::int64_t m, std::int64_t n, std::int64_t k, const LeftRows<T>& a, const RightColumns<T>& b, T* c,
                     std::int64_t c_row, bool add) {
  for (std::int64_t j = 0; j < n; j += tile_columns<T>) {
    const std::int64_t columns = least(tile_columns<T>, n - j), vectors = (columns + lanes<T> - 1) / lanes<T>;
    const bool here = j < b.in_place;
    const T* right = here ? b.data + j : b.packed + (j - b.in_place) * k;
    const std::int64_t row = here ? b.row : tile_columns<T>;
    const T* last = here && columns < tile_columns<T> ? b.last_row : right + (k - 1) * row;
    for (std::int64_t i = 0; i < m; i += tile_rows) {
      const std::int64_t rows = least(tile_rows, m - i);
      T* to = c + i * c_row + j;
      if (vectors == 1) tile<T, 1>(k, a, i, right, row, last, to, c_row, rows, columns, add);
      else if (vectors == 2) tile<T, 2>(k, a, i, right, row, last, to, c_row, rows, columns, add);
      else if (tile_vectors == 4 && vectors == 3) tile<T, tile_vectors == 4 ? 3 : 1>(k, a, i, right, row, last, to, c_row, rows, columns, add);
      else tile<T, tile_vectors>(k, a, i, right, row, last, to, c_row, rows, columns, add);
    }
  }
}

// Rows of a times a column of b whose elements are neighbours, in lanes that are added up at the end: the same sums, however many rows
// at a time. Several have more of the memory under way at once.
inline constexpr int inner_rows = 4;
template <class T>
inline constexpr std::int64_t ahead = 1024 / static_cast<std::int64_t>(sizeof(T));
template <class T, int Rows>
void inner(std::int64_t k, const T* a, std::int64_t a_row, const T* b, T* c, std::int64_t c_row, bool add) {
  constexpr int chains = 4;
  Vec<T> sum[Rows][chains] = {};
  std::int64_t l = 0;
  for (; l + chains * lanes<T> <= k; l += chains * lanes<T>)
    unrolled<chains>([&](auto v) PRIEL_INLINED {
      const Vec<T> right = load(b + l + v * lanes<T>);
      unrolled<Rows>([&](auto r) PRIEL_INLINED {
        __builtin_prefetch(a + r * a_row + l + v * lanes<T> + ahead<T>);
        sum[r][v] += load(a + r * a_row + l + v * lanes<T>) * right;
      });
    });
  unrolled<Rows>([&](auto r) PRIEL_INLINED {
    const Vec<T> all_sums = (sum[r][0] + sum[r][1]) + (sum[r][2] + sum[r][3]);
    T total = 0;
    for (int lane = 0; lane < lanes<T>; ++lane) total += all_sums[lane];
    for (std::int64_t rest = l; rest < k; ++rest) total += a[r * a_row + rest] * b[rest];
    T& to = c[r * c_row];
    to = add ? to + total : total;
  });
}

template <class T>
T inner(std::int64_t k, const T* a, const T* b) {
  T result;
  inner<T, 1>(k, a, 0, b, &result, 0, false);
  return result;
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
void compute(const ProductTask<T>& task, T* scratch) {
  const auto& [m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, add] = task;
  if (k == 0) {
    for (std::int64_t i = 0; i < m && !add; ++i)
      for (std::int64_t j = 0; j < n; ++j) c[i * c_row + j] = 0;
    return;
  }
  if (n == 1 && a_column == 1 && (b_row == 1 || k == 1)) {
    std::int64_t i = 0;
    for (; i + inner_rows <= m; i += inner_rows) inner<T, inner_rows>(k, a + i * a_row, a_row, b, c + i * c_row, c_row, add);
    for (; i < m; ++i) inner<T, 1>(k, a + i * a_row, a_row, b, c + i * c_row, c_row, add);
    return;
  }
  if (m == 1 && a_column == 1 && b_column == 1) {
    for (std::int64_t l = 0; l < k; l += depth) multiply_row(n, least(depth, k - l), a + l, b + l * b_row, b_row, c, add || l > 0);
    return;
  }
  const bool reads_b = b_column == 1 && (m <= 4 * tile_rows || k * b_row * static_cast<std::int64_t>(sizeof(T)) <= unpacked_bytes);
  T *packed_a = scratch, *packed_b = scratch + round_up(height * least(depth, k), 64);
  for (std::int64_t j = 0; j < n; j += breadth) {
    const std::int64_t columns = least(breadth, n - j);
    for (std::int64_t l = 0; l < k; l += depth) {
      const std::int64_t terms = least(depth, k - l);
      const T* right = b + l * b_row + j * b_column;
      const bool reads_all = reads_b && m <= unpacked_rows && b_row >= lanes<T>;   // what lies behind an end is the next row's
      const std::int64_t in_place = reads_all ? columns : reads_b ? columns / tile_columns<T> * tile_columns<T> : 0;
      pack_panels<T, tile_columns<T>, lanes<T>>(right + in_place * b_column, b_column, b_row, columns - in_place, terms, packed_b);
      alignas(PRIEL_VECTOR_BYTES) T last_row[tile_columns<T>] = {};
      const std::int64_t rest = reads_all ? columns % tile_columns<T> : 0;
      for (std::int64_t e = 0; e < rest; ++e) last_row[e] = right[(terms - 1) * b_row + columns - rest + e];
      for (std::int64_t i = 0; i < m; i += height) {
        const std::int64_t rows = least(height, m - i);
        const T* left = a + i * a_row + l * a_column;
        const bool packed = a_column != 1 || columns > unpacked_columns;
        if (packed) pack_panels<T, tile_rows>(left, a_row, a_column, rows, terms, packed_a);
        multiply_blocks<T>(rows, columns, terms, {packed ? packed_a : left, a_row, packed}, {right, b_row, in_place, packed_b, last_row},
                           c + i * c_row + j, c_row, add || l > 0);
      }
    }
  }
}

}  // namespace priel::detail::PRIEL_ISA
