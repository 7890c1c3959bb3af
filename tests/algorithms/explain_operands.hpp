// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Operands for tests of explain: small arrays of every policy, in shapes with fewer, as many and more rows or columns than ranks.
#pragma once

#include <tests/support/arrays.hpp>
#include <tests/support/pmpi.hpp>

#include <priel/policies/redistributions.hpp>

namespace priel::test {

template <class P, int Rank>
auto made(const Shape<Rank>& shape) {
  return filled<Array<float, Rank, P, Reference>>(shape, [](const Index<Rank>& i) { return static_cast<float>(mark(i) % 97); });
}

// f(predictions, x on Split<0>, x on Split<1>, x Replicated), on ranks.
template <class F>
void with_shapes(F&& f) {
  on_ranks([&] {
    for (const auto& shape : std::vector<Shape<2>>{{1, 4}, {3, 2}, {7, 5}, {4, 28}}) {
      Predictions p;
      f(p, made<Split<0>>(shape), made<Split<1>>(shape), made<Replicated>(shape));
    }
  });
}

}  // namespace priel::test
