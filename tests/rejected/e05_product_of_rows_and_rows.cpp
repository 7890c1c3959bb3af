// expect: are_split_on_different_labels
// expect: write_redistribute_right_operand_to
// expect: matmul_ring
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of both: no rank holds both factors of a term.
#include <priel/algorithms/ring.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto multiplied(const Array<float, 2, Split<0>>& a, const Array<float, 2, Split<0>>& b) {
#ifdef PRIEL_MISTAKE
  return matmul(a, b);
#else
  return matmul(a, redistribute(b, replicated)) + matmul_ring(a, b);
#endif
}
