// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Ridge: linear regression with a penalty on the coefficients' squares, x R or S<0> -> R, by one message.
#pragma once

#include <priel/algorithms/detail/gram.hpp>
#include <priel/algorithms/detail/linear.hpp>
#include <priel/algorithms/detail/shrunk_squares.hpp>

#include <cmath>
#include <limits>

namespace priel {

template <class T, class Backend>
struct RidgeModel : LinearModel<T, Backend> {};

// Minimises |y - x w - b|^2 + alpha |w|^2 (Hoerl, Kennard 1970), as scikit-learn does.
struct Ridge {
  double alpha = 1;
  Intercept intercept = Intercept::add;

  // x (n, d), samples by features, R or S<0>; y (n), best of the same policy (another is redistributed); the model is R. Sends the Gram matrix of
  // x and y, one Allreduce of 4 d^2 + 20 d + 32 bytes, and every rank solves the same equations. Where these would be ill conditioned (alpha of
  // at most 1e-9 of the sum of squares) or larger than x (d > n), by singular values instead: what LinearRegression sends, which is the same at
  // alpha = 0. With column0 that column's coefficient is the intercept, and `intercept` is 0. InputError for no samples, values that are not finite,
  // a negative alpha, and a column0 that is not constant; ShapeError if the rows differ.
  template <Expression X, Expression Y>
    requires(rank_of<X> == 2 && rank_of<Y> == 1 && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex)
  auto fit(const X& x, const Y& y) const -> RidgeModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    using T = detail::sample_type<X>;
    using Backend = detail::backend_or_default<backend_of<X>>;
    detail::check_parameter(alpha >= 0 && std::isfinite(alpha), "Ridge", "alpha", alpha, "finite and at least 0");
    const auto samples = detail::samples_of(x);
    const Size n = x.shape()[0], d = x.shape()[1];
    if (alpha > 0 && n >= d) {
      const auto sums = detail::checked_sums("Ridge", samples, detail::target_of("Ridge", samples, y), 0, d, intercept);
      detail::NormalEquations equations(sums, intercept != Intercept::none);
      if (alpha > 1e-9 * detail::add_to_diagonal(equations, alpha)) {
        auto& weights = equations.target;
        detail::solve_matrix("Ridge", d, 1, equations.gram.data(), weights.data());
        const double constant = detail::completed(intercept, weights, sums.means(), sums.mean(d));
        return {{detail::array_from_host<Array<T, 1, Replicated, Backend>>({d}, samples.comm(), weights), constant}};
      }
    }
    const double rounding = 16 * std::sqrt(static_cast<double>(d)) * static_cast<double>(std::numeric_limits<T>::epsilon());
    return {detail::shrunk_squares("Ridge", samples, y, intercept, alpha, rounding).model};
  }
};

}  // namespace priel
