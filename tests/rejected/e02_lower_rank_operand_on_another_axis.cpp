// expect: operands_live_on_different_ranks
// expect: write_redistribute_right_operand_to
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Broadcasting aligns axes from the right: the vector's axis is the matrix's second one. A column was meant.
#include <priel/priel.hpp>

using namespace priel;

auto scaled(const Array<float, 2, Split<0>>& x, const Array<float, 1, Split<0>>& row_weights) {
#ifdef PRIEL_MISTAKE
  return x * row_weights;
#else
  return x * row_weights(all, newaxis);
#endif
}
