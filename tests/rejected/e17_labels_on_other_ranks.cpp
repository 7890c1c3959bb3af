// expect: error E17: the labels live on other ranks than the samples: write redistribute(labels, policy of the samples)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Every rank has all samples, and some of the labels only.
#include <priel/priel.hpp>
#include <priel/algorithms/gaussian_nb.hpp>

using namespace priel;

auto model(const Array<double, 2>& x, const Array<int, 1, Split<0>>& labels) {
#ifdef PRIEL_MISTAKE
  return GaussianNB{}.fit(x, labels);
#else
  return GaussianNB{}.fit(x, redistribute(labels, replicated));
#endif
}
