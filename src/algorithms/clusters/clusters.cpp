// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Shares the assignment of samples to clusters among threads.
#include <priel/algorithms/detail/clusters.hpp>
#include <priel/algorithms/detail/series.hpp>
#include <priel/first_error.hpp>

#include "../scratch.hpp"
#include "task.hpp"

#include <omp.h>


namespace priel::detail {
namespace {

const ClusterKernels& kernels() {
  static const ClusterKernels chosen = [] {
#if defined(PRIEL_X86_KERNELS)
    if (instruction_set_in_use() == InstructionSet::avx512) return avx512::cluster_kernels();
    if (instruction_set_in_use() == InstructionSet::avx2) return avx2::cluster_kernels();
#endif
    return baseline::cluster_kernels();
  }();
  return chosen;
}

template <class T>
void run(const ClusterTask<T>& task) {
  const Entry<ClusterTask<T>>& kernel = kernels();
  const Scratch scratch = make_scratch(static_cast<std::size_t>(kernel.scratch(task)) * sizeof(T));
  kernel.run(task, static_cast<T*>(scratch.get()));
}

int threads_for(Size n, Size d, Size k) {
  constexpr double grain = 1 << 20;   // multiplications
  const int most = omp_in_parallel() ? 1 : omp_get_max_threads();
  const double work = static_cast<double>(n) * static_cast<double>(d + 4) * static_cast<double>(k + 2);
  return work < most * grain ? static_cast<int>(work / grain) + 1 : most;
}

// Each thread adds up its samples, and the sums are added in the order of the threads.
template <class T>
void assigned(const ClusterTask<T>& task) {
  if (task.n == 0) return;
  const int threads = threads_for(task.n, task.d, task.k);
  if (threads == 1) return run(task);
  const auto length = static_cast<std::size_t>(task.k * (task.d + 1) + 2);
  std::vector<double> sums(task.totals ? static_cast<std::size_t>(threads) * length : 0);
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int t = 0; t < threads; ++t)
    failed.guard(t, [&] {
      const Block rows = block_of(task.n, threads, t);
      ClusterTask<T> part = task;
      part.n = rows.extent;
      part.x += rows.lower * task.d;
      part.labels += rows.lower;
      if (task.distance) part.distance += rows.lower;
      if (task.totals) part.totals = sums.data() + static_cast<std::size_t>(t) * length;
      run(part);
    });
  failed.rethrow();
  for (std::size_t e = 0; e < sums.size(); ++e) task.totals[e % length] += sums[e];
}

}  // namespace

void assign_samples(Size n, Size d, Size k, const float* x, const float* centroids, Size* labels, float* distance, double* totals) {
  assigned(ClusterTask<float>{n, d, k, x, centroids, labels, distance, totals});
}
void assign_samples(Size n, Size d, Size k, const double* x, const double* centroids, Size* labels, double* distance, double* totals) {
  assigned(ClusterTask<double>{n, d, k, x, centroids, labels, distance, totals});
}

}  // namespace priel::detail
