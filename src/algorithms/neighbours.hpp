// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The sorted neighbours of every sample up to the largest k, those at the k-th distance included, and the tables over k
// that follow from one sample's list: k-distance or standard distance, and the size of the neighbourhood.
#pragma once

#include "selection.hpp"

namespace priel::detail::PRIEL_ISA {

// Shell's sort of (value, index); nothing moves where it is sorted already, as in long ties.
template <class T>
void sort_pairs(T* value, std::int32_t* index, std::int64_t count) {
  int unsorted = 0;
  for (std::int64_t r = 1; r < count; ++r) unsorted |= value[r] < value[r - 1];
  if (!unsorted) return;
  std::int64_t gap = 1;
  while (gap < count / 9) gap = 3 * gap + 1;
  for (; gap > 0; gap /= 3)
    for (std::int64_t r = gap; r < count; ++r) {
      const T v = value[r];
      const std::int32_t i = index[r];
      std::int64_t to = r;
      for (; to >= gap && value[to - gap] > v; to -= gap) {
        value[to] = value[to - gap];
        index[to] = index[to - gap];
      }
      value[to] = v;
      index[to] = i;
    }
}

// Appends the lanes of `value` that are taken to lists, with their indices `first`, first + 1, ...; returns the new length. Writes a
// whole vector.
template <class T>
PRIEL_INLINE std::int64_t append_taken(Vec<T> value, BitVec<T> taken, std::int64_t first, T* values, std::int32_t* indices,
                                       std::int64_t length) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == sizeof(float)) {
    const __mmask16 mask = _mm512_movepi32_mask(reinterpret_cast<__m512i>(taken));
    const BitVec<T> index = iota<T>() + static_cast<BitsOf<T>>(first);
    _mm512_storeu_ps(values + length, _mm512_maskz_compress_ps(mask, value));
    _mm512_storeu_si512(indices + length, _mm512_maskz_compress_epi32(mask, reinterpret_cast<__m512i>(index)));
    return length + __builtin_popcount(mask);
  }
#endif
  for (int lane = 0; lane < lanes<T>; ++lane) {
    values[length] = value[lane];
    indices[length] = static_cast<std::int32_t>(first + lane);
    length += taken[lane] != 0;
  }
  return length;
}

// Appends to a list of `count` all samples whose squared distances' bits lie in [below, above), sorted.
template <class T>
std::int64_t append_between(const Workspace<T>& w, std::int64_t i, BitsOf<T> below, BitsOf<T> above, T* value,
                            std::int32_t* index, std::int64_t count) {
  const std::int64_t height = round_up(w.n, lanes<T>);
  std::int64_t end = count;
  for (std::int64_t first = 0; first < w.n; first += lanes<T>) {
    const T* distances = w.squared + first * height + i * lanes<T>;   // of a symmetric matrix: a row's, or a column's
    const BitVec<T> bits = bits_at(distances), exists = iota<T>() < static_cast<BitsOf<T>>(w.n - first);
    end = append_taken<T>(at(distances), (bits >= below) & (bits < above) & exists, first, value, index, end);
  }
  sort_pairs(value + count, index + count, end - count);
  return end;
}

// The squared distances of sample i, sorted, at least as far as all that tie with the k-th for the largest k; returns how
// many were found. `bound` is that of its panel's keys.
template <class T>
std::int64_t nearest(const Workspace<T>& w, const Coding<T>& coding, std::int64_t i, const T* bound_key, T* value, std::int32_t* index) {
  using Bits = BitsOf<T>;
  if (w.block == 0) return append_between<T>(w, i, 0, Number<T>::infinite, value, index, 0);

  const int lane = static_cast<int>(i % lanes<T>);
  const T *column = w.column(i), *key = w.keys + (w.block * lanes<T> + lane * w.block);
  const std::int64_t count = w.n - 1 < w.block ? w.n - 1 : w.block;
  const Bits mask = (Bits{1} << coding.index_bits) - 1;
  for (int r = 0; r < w.block; r += lanes<T>) {
    const BitVec<T> who = bits_at(key + r) & mask;
    for (int l = 0; l < lanes<T>; ++l) index[r + l] = static_cast<std::int32_t>(who[l]);
    for (int l = 0; l < lanes<T>; ++l) value[r + l] = column[who[l] * lanes<T>];
  }
  sort_pairs(value, index, count);
  if (count == w.n - 1 || value[w.last - 1] == 0) return count;

  // Whatever the network dropped is not below `bound`; what comes near the k-th distance must not be dropped.
  const Bits last = bits_of(bound_key[lane]);
  const T bound = number_of<T>(coding.below(last, lane));
  if (value[w.last - 1] * w.near < bound) return count;
  std::int64_t complete = 0;
  while (value[complete] < bound) ++complete;
  const Bits edge = coding.above(bits_of(key[w.block - 1]), lane);
  const Bits above = edge < Number<T>::infinite ? bits_of(number_of<T>(edge) * w.near) + 8 : edge;
  return append_between<T>(w, i, bits_of(bound), above < Number<T>::infinite ? above : Number<T>::infinite, value, index,
                           complete);
}

// Whether any squared distances from the one before the first k-th on might tie.
template <class T>
bool might_tie(const Workspace<T>& w, const T* value, std::int64_t found) {
  const std::int64_t begin = w.task.first - 1, end = (found < w.last + 1 ? found : w.last + 1) - 1;
  BitVec<T> any{};
  for (std::int64_t r = begin / lanes<T> * lanes<T>; r < end; r += lanes<T>) {
    Vec<T> next;
    __builtin_memcpy(&next, value + r + 1, sizeof next);
    const BitVec<T> rank = iota<T>() + static_cast<BitsOf<T>>(r);
    any |= (next <= at(value + r) * w.near) & (rank >= static_cast<BitsOf<T>>(begin)) & (rank < static_cast<BitsOf<T>>(end));
  }
  return any_of<T>(any);
}

// w.order = the distances of sample i as they are compared, in double. Float distances that come near each other are computed
// again and sorted by that, so that rounding makes no tie and no neighbour; where none was rounded, their squares are as good.
template <class T>
void order_distances(const Workspace<T>& w, std::int64_t i, std::int64_t found, T* value, std::int32_t* index) {
  if (w.exact && sizeof(T) == sizeof(float)) {
    for (std::int64_t r = 0; r < found; ++r) w.order[r] = static_cast<double>(value[r]);
    return;
  }
  for (std::int64_t r = 0; r < found; ++r) w.order[r] = square_root(static_cast<double>(value[r]));
  if (w.exact) return;

  const std::int64_t d = w.task.d;
  const T* mine = w.x + w.sample[i] * d;
  for (std::int64_t begin = 0, end; begin < found && begin < w.last; begin = end) {
    for (end = begin + 1; end < found && value[end] <= value[end - 1] * w.near;) ++end;
    if (end - begin == 1 || end <= w.task.first) continue;
    for (std::int64_t r = begin; r < end; ++r) {
      if (r > begin && w.column(index[r - 1])[index[r] * lanes<T>] == 0) {  // a duplicate of the one before
        w.order[r] = w.order[r - 1];
        continue;
      }
      const T* other = w.x + w.sample[index[r]] * d;
      double sum = 0;
      for (std::int64_t f = 0; f < d; ++f) {
        const double difference = static_cast<double>(mine[f]) - static_cast<double>(other[f]);
        sum += difference * difference;
      }
      w.order[r] = square_root(sum);
    }
    sort_pairs(w.order + begin, index + begin, end - begin);
  }
}

}  // namespace priel::detail::PRIEL_ISA
