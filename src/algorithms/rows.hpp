// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The tables over k that follow from one sample's sorted neighbours: k-distance or standard distance, and the size of the
// neighbourhood.
#pragma once

#include "neighbours.hpp"

namespace priel::detail::PRIEL_ISA {

// A vector as long as one of doubles.
template <class T>
struct AsManyAsDoubles {
  typedef T type __attribute__((vector_size(PRIEL_VECTOR_BYTES / sizeof(double) * sizeof(T))));
};

// a[i - Distance], and 0 before the first.
template <int Distance, int... Is>
PRIEL_INLINE Vec<double> moved_up(Vec<double> a, std::integer_sequence<int, Is...>) {
  return __builtin_shufflevector(Vec<double>{}, a, (Is < Distance ? Is : Is - Distance + lanes<double>)...);
}
template <int Distance>
PRIEL_INLINE Vec<double> prefix_sum(Vec<double> a) {
  if constexpr (Distance >= lanes<double>) return a;
  else return prefix_sum<2 * Distance>(a + moved_up<Distance>(a, AllLanes<double>{}));
}

// w.sums[r] = the sum of value[0 .. r], for r < length.
template <class T>
void prefix_sums(const Workspace<T>& w, const T* value, std::int64_t length) {
  Vec<double> before{};
  for (std::int64_t r = 0; r < length; r += lanes<double>) {
    typename AsManyAsDoubles<T>::type some;
    __builtin_memcpy(&some, value + r, sizeof some);
    const Vec<double> sum = before + prefix_sum<1>(__builtin_convertvector(some, Vec<double>));
    at(w.sums + r) = sum;
    before = all<double>(sum[lanes<double> - 1]);
  }
}

// The columns past `count` repeat the last k.
template <class T>
PRIEL_INLINE void repeat_last(const Workspace<T>& w, T* row) {
  const T last = row[w.task.count - 1];
  for (std::int64_t c = w.task.count; c < w.stride; ++c) row[c] = last;
}

// Row i of the tables where no distances tie: k neighbours for every k.
template <class T>
void finish_plain_row(const Workspace<T>& w, std::int64_t i, T* value) {
  const SeriesTask& task = w.task;
  T* row = w.table[0] + i * w.stride;
  for (std::int64_t c = 0; c < w.stride; c += lanes<T>) at(w.inverse + i * w.stride + c) = at(w.plain_inverse + c);
  w.from_row[i] = w.from_rank;
  if (task.loop) {
    prefix_sums(w, value, w.last);
    if (task.step == 1)
      for (std::int64_t c = 0; c < task.count; ++c) row[c] = static_cast<T>(w.sums[task.first - 1 + c] * w.per_size[c]);
    else
      for (std::int64_t c = 0; c < task.count; ++c) row[c] = static_cast<T>(w.sums[task.first - 1 + c * task.step] * w.per_size[c]);
    repeat_last(w, row);
    for (std::int64_t c = 0; c < w.stride; c += lanes<T>) at(row + c) = square_root_of<T>(at(row + c));
    return;
  }
  for (std::int64_t r = 0; r < w.last; r += lanes<T>) at(value + r) = square_root_of<T>(at(value + r));
  if (task.step == 1)   // what is read past the pool's row is overwritten
    for (std::int64_t c = 0; c < w.stride; c += lanes<T>) __builtin_memcpy(row + c, value + task.first - 1 + c, sizeof(Vec<T>));
  else
    for (std::int64_t c = 0; c < task.count; ++c) row[c] = value[task.first - 1 + c * task.step];
  repeat_last(w, row);
}

// The same where distances tie: a neighbour counts from the first of its tie on. Returns the number of neighbours.
template <class T>
std::int64_t finish_tied_row(const Workspace<T>& w, std::int64_t i, std::int64_t found, T* value, std::int32_t* from) {
  const SeriesTask& task = w.task;
  T *inverse = w.inverse + i * w.stride, *row = w.table[0] + i * w.stride;
  std::int64_t length = w.last;
  while (length < found && w.order[length] == w.order[w.last - 1]) ++length;
  w.from_row[i] = from;
  for (std::int64_t r = 0, first = 0; r < length; ++r) {
    if (w.order[r] != w.order[first]) first = r;
    from[r] = w.from_rank[first];
  }
  if (task.loop) prefix_sums(w, value, length);
  else
    for (std::int64_t r = 0; r < length; r += lanes<T>) at(value + r) = square_root_of<T>(at(value + r));
  std::int64_t size = 0;
  for (std::int64_t c = 0; c < task.count; ++c) {
    const std::int64_t k = task.first + c * task.step;
    size = size > k ? size : k;
    while (size < length && w.order[size] == w.order[k - 1]) ++size;
    inverse[c] = T{1} / static_cast<T>(size);
    row[c] = task.loop ? static_cast<T>(w.sums[size - 1] / static_cast<double>(size)) : value[k - 1];
  }
  repeat_last(w, inverse);
  repeat_last(w, row);
  if (task.loop)
    for (std::int64_t c = 0; c < w.stride; c += lanes<T>) at(row + c) = square_root_of<T>(at(row + c));
  return length;
}

// Row i of the tables from its sorted squared distances; returns the number of neighbours.
template <class T>
std::int64_t finish_row(const Workspace<T>& w, std::int64_t i, std::int64_t found, T* value, std::int32_t* index, std::int32_t* from) {
  if (value[w.last - 1] == 0) {  // more duplicates than the largest k: density and scores are known without neighbours
    w.from_row[i] = w.from_rank;
    for (std::int64_t c = 0; c < w.stride; ++c) w.inverse[i * w.stride + c] = 1, w.table[0][i * w.stride + c] = 0;
    return 0;
  }
  if (might_tie(w, value, found)) {
    order_distances(w, i, found, value, index);
    return finish_tied_row(w, i, found, value, from);
  }
  finish_plain_row(w, i, value);
  return w.last;
}

// Fills begin, length, neighbour, distance (LOF only), from_row, inverse, and table[0]: the k-distances (LOF) or the
// standard distances (LoOP).
template <class T>
void find_neighbours(const Workspace<T>& w) {
  const SeriesTask& task = w.task;
  for (std::int64_t r = 0; r < w.last; ++r) {
    const std::int64_t beyond = r + 1 - task.first;
    w.from_rank[r] = static_cast<std::int32_t>(beyond <= 0 ? 0 : (beyond + task.step - 1) / task.step);
  }
  for (std::int64_t c = 0; c < task.count; ++c) {
    w.per_size[c] = 1 / static_cast<double>(task.first + c * task.step);
    w.plain_inverse[c] = T{1} / static_cast<T>(task.first + c * task.step);
  }
  repeat_last(w, w.plain_inverse);
  for (std::int64_t i = 0; i < w.n; ++i) w.number[i] = static_cast<BitsOf<T>>(i);
  std::int64_t end = 0;
  for (std::int64_t first = 0; first < w.n; first += lanes<T>) {
    Vec<T> bound;
    const Coding<T> coding = select_neighbours(w, first, reinterpret_cast<T*>(&bound));
    for (std::int64_t i = first; i < w.n && i < first + lanes<T>; ++i) {
      T* value = w.distance + end;
      std::int32_t *index = w.neighbour + end, *from = w.from + end;
      w.begin[i] = end;
      const std::int64_t found = nearest(w, coding, i, reinterpret_cast<const T*>(&bound), value, index);
      const std::int64_t length = finish_row(w, i, found, value, index, from);
      w.length[i] = static_cast<std::int32_t>(length);
      end += round_up(length, lanes<T>);
    }
  }
}

}  // namespace priel::detail::PRIEL_ISA
