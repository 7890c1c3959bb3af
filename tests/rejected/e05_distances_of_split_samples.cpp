// expect: are_split_on_different_labels
// expect: write_redistribute_right_operand_to
// expect: cdist_ring
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Samples of both are split: every rank would need all of one.
#include <priel/algorithms/cdist.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto distances(const Array<float, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return cdist(x, x);
#else
  return cdist_ring(x, x);
#endif
}
