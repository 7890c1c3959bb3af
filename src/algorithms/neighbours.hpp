// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The sorted neighbours of every sample up to the largest k, those at the k-th distance included, and the tables over k
// that follow from one sample's list: k-distance or standard distance, and the size of the neighbourhood.
#pragma once

#include "network.hpp"
#include "workspace.hpp"

namespace priel::detail::PRIEL_ISA {

// How the distances from one panel become keys that sort as numbers and carry the sample's index in their lowest bits:
// the distance's bit pattern less the lane's smallest, without the bits that find no room.
template <class T>
struct Coding {
  using Bits = BitsOf<T>;
  BitVec<T> smallest;
  int index_bits;
  int shift;

  Bits index(Bits key) const { return key & ((Bits{1} << index_bits) - 1); }
  // No distance with this key or a larger one is below; the next key value starts at `above`.
  Bits below(Bits key, int lane) const {
    return smallest[lane] + (((key - Number<T>::smallest) >> index_bits) << shift);
  }
  Bits above(Bits key, int lane) const { return below(key, lane) + (Bits{1} << shift); }
};

template <class T>
Coding<T> make_coding(const Workspace<T>& w, std::int64_t first) {
  using Bits = BitsOf<T>;
  T* base = w.squared + first * round_up(w.n, lanes<T>);
  const int valid = static_cast<int>(w.n - first < lanes<T> ? w.n - first : lanes<T>);
  // A sample's distance to itself takes no part: another's stands in while the range is found.
  for (int lane = 0; lane < valid; ++lane)
    base[(first + lane) * lanes<T> + lane] = base[(first + lane > 0 ? 0 : 1) * lanes<T> + lane];
  Vec<T> low = at(base), high = at(base);
  for (std::int64_t j = 1; j < w.n; ++j) {
    low = min_of<T>(at(base + j * lanes<T>), low);
    high = max_of<T>(at(base + j * lanes<T>), high);
  }
  for (int lane = 0; lane < valid; ++lane) base[(first + lane) * lanes<T> + lane] = Number<T>::infinity;

  Coding<T> coding;
  coding.smallest = reinterpret_cast<BitVec<T>&>(low);
  coding.index_bits = 1;
  while (Bits{1} << coding.index_bits < w.n) ++coding.index_bits;
  Bits range = 0;
  for (int lane = 0; lane < valid; ++lane) {
    const Bits mine = reinterpret_cast<BitVec<T>&>(high)[lane] - coding.smallest[lane];
    range = mine > range ? mine : range;
  }
  coding.shift = 0;
  const Bits room = (Number<T>::beyond - Number<T>::smallest) >> coding.index_bits;
  while ((range >> coding.shift) >= room) ++coding.shift;
  return coding;
}

// The keys of the samples from .. from + N, sorted lane by lane; those that do not exist, and each lane's own sample, last.
template <class T, int N>
void sorted_keys(const Workspace<T>& w, const Coding<T>& coding, std::int64_t first, std::int64_t from, T* keys) {
  using Unsigned = typename Number<T>::Unsigned;
  const T* base = w.squared + first * round_up(w.n, lanes<T>);
  const std::int64_t count = w.n - from < N ? w.n - from : N;
  // Unsigned, because the lanes without a sample, and each lane's own, may be out of range.
  const UnsignedVec<T> smallest = reinterpret_cast<const UnsignedVec<T>&>(coding.smallest);
  for (std::int64_t j = 0; j < count; ++j) {
    const UnsignedVec<T> value = (unsigned_at(base + (from + j) * lanes<T>) - smallest) >> static_cast<Unsigned>(coding.shift);
    const auto index = static_cast<Unsigned>(Number<T>::smallest + from + j);
    const UnsignedVec<T> key = (value << static_cast<Unsigned>(coding.index_bits)) + index;
    at(keys + j * lanes<T>) = reinterpret_cast<const Vec<T>&>(key);
  }
  for (std::int64_t j = count; j < N; ++j) bits_at(keys + j * lanes<T>) = BitVec<T>{} + Number<T>::beyond;
  for (int lane = 0; lane < lanes<T>; ++lane) {
    const std::int64_t j = first + lane - from;
    if (j >= 0 && j < N) keys[j * lanes<T> + lane] = number_of<T>(Number<T>::beyond);
  }
  sort_block<T, N>(&at(keys));
}

template <class T, int N>
void smallest_keys(const Workspace<T>& w, const Coding<T>& coding, std::int64_t first) {
  sorted_keys<T, N>(w, coding, first, 0, w.keys);
  for (std::int64_t from = N; from < w.n; from += N) {
    sorted_keys<T, N>(w, coding, first, from, w.keys + N * lanes<T>);
    keep_smallest<T, N>(&at(w.keys), &at(w.keys + N * lanes<T>));
  }
}

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

// Appends to a list of `count` all samples whose squared distances' bits lie in [below, above), sorted.
template <class T>
std::int64_t append_between(const Workspace<T>& w, const T* column, BitsOf<T> below, BitsOf<T> above, T* value,
                            std::int32_t* index, std::int64_t count) {
  std::int64_t end = count;
  for (std::int64_t j = 0; j < w.n; ++j) {
    const T candidate = column[j * lanes<T>];
    const BitsOf<T> bits = bits_of(candidate);
    value[end] = candidate;
    index[end] = static_cast<std::int32_t>(j);
    end += bits >= below && bits < above;
  }
  sort_pairs(value + count, index + count, end - count);
  return end;
}

// The squared distances of sample i, sorted, at least as far as all that tie with the k-th for the largest k; returns how
// many were found.
template <class T>
std::int64_t nearest(const Workspace<T>& w, const Coding<T>& coding, std::int64_t i, T* value, std::int32_t* index) {
  using Bits = BitsOf<T>;
  const T* column = w.column(i);
  if (w.block == 0) return append_between<T>(w, column, 0, Number<T>::infinite, value, index, 0);

  const int lane = static_cast<int>(i % lanes<T>);
  const T* key = w.keys + lane;
  const std::int64_t count = w.n - 1 < w.block ? w.n - 1 : w.block;
  for (std::int64_t r = 0; r < count; ++r) {
    const Bits j = coding.index(bits_of(key[r * lanes<T>]));
    index[r] = static_cast<std::int32_t>(j);
    value[r] = column[j * lanes<T>];
  }
  sort_pairs(value, index, count);
  if (count == w.n - 1 || value[w.last - 1] == 0) return count;

  // Whatever the network dropped is not below `bound`; what comes near the k-th distance must not be dropped.
  const Bits last = bits_of(key[(w.block - 1) * lanes<T>]);
  const T bound = number_of<T>(coding.below(last, lane));
  if (value[w.last - 1] * w.near < bound) return count;
  std::int64_t complete = 0;
  while (value[complete] < bound) ++complete;
  const Bits edge = coding.above(last, lane);
  const Bits above = edge < Number<T>::infinite ? bits_of(number_of<T>(edge) * w.near) + 8 : edge;
  return append_between<T>(w, column, bits_of(bound), above < Number<T>::infinite ? above : Number<T>::infinite, value, index,
                           complete);
}

// w.order = the distances of sample i as they are compared, in double; returns whether any beyond the smallest k might tie.
// Float distances that come near each other are computed again and sorted by that, so that rounding makes no tie and no
// neighbour.
template <class T>
bool order_distances(const Workspace<T>& w, std::int64_t i, std::int64_t found, T* value, std::int32_t* index) {
  int any = 0;
  for (std::int64_t r = w.task.first; r < found; ++r) any |= value[r] <= value[r - 1] * w.near;
  if (!any) return false;
  for (std::int64_t r = 0; r < found; ++r) w.order[r] = square_root(static_cast<double>(value[r]));
  if (w.exact) return true;

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
  return true;
}

// Row i of the tables from its sorted squared distances. Where distances tie, a neighbour counts from the first of its tie on.
// Returns the number of neighbours.
template <class T>
std::int64_t finish_row(const Workspace<T>& w, std::int64_t i, std::int64_t found, T* value, std::int32_t* index,
                        std::int32_t* from) {
  const SeriesTask& task = w.task;
  T* inverse = w.inverse + i * w.stride;
  T* row = w.table[0] + i * w.stride;
  w.from_row[i] = w.from_rank;
  if (value[w.last - 1] == 0) {  // more duplicates than the largest k: density and scores are known without neighbours
    for (std::int64_t c = 0; c < w.stride; ++c) inverse[c] = 1, row[c] = 0;
    return 0;
  }
  std::int64_t length = w.last;
  const bool ties = order_distances(w, i, found, value, index);
  if (ties) {
    while (length < found && w.order[length] == w.order[w.last - 1]) ++length;
    w.from_row[i] = from;
    for (std::int64_t r = 0, first = 0; r < length; ++r) {
      if (w.order[r] != w.order[first]) first = r;
      from[r] = w.from_rank[first];
    }
  }
  double sum = 0;
  std::int64_t summed = 0, size = 0;
  if (!task.loop)
    for (std::int64_t r = 0; r < length; r += lanes<T>) at(value + r) = square_root_of<T>(at(value + r));
  for (std::int64_t c = 0; c < task.count; ++c) {
    const std::int64_t k = task.first + c * task.step;
    size = size > k ? size : k;
    if (ties)
      while (size < length && w.order[size] == w.order[k - 1]) ++size;
    inverse[c] = T{1} / static_cast<T>(size);
    if (task.loop) {
      for (; summed < size; ++summed) sum += static_cast<double>(value[summed]);
      row[c] = static_cast<T>(sum / static_cast<double>(size));
    } else {
      row[c] = value[k - 1];
    }
  }
  for (std::int64_t c = task.count; c < w.stride; ++c) inverse[c] = inverse[task.count - 1], row[c] = row[task.count - 1];
  if (task.loop)
    for (std::int64_t c = 0; c < w.stride; c += lanes<T>) at(row + c) = square_root_of<T>(at(row + c));
  return length;
}

// Fills begin, length, neighbour, distance (LOF only), from_row, inverse, and table[0]: the k-distances (LOF) or the
// standard distances (LoOP).
template <class T>
void find_neighbours(const Workspace<T>& w) {
  for (std::int64_t r = 0; r < w.last; ++r) {
    const std::int64_t beyond = r + 1 - w.task.first;
    w.from_rank[r] = static_cast<std::int32_t>(beyond <= 0 ? 0 : (beyond + w.task.step - 1) / w.task.step);
  }
  std::int64_t end = 0;
  for (std::int64_t first = 0; first < w.n; first += lanes<T>) {
    const Coding<T> coding = make_coding(w, first);
    if (w.block == 16) smallest_keys<T, 16>(w, coding, first);
    if (w.block == 32) smallest_keys<T, 32>(w, coding, first);
    if (w.block == 64) smallest_keys<T, 64>(w, coding, first);
    if (w.block == 128) smallest_keys<T, 128>(w, coding, first);
    for (std::int64_t i = first; i < w.n && i < first + lanes<T>; ++i) {
      w.begin[i] = end;
      const std::int64_t found = nearest(w, coding, i, w.distance + end, w.neighbour + end);
      const std::int64_t length = finish_row(w, i, found, w.distance + end, w.neighbour + end, w.from + end);
      w.length[i] = static_cast<std::int32_t>(length);
      end += round_up(length, lanes<T>);
    }
  }
}

}  // namespace priel::detail::PRIEL_ISA
