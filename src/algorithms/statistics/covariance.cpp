// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The merging of ranks' means and products of deviations, and the covariances and correlations that come of them.

#include <priel/algorithms/covariance.hpp>

#include "merge_products.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace priel::detail {

void CoMoments::merge(void* into, const void* from, Size) { merge_products(static_cast<double*>(into), static_cast<const double*>(from), false); }

void CoMoments::finish(double ddof, bool correlated) {
  const auto v = static_cast<Size>(state_[1]);
  const double divisor = std::max(state_[0] - ddof, 0.0), factor = 1 / divisor;
  double* const c = products();
  for (Size i = 0; i < v * v; ++i) c[i] *= factor;
  if (!correlated) return;
  std::vector<double> deviation;
  for (Size i = 0; i < v; ++i) deviation.push_back(std::sqrt(c[i * v + i]));
  for (Size i = 0; i < v; ++i)
    for (Size j = 0; j < v; ++j) {
      double& value = c[i * v + j];
      value = value / deviation[static_cast<std::size_t>(i)] / deviation[static_cast<std::size_t>(j)];
      value = value < -1 ? -1 : value > 1 ? 1 : value;   // NaN stays
    }
}

}  // namespace priel::detail
