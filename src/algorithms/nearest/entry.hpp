// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What every search for near samples needs: the kernels of this processor, how samples are cut into cells, and what a distance allows.
#pragma once

#include <priel/algorithms/detail/dense.hpp>
#include <priel/algorithms/detail/series.hpp>

#include "../scratch.hpp"
#include "cells.hpp"
#include "task.hpp"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace priel::detail {
namespace {

inline const NearestKernels& kernels() {
  static const NearestKernels chosen = [] {
#if defined(PRIEL_X86_KERNELS)
    if (instruction_set_in_use() == InstructionSet::avx512) return avx512::nearest_kernels();
    if (instruction_set_in_use() == InstructionSet::avx2) return avx2::nearest_kernels();
#endif
    return baseline::nearest_kernels();
  }();
  return chosen;
}

template <class Task>
void run(const Task& task) {
  const NearestEntry<Task>& kernel = kernels();
  const Scratch scratch = make_scratch(static_cast<std::size_t>(kernel.scratch(task)));
  kernel.run(task, scratch.get());
}

constexpr std::size_t at(Size i) { return static_cast<std::size_t>(i); }

constexpr Size rows_at_a_time = Size{1} << 12, rows_of_few_features = Size{1} << 10;   // cells of few features are far from most others
inline Size blocks_of(Size n, int threads) { return std::max<Size>((n + rows_at_a_time - 1) / rows_at_a_time, std::min<Size>(4 * threads, n / 64 + 1)); }
// A power of two, so that the cells of each part can be matched.
inline Size cells_of(Size n, Size d, int threads) {
  return static_cast<Size>(std::bit_ceil(static_cast<std::size_t>(std::max(blocks_of(n, threads), d > 8 ? 0 : n / rows_of_few_features))));
}
inline int threads_here() { return omp_in_parallel() ? 1 : omp_get_max_threads(); }

inline Metric measured(Metric metric) { return metric == Metric::euclidean ? Metric::squared : metric; }
// All measures that may belong to a distance that is no larger: squares whose roots are not; the roots decide.
template <class T>
T measure_within(T distance, Metric metric) {
  constexpr T most = std::numeric_limits<T>::max();
  const T measure = metric == Metric::euclidean ? distance * distance * (1 + 8 * std::numeric_limits<T>::epsilon()) + std::numeric_limits<T>::min() : distance;
  return measure < most ? measure : most;
}

template <class T>
double distance_of(Metric metric, const Cells<T>& x, Size a, const Cells<T>& y, Size b) {
  return x.apart(a, y, b, [&](double sum, double gap) {
    return metric == Metric::squared ? sum + gap * gap : metric == Metric::manhattan ? sum + gap : std::max(sum, gap);
  });
}

}  // namespace
}  // namespace priel::detail
