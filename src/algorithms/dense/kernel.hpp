// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The entry points of one instruction set: a unit defines PRIEL_ISA, the namespace, and includes this.
#pragma once

#include "householder.hpp"
#include "jacobi.hpp"
#include "pairs.hpp"
#include "panel.hpp"
#include "products.hpp"

namespace priel::detail::PRIEL_ISA {

template <class... Tasks>
Entries<Tasks...> entries(Entries<Tasks...>*) {
  return {{[](const Tasks& task) { return scratch_for(task); },
           [](const Tasks& task, typename Tasks::value_type* scratch) { compute(task, scratch); }}...};
}

Kernels kernels() { return entries(static_cast<Kernels*>(nullptr)); }

}  // namespace priel::detail::PRIEL_ISA
