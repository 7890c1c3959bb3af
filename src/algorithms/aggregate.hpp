// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The error function, and how a row of scores, one for each k, becomes one score.
#pragma once

#include "network.hpp"
#include "workspace.hpp"

namespace priel::detail::PRIEL_ISA {

// max(0, erf(x)). For float by Abramowitz and Stegun 7.1.28, whose error is below 3e-7.
PRIEL_INLINE Vec<float> positive_erf(Vec<float> x) {
  x = x > 0.0F ? x : Vec<float>{};
  x = x < 10.0F ? x : all<float>(10);
  Vec<float> p = 0.0000430638F * x + 0.0002765672F;
  p = p * x + 0.0001520143F;
  p = p * x + 0.0092705272F;
  p = p * x + 0.0422820123F;
  p = p * x + 0.0705230784F;
  p = p * x + 1.0F;
  p *= p, p *= p, p *= p, p *= p;
  return 1.0F - 1.0F / p;
}
PRIEL_INLINE Vec<double> positive_erf(Vec<double> x) {
  for (int lane = 0; lane < lanes<double>; ++lane) x[lane] = x[lane] > 0 ? __builtin_erf(x[lane]) : 0;
  return x;
}

// The mean of what is left of `count` sorted or unsorted vectors without `drop` at each end, lane by lane.
template <class T>
PRIEL_INLINE Vec<T> mean_of(const T* column, std::int64_t count, std::int64_t drop) {
  Vec<T> sum{};
  for (std::int64_t c = drop; c < count - drop; ++c) sum += at(column + c * lanes<T>);
  return sum / static_cast<T>(count - 2 * drop);
}

// Sorts `count` vectors lane by lane: by the network up to 128, padded at the end, else by Shell's method.
template <class T>
void sort_columns(T* column, std::int64_t count) {
  const std::int64_t size = count <= 16 ? 16 : count <= 32 ? 32 : count <= 64 ? 64 : 128;
  if (count > size) {
    std::int64_t gap = 1;
    while (gap < count / 9) gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3)
      for (int lane = 0; lane < lanes<T>; ++lane)
        for (std::int64_t c = gap; c < count; ++c) {
          const T value = column[c * lanes<T> + lane];
          std::int64_t to = c;
          for (; to >= gap && column[(to - gap) * lanes<T> + lane] > value; to -= gap)
            column[to * lanes<T> + lane] = column[(to - gap) * lanes<T> + lane];
          column[to * lanes<T> + lane] = value;
        }
    return;
  }
  for (std::int64_t c = count; c < size; ++c) at(column + c * lanes<T>) = all<T>(Number<T>::infinity);
  if (size == 16) sort_block<T, 16>(&at(column));
  if (size == 32) sort_block<T, 32>(&at(column));
  if (size == 64) sort_block<T, 64>(&at(column));
  if (size == 128) sort_block<T, 128>(&at(column));
}

// scores[w.sample[i]] = the aggregate of row i of table[3] (LOF), or of its error function (LoOP); `columns` is memory for
// max(128, count) vectors.
template <class T>
void aggregate(const Workspace<T>& w, T* scores, T* columns) {
  const SeriesTask& task = w.task;
  for (std::int64_t first = 0; first < w.n; first += lanes<T>) {
    const std::int64_t rows = w.n - first < lanes<T> ? w.n - first : lanes<T>;
    Vec<T> result{};
    const T* table = w.table[3] + first * w.stride;
    if (task.maximum) {
      for (std::int64_t row = 0; row < rows; ++row) {
        Vec<T> high = at(table + row * w.stride);
        for (std::int64_t c = lanes<T>; c < w.stride; c += lanes<T>) high = max_of<T>(at(table + row * w.stride + c), high);
        result[row] = largest<T>(high);
      }
      if (task.loop) result = positive_erf(result);
    } else {
      for (std::int64_t c = 0; c < task.count; ++c) {
        Vec<T> column{};
        for (std::int64_t row = 0; row < rows; ++row) column[row] = table[row * w.stride + c];
        at(columns + c * lanes<T>) = task.loop ? positive_erf(column) : column;
      }
      if (task.drop > 0) sort_columns(columns, task.count);
      result = mean_of<T>(columns, task.count, task.drop);
    }
    for (std::int64_t row = 0; row < rows; ++row) scores[w.sample[first + row]] = result[row];
  }
}

}  // namespace priel::detail::PRIEL_ISA
