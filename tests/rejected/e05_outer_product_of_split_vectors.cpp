// expect: are_split_on_different_labels
// expect: write_redistribute_right_operand_to
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Every pair of elements, of which no rank has more than its own.
#include <priel/algorithms/outer.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto table(const Array<float, 1, Split<0>>& x, const Array<float, 1, Split<0>>& y) {
#ifdef PRIEL_MISTAKE
  return outer(x, y);
#else
  return outer(x, redistribute(y, replicated));
#endif
}
