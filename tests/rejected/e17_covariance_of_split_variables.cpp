// expect: error E17: the variables are split over the ranks: write redistribute(x, split<1>) for rows, split<0> for columns
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rank that has some of the variables has no product of all pairs.
#include <priel/priel.hpp>

using namespace priel;

auto covariances(const Array<double, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return cov(x);
#else
  return cov(redistribute(x, split<1>));
#endif
}
