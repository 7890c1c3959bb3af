// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Chooses the kernels for this processor, keeps their scratch memory, and widens float series that need it.
#include <priel/algorithms/detail/series.hpp>
#include <priel/communicator.hpp>

#include "scratch.hpp"
#include "series_task.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace priel::detail {
namespace {

template <class T>
struct Entry {
  std::size_t (*scratch_bytes)(const SeriesTask&, const T*);
  std::int64_t (*run)(const SeriesTask&, const T*, T*, void*);
};

struct Kernels {
  Entry<float> for_float;
  Entry<double> for_double;

  const Entry<float>& entry(const float*) const { return for_float; }
  const Entry<double>& entry(const double*) const { return for_double; }
};

constexpr Kernels baseline_kernels{{baseline::scratch_bytes, baseline::run}, {baseline::scratch_bytes, baseline::run}};
#if defined(PRIEL_X86_KERNELS)
constexpr Kernels avx2_kernels{{avx2::scratch_bytes, avx2::run}, {avx2::scratch_bytes, avx2::run}};
constexpr Kernels avx512_kernels{{avx512::scratch_bytes, avx512::run}, {avx512::scratch_bytes, avx512::run}};
#endif

const Kernels& kernels() {
#if defined(PRIEL_X86_KERNELS)
  if (instruction_set_in_use() == InstructionSet::avx512) return avx512_kernels;
  if (instruction_set_in_use() == InstructionSet::avx2) return avx2_kernels;
#endif
  return baseline_kernels;
}

// Memory that a thread keeps from one series to the next, unless it is unusually large.
class KeptScratch {
 public:
  void* at_least(std::size_t bytes) {
    if (bytes > bytes_) {
      memory_.reset();
      bytes_ = 0;
      memory_ = make_scratch(bytes);
      bytes_ = bytes;
    }
    return memory_.get();
  }
  void trim() {
    constexpr std::size_t kept = std::size_t{64} << 20;
    if (bytes_ <= kept) return;
    memory_.reset();
    bytes_ = 0;
  }

 private:
  Scratch memory_;
  std::size_t bytes_ = 0;
};

template <class T>
std::int64_t run(const SeriesTask& task, const T* x, T* scores) {
  thread_local KeptScratch scratch;
  const Entry<T>& entry = kernels().entry(x);
  const std::int64_t used = entry.run(task, x, scores, scratch.at_least(entry.scratch_bytes(task, x)));
  scratch.trim();
  return used;
}

std::int64_t run_widened(const SeriesTask& task, const double* x, double* scores) { return run(task, x, scores); }

std::int64_t run_widened(const SeriesTask& task, const float* x, float* scores) {
  const std::int64_t used = run(task, x, scores);
  if (used != out_of_range) return used;
  const std::vector<double> wide(x, x + task.n * task.d);
  std::vector<double> wide_scores(static_cast<std::size_t>(task.n));
  const std::int64_t wide_used = run(task, wide.data(), wide_scores.data());
  for (std::size_t i = 0; i < wide_scores.size(); ++i) scores[i] = static_cast<float>(wide_scores[i]);
  return wide_used;
}

SeriesTask make_task(Size n, Size d, const Sweep& k) {
  check_sweep(k);
  SeriesTask task{};
  task.n = n;
  task.d = d;
  task.first = k.first;
  task.step = k.step;
  task.count = k.count();
  task.maximum = k.aggregate == Aggregate::max;
  const int most = (task.count - 1) / 2;  // leaves the one or two values in the middle: the median
  if (k.aggregate == Aggregate::median) task.drop = most;
  if (k.aggregate == Aggregate::trimmed) {
    task.drop = static_cast<int>(std::floor(k.trim * task.count));
    task.drop = task.drop < most ? task.drop : most;
  }
  return task;
}

template <class T>
Size score(const SeriesTask& task, const T* x, T* scores) {
  if (task.n > task.first + (task.count - 1) * task.step) return run_widened(task, x, scores);
  Size valid = 0;
  for (Size i = 0; i < task.n; ++i) {
    bool finite = true;
    for (Size f = 0; f < task.d; ++f) finite = finite && std::isfinite(x[i * task.d + f]);
    valid += finite;
    scores[i] = std::numeric_limits<T>::quiet_NaN();
  }
  return valid;
}

SeriesTask make_task(Size n, Size d, const Sweep& k, double lambda, Norm norm) {
  SeriesTask task = make_task(n, d, k);
  task.loop = true;
  task.local = norm == Norm::local;
  task.lambda = lambda;
  return task;
}

}  // namespace

void check_sweep(const Sweep& sweep) {
  if (sweep.first >= 1 && sweep.last >= sweep.first && sweep.step >= 1) return;
  throw InputError("no neighbourhoods: k from " + std::to_string(sweep.first) + " to " + std::to_string(sweep.last) + " by " +
                   std::to_string(sweep.step) + "; the first k and the step are at least 1, and the last k is no less than the first");
}

Size lof_series(const float* x, Size n, Size d, const Sweep& k, float* scores) {
  return score(make_task(n, d, k), x, scores);
}

Size lof_series(const double* x, Size n, Size d, const Sweep& k, double* scores) {
  return score(make_task(n, d, k), x, scores);
}

Size loop_series(const float* x, Size n, Size d, const Sweep& k, double lambda, Norm norm, float* scores) {
  return score(make_task(n, d, k, lambda, norm), x, scores);
}

Size loop_series(const double* x, Size n, Size d, const Sweep& k, double lambda, Norm norm, double* scores) {
  return score(make_task(n, d, k, lambda, norm), x, scores);
}

}  // namespace priel::detail
