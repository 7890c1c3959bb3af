// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Reference backend: plain loops in C order; the oracle that the other backends are tested against.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/memory.hpp>

namespace priel {

struct Reference : HostMemory {
  static constexpr const char* name = "Reference";

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    Index<Root> i;
    for (Size linear = 0, n = extent.size(); linear < n; ++linear, advance(extent, i)) out[linear] = convert<T>(kernel.at(i));
  }

  template <class Kernel, int Root, class... Statistic>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
    Index<Root> i;
    for (Size linear = 0, n = extent.size(); linear < n; ++linear, advance(extent, i)) {
      const auto value = kernel.at(i);
      (add(value, i, jobs), ...);
    }
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    for (Size i = 0; i < n; ++i) function(i);
  }

 private:
  template <class T, class Statistic, int Root>
  static void add(const T& value, const Index<Root>& i, const ReduceJob<Statistic, Root>& job) {
    if (!job.states) return;
    Size at = 0;
    for (int a = 0; a < Root; ++a) at += job.stride[a] * i[a];
    Statistic::add(job.states[at], static_cast<typename Statistic::element>(value));
  }
};

}  // namespace priel
