// expect: a_factorisation_needs_whole_rows_on_one_rank
// expect: write_redistribute_to
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Columns over the ranks: a rank has no whole row.
#include <priel/algorithms/qr.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto singular_values(const Array<float, 2, Split<1>>& a) {
#ifdef PRIEL_MISTAKE
  return svd(a);
#else
  return svd(redistribute(a, split<0>));
#endif
}
