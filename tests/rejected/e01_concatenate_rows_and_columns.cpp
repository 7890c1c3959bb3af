// expect: error_operands_live_on_different_ranks__write_redistribute_
// expect: Split<0>
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The third operand has another policy than the first two.
#include <priel/priel.hpp>

using namespace priel;

auto all_rows(const Array<float, 2, Split<0>>& a, const Array<float, 2>& b, const Array<float, 2, Split<1>>& c) {
#ifdef PRIEL_MISTAKE
  return concatenate(axis<0>, a, b, c);
#else
  return concatenate(axis<0>, a, b, redistribute(c, split<0>));
#endif
}
