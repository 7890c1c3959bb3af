// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The entry points of one instruction set: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "search.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T>
NearestEntry<T> nearest_entry() {
  return {[](const NearestTask<T>& task) { return nearest_scratch(task); },
          [](const NearestTask<T>& task, void* scratch) { search(task, scratch); }};
}

NearestKernels nearest_kernels() { return {nearest_entry<float>(), nearest_entry<double>()}; }

}  // namespace priel::detail::PRIEL_ISA
