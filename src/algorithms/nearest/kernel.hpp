// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The entry points of one instruction set: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "search.hpp"
#include "seeds.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T>
NearestEntry<NearestTask<T>> search_entry() {
  return {[](const NearestTask<T>& task) { return nearest_scratch(task); },
          [](const NearestTask<T>& task, void* scratch) { search(task, scratch); }};
}
template <class T>
NearestEntry<SeedTask<T>> seed_entry() {
  return {[](const SeedTask<T>& task) { return seed_scratch(task); }, [](const SeedTask<T>& task, void* scratch) { seed(task, scratch); }};
}

NearestKernels nearest_kernels() { return {search_entry<float>(), search_entry<double>(), seed_entry<float>(), seed_entry<double>()}; }

}  // namespace priel::detail::PRIEL_ISA
