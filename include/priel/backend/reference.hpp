// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Reference backend: plain loops in C order; the oracle that the other backends are tested against.
#pragma once

#include <priel/backend/memory.hpp>
#include <priel/kernel.hpp>

namespace priel {

struct Reference : HostMemory {
  static constexpr const char* name = "Reference";

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    Index<Root> i;
    for (Size linear = 0, n = extent.size(); linear < n; ++linear, advance(extent, i)) out[linear] = static_cast<T>(kernel.at(i));
  }

  template <class Statistic, class Kernel, int Root>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const Index<Root>& stride,
                     typename Statistic::state* states, Size) {
    Index<Root> i;
    for (Size linear = 0, n = extent.size(); linear < n; ++linear, advance(extent, i)) {
      Size at = 0;
      for (int a = 0; a < Root; ++a) at += stride[a] * i[a];
      Statistic::add(states[at], static_cast<typename Statistic::element>(kernel.at(i)));
    }
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    for (Size i = 0; i < n; ++i) function(i);
  }
};

}  // namespace priel
