// expect: operands_live_on_different_ranks
// expect: write_redistribute_right_operand_to
// expect: Split<0>
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The sentence does not grow with the expression.
#include <priel/priel.hpp>

using namespace priel;

auto combined(const Array<float, 2, Split<0>>& a, const Array<float, 2, Split<1>>& b) {
  const auto left = sqrt(a * a + 3) / (1 + exp(-a)) - where(a > 0, a, 0);
  const auto right = log(b + 1) * b - mean(b, axis<1>, keepdims);
#ifdef PRIEL_MISTAKE
  return left * right;
#else
  return left * redistribute(right, split<0>);
#endif
}
