// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Assigns rows to the nearest centroids and adds them up, in one pass over x.
#pragma once

#include "nearest.hpp"

namespace priel::detail::PRIEL_ISA {

// Adds the same rows to the sums of their clusters; returns the sum of squared distances.
template <class T, class Length>
PRIEL_INLINE double add_rows(const Clusters<T>& c, std::int64_t i, int rows, Length length) {
  const std::int64_t* const labels = c.task.labels + i;
  const T *row = c.x, *const centroids = c.centroids;
  T* const sums = c.sums;
  Vec<T> squares[sums_in_turn] = {};
  for (int r = 0; r < rows; ++r, row += length) {
    const std::int64_t label = labels[r];
    if (label < 0) continue;
    ++c.counts[label];
    const T* centroid = centroids + label * length;
    T* to = sums + label * length;
    by_vectors<T>(length, [&](std::int64_t f, auto v) PRIEL_INLINED {
      const Vec<T> difference = at(row + f) - at(centroid + f);
      squares[v] += difference * difference;
      at(to + f) += difference;
    });
  }
  return static_cast<double>(total_of_all<T>(squares));
}

// What the sum of squared distances is, and how many labels are others than before.
struct Outcome {
  double inertia = 0;
  std::int64_t changed = 0;
};

// Bytes that take longer to work on than to fetch.
inline constexpr std::int64_t enough_ahead = 8192;

template <class T, class Length>
Outcome assign_all(const Clusters<T>& c, Length length) {
  const ClusterTask<T>& task = c.task;
  const std::int64_t between = 512 > 16 * task.k ? 512 : 16 * task.k;
  const std::int64_t ahead = round_up(enough_ahead / static_cast<std::int64_t>(sizeof(T)) / task.d + 1, c.rows);
  std::int64_t since = 0;
  Outcome outcome;
  for (std::int64_t i = 0; i < task.n; i += c.rows) {
    const int rows = static_cast<int>(least(c.rows, task.n - i));
    const T squares = pack_rows(c, i, rows, length);
    score_rows(c, i + ahead + c.rows <= task.n ? task.x + (i + ahead) * task.d : nullptr);
    outcome.changed += label_rows(c, i, rows, squares);
    if (!task.totals) continue;
    outcome.inertia += add_rows(c, i, rows, length);
    since += rows;
    if (since >= between) {
      pour(c);
      since = 0;
    }
  }
  return outcome;
}

template <class T>
void compute(const ClusterTask<T>& task, T* scratch) {
  const std::int64_t d = task.d, k = task.k;
  Clusters<T> c(task, scratch);
  c.fill();
  const Outcome outcome = c.length == lanes<T>       ? assign_all(c, Constant<lanes<T>>{})
                          : c.length == 2 * lanes<T> ? assign_all(c, Constant<2 * lanes<T>>{})
                                                     : assign_all(c, c.length);
  if (!task.totals) return;
  pour(c);
  for (std::int64_t j = 0; j < k; ++j) {
    double* to = task.totals + j * (d + 1);
    const double count = static_cast<double>(c.counts[j]);
    for (std::int64_t f = 0; f < d; ++f)   // what was subtracted was not quite the centroid
      to[f] += count * (static_cast<double>(c.centroids[j * c.length + f]) + static_cast<double>(c.origin[f]) - static_cast<double>(task.centroids[j * d + f]));
    to[d] += count;
  }
  task.totals[k * (d + 1)] += outcome.inertia;
  task.totals[k * (d + 1) + 1] += static_cast<double>(outcome.changed);
}

}  // namespace priel::detail::PRIEL_ISA
