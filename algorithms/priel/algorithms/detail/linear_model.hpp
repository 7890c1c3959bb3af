// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the fitted linear models have in common: coefficients and an intercept, what they predict, and how well.
#pragma once

#include <priel/algorithms/detail/gram_sums.hpp>
#include <priel/algorithms/detail/samples.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/reduce.hpp>

#include <vector>

namespace priel {

// y = x w + b.
template <class T, class Backend>
struct LinearModel {
  Array<T, 1, Replicated, Backend> coefficients;   // (d): coef_
  double intercept = 0;                            // intercept_

  // Of samples x (n, d): (n), policy of x, R or S<0>. Nothing is sent. ShapeError if x has other features.
  template <Expression X>
    requires(rank_of<X> == 2)
  auto predict(const X& x) const -> Array<T, 1, detail::sample_policy<X>, Backend> {
    detail::check_fitted("predict", coefficients.shape()[0], x.shape());
    return matmul(astype<T>(detail::whole_samples(x)), coefficients) + static_cast<T>(intercept);
  }

  // The coefficient of determination, 1 - |y - predict(x)|^2 / |y - mean(y)|^2, of y (n); 1 or 0 where y is constant, as it is met or not.
  // Sends sums, one Allreduce. ShapeError if rows differ.
  template <Expression X, Expression Y>
    requires(rank_of<X> == 2 && rank_of<Y> == 1)
  double score(const X& x, const Y& y) const {
    using Values = Array<double, 1, detail::sample_policy<X>, Backend>;
    detail::check_rows("score", x.shape()[0], "y", y.shape()[0]);
    const Values target(astype<double>(y));
    const Values residual = target - predict(x);
    const Size n = y.shape()[0];
    const Array<double, 1, Replicated, Backend> sums = stack(axis<0>, sum(square(residual)), static_cast<double>(n) * var(target));
    const double missed = item(sums(0)), spread = item(sums(1));
    return spread == 0 ? (missed == 0 ? 1 : 0) : 1 - missed / spread;
  }
};

namespace detail {

// One value for each sample, stored as the samples are: y of another policy is redistributed. Checks the extents first.
template <class X, Expression Y>
auto target_of(const char* name, const X& samples, const Y& y) {
  check_samples(name, samples.shape());
  check_rows(name, samples.shape()[0], "y", y.shape()[0]);
  return Array<double, 1, policy_of<X>, backend_of<X>>(astype<double>(y));
}

// A replicated row in CPU memory.
template <class A>
std::vector<double> row_of(const A& row) {
  const OnCpu<backend_of<A>, value_of<A>> values(row.local().data(), row.size());
  return std::vector<double>(values.data(), values.data() + row.size());
}

}  // namespace detail
}  // namespace priel
