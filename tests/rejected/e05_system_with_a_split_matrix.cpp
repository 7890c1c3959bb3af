// expect: a_matrix_is_needed_whole_on_its_rank
// expect: write_redistribute_to
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Columns over the ranks: no rank has the matrix, whatever the right-hand sides are.
#include <priel/algorithms/solve.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto solution(const Array<double, 2, Split<1>>& a, const Array<double, 2, Split<1>>& b) {
#ifdef PRIEL_MISTAKE
  return linalg::solve(a, b);
#else
  return linalg::solve(redistribute(a, replicated), b);
#endif
}
