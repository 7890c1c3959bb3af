// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Merges two sets of co-moments: number, how many variables, means, products of deviations.
#pragma once

#include <priel/shape.hpp>

#include <algorithm>

namespace priel::detail {

// a becomes that of a's and b's observations together (Chan, Golub, LeVeque 1983, for products). Products are a matrix, or its upper triangle.
inline void merge_products(double* a, const double* b, bool triangle) {
  const auto v = static_cast<Size>(a[1]);
  if (b[0] == 0) return;
  if (a[0] == 0) {
    std::copy(b, b + 2 + v + (triangle ? v * (v + 1) / 2 : v * v), a);
    return;
  }
  const double n = a[0] + b[0], share = b[0] / n;
  double* const means = a + 2;
  const double* const others = b + 2;
  double* product = means + v;
  const double* other = others + v;
  for (Size i = 0; i < v; ++i)
    for (Size j = triangle ? i : 0; j < v; ++j, ++product, ++other)
      *product += *other + (others[i] - means[i]) * (others[j] - means[j]) * (a[0] * share);
  for (Size i = 0; i < v; ++i) means[i] += (others[i] - means[i]) * share;
  a[0] = n;
}

}  // namespace priel::detail
