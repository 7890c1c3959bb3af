// expect: are_split_on_different_labels
// expect: write_redistribute_right_operand_to
// expect: Split<0>
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of the left and columns of the right, deep in expressions: the sentence does not grow.
#include <priel/algorithms/ring.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto multiplied(const Array<float, 2, Split<0>>& a, const Array<float, 2, Split<1>>& b) {
  const auto left = exp(a) / (1 + a * a);
  const auto right = b - mean(b, axis<0>);
#ifdef PRIEL_MISTAKE
  return dot(left, right);
#else
  return dot(left, redistribute(right, replicated));
#endif
}
