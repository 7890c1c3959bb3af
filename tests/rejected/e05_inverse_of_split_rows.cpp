// expect: a_matrix_is_needed_whole_on_its_rank
// expect: write_redistribute_to
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows over the ranks: no rank has the matrix.
#include <priel/algorithms/linalg.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto inverse(const Array<double, 2, Split<0>>& a) {
#ifdef PRIEL_MISTAKE
  return linalg::inv(a);
#else
  return linalg::inv(redistribute(a, replicated));
#endif
}
