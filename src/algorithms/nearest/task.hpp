// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the kernels of nearest neighbours are asked, as plain data, and the one list of what an instruction set has.
#pragma once

#include <cstdint>

namespace priel::detail {

// Measures the rows of x (n, d) against the rows of y (m, d) and hands over pairs that are within the limit of either.
// Metric: 0 the sum of squared differences, 2 the sum of absolute differences, 3 the largest of them.
template <class T>
struct NearestTask {
  using value_type = T;
  std::int64_t n, m, d;
  const T* x;
  const T* y;
  int metric;
  const T* x_limit;   // [n], which `take` may lower
  const T* y_limit;   // [m], the same; null: y are only looked at
  void* found;        // the caller's, for take
  // The measure of rows i and j: within the limit of the first, of the second, or of both.
  void (*take)(void* found, std::int64_t i, std::int64_t j, T measure, bool for_x, bool for_y);
};

// How near the k-th nearest of the rows of y is at most, for each row of x, which may be one of them; +inf where that is not known.
template <class T>
struct SeedTask {
  using value_type = T;
  std::int64_t n, m, d;
  const T* x;
  const T* y;
  int metric;
  std::int64_t k;
  T* limit;   // [n]
};

// How a task is done: the bytes of scratch memory that it needs, aligned to 64; and the work itself.
template <class Task>
struct NearestEntry {
  std::int64_t (*scratch)(const Task&);
  void (*run)(const Task&, void* scratch);
};

// What each instruction set has.
struct NearestKernels : NearestEntry<NearestTask<float>>, NearestEntry<NearestTask<double>>, NearestEntry<SeedTask<float>>, NearestEntry<SeedTask<double>> {};
namespace baseline { NearestKernels nearest_kernels(); }
namespace avx2 { NearestKernels nearest_kernels(); }
namespace avx512 { NearestKernels nearest_kernels(); }

}  // namespace priel::detail
