// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The entry points of one instruction set: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "assign.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T>
Entry<ClusterTask<T>> cluster_entry() {
  return {[](const ClusterTask<T>& task) { return scratch_for(task); }, [](const ClusterTask<T>& task, T* scratch) { compute(task, scratch); }};
}

ClusterKernels cluster_kernels() { return {cluster_entry<float>(), cluster_entry<double>()}; }

}  // namespace priel::detail::PRIEL_ISA
