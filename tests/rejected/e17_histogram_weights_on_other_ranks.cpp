// expect: error E17: the weights live on other ranks than the elements: write redistribute(weights, policy of the elements)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Every rank weighs the elements that it holds.
#include <priel/priel.hpp>

using namespace priel;

auto weighed(const Array<double, 2>& x, const Array<double, 2, Split<0>>& weights) {
#ifdef PRIEL_MISTAKE
  return histogram(x, 10, 0, 1, weights);
#else
  return histogram(x, 10, 0, 1, redistribute(weights, replicated));
#endif
}
