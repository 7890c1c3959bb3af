// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Runs a task with the kernel for this processor, in scratch memory that the thread keeps.
#pragma once

#include <priel/algorithms/detail/series.hpp>

#include "../scratch.hpp"
#include "task.hpp"

#include <omp.h>

#include <string_view>

namespace priel::detail {
namespace {

// One choice for all kernels of the library.
inline Kernels chosen() {
#if defined(PRIEL_X86_KERNELS)
  const std::string_view name = instruction_set();
  if (name == "AVX-512") return avx512::kernels();
  if (name == "AVX2") return avx2::kernels();
#endif
  return baseline::kernels();
}

template <class Task>
void run(const Task& task) {
  using T = typename Task::value_type;
  static const Entry<Task> kernel = chosen();
  thread_local Scratch memory;
  thread_local std::size_t held = 0;
  const std::size_t bytes = static_cast<std::size_t>(kernel.scratch(task)) * sizeof(T);
  if (bytes > held) {
    memory.reset();
    held = 0;
    memory = make_scratch(bytes);
    held = bytes;
  }
  kernel.run(task, static_cast<T*>(memory.get()));
}

// Threads that so many multiplications keep busy; a team costs microseconds.
inline int threads_for(double work) {
  constexpr double grain = 1 << 22;
  const int most = omp_in_parallel() ? 1 : omp_get_max_threads();
  return work < most * grain ? static_cast<int>(work / grain) + 1 : most;
}

}  // namespace
}  // namespace priel::detail
