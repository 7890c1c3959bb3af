// expect: the_metric_does_not_add_up_over_split_features
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The largest difference is no sum of what the ranks have.
#include <priel/algorithms/cdist.hpp>
#include <priel/priel.hpp>

using namespace priel;

auto distances(const Array<float, 2, Split<1>>& x, const Array<float, 2, Split<1>>& y) {
#ifdef PRIEL_MISTAKE
  return cdist(x, y, metric::chebyshev);
#else
  return cdist(redistribute(x, split<0>), redistribute(y, replicated), metric::chebyshev);
#endif
}
