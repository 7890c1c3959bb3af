// expect: error E06: a block needs whole rows on one rank: write redistribute(x, split<0>)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Blocks are runs of rows; here every rank has a part of each row.
#include <priel/priel.hpp>

#include <priel/algorithms/streaming.hpp>

using namespace priel;

auto blocks(const Array<float, 2, Split<1>>& x) {
#ifdef PRIEL_MISTAKE
  return together(x, 2 * x);
#else
  return together(redistribute(x, split<0>), redistribute(2 * x, split<0>));
#endif
}
