// expect: operands_live_on_different_ranks
// expect: write_redistribute_right_operand_to
// expect: Split<0>
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows here, columns there: no rank holds both operands of an element.
#include <priel/priel.hpp>

using namespace priel;

auto added(const Array<float, 2, Split<0>>& a, const Array<float, 2, Split<1>>& b) {
#ifdef PRIEL_MISTAKE
  return a + b;
#else
  return a + redistribute(b, split<0>);
#endif
}
