// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The merging of ranks' means and products of deviations, and the covariances and correlations that come of them.

#include <priel/algorithms/covariance.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace priel::detail {

void CoMoments::merge(void* into, const void* from, Size) {
  double* const a = static_cast<double*>(into);
  const double* const b = static_cast<const double*>(from);
  const auto v = static_cast<Size>(a[1]);
  if (b[0] == 0) return;
  if (a[0] == 0) {
    std::copy(b, b + 2 + v + v * v, a);
    return;
  }
  const double n = a[0] + b[0], share = b[0] / n;
  double* const means = a + 2;
  const double* const others = b + 2;
  double* product = means + v;
  const double* other = others + v;
  for (Size i = 0; i < v; ++i)
    for (Size j = 0; j < v; ++j, ++product, ++other) *product += *other + (others[i] - means[i]) * (others[j] - means[j]) * (a[0] * share);
  for (Size i = 0; i < v; ++i) means[i] += (others[i] - means[i]) * share;
  a[0] = n;
}

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
