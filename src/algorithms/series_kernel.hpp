// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The entry points of one instruction set: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "distances.hpp"
#include "rows.hpp"
#include "scores.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T>
std::size_t measure(const SeriesTask& task) {
  Arena arena(nullptr);
  make_workspace<T>(task, arena);
  arena.take<T>((task.count < 128 ? 128 : task.count) * lanes<T>);
  return arena.used();
}

template <class T>
std::int64_t score(const SeriesTask& task, const T* x, T* scores, void* scratch) {
  Arena arena(scratch);
  T* columns = arena.take<T>((task.count < 128 ? 128 : task.count) * lanes<T>);
  Workspace<T> w = make_workspace<T>(task, arena);
  if (!pack(w, x)) return out_of_range;
  for (std::int64_t i = 0; i < task.n; ++i) scores[i] = Number<T>::nan;
  if (w.n <= w.last) return w.n;
  w.halves = halves_suffice(w.n, w.last);
  squared_distances(w);
  find_neighbours(w);
  if (task.loop) local_outlier_ratios(w);
  else local_outlier_factors(w);
  aggregate(w, scores, columns);
  return w.n;
}

std::size_t scratch_bytes(const SeriesTask& task, const float*) { return measure<float>(task); }
std::size_t scratch_bytes(const SeriesTask& task, const double*) { return measure<double>(task); }
std::int64_t run(const SeriesTask& task, const float* x, float* scores, void* scratch) {
  return score(task, x, scores, scratch);
}
std::int64_t run(const SeriesTask& task, const double* x, double* scores, void* scratch) {
  return score(task, x, scores, scratch);
}

}  // namespace priel::detail::PRIEL_ISA
