// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Runs a task with the kernel for this processor, in scratch memory that the thread keeps.
#pragma once

#include <priel/algorithms/detail/series.hpp>

#include "task.hpp"

#include <memory>
#include <new>
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

struct Release {
  void operator()(void* memory) const { ::operator delete(memory, std::align_val_t{64}); }
};

template <class Task>
void run(const Task& task) {
  using T = typename Task::value_type;
  static const Entry<Task> kernel = chosen();
  thread_local std::unique_ptr<void, Release> memory;
  thread_local std::size_t held = 0;
  const std::size_t bytes = static_cast<std::size_t>(kernel.scratch(task)) * sizeof(T);
  if (bytes > held) {
    memory.reset();
    held = 0;
    memory.reset(::operator new(bytes, std::align_val_t{64}));
    held = bytes;
  }
  kernel.run(task, static_cast<T*>(memory.get()));
}

}  // namespace
}  // namespace priel::detail
