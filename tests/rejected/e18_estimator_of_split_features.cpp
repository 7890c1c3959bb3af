// expect: error E18: an estimator needs whole samples on one rank: write redistribute(x, split<0>)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rank that has some of the features of each sample has no sample.
#include <priel/priel.hpp>

#include <priel/algorithms/standard_scaler.hpp>

using namespace priel;

auto scaler(const Array<double, 2, Split<1>>& x) {
#ifdef PRIEL_MISTAKE
  return StandardScaler{}.fit(x);
#else
  return StandardScaler{}.fit(redistribute(x, split<0>));
#endif
}
