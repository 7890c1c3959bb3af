// expect: error_E06_vmap_needs_all_of_a_slice_on_one_rank
// expect: write_redistribute_to
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A kernel needs its whole slice; here every rank has a part of each.
#include <priel/priel.hpp>

using namespace priel;

auto scores(const Array<float, 3, Split<1>>& series) {
#ifdef PRIEL_MISTAKE
  return vmap(lof(5, 10), series);
#else
  return vmap(lof(5, 10), redistribute(series, split<0>));
#endif
}
