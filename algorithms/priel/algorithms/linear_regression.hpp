// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LinearRegression: ordinary least squares by tall-skinny QR, x R or S<0> -> R.
#pragma once

#include <priel/algorithms/detail/linear_model.hpp>
#include <priel/algorithms/detail/shrunk_squares.hpp>

namespace priel {

template <class T, class Backend>
struct LinearRegressionModel : LinearModel<T, Backend> {
  Size rank = 0;                                // of x less its means: rank_
  Array<T, 1, Replicated, Backend> singular;    // its singular values, falling: singular_
};

// Minimises |y - x w - b|^2; where more than one w does (columns that depend on others, fewer samples than features), the shortest.
struct LinearRegression {
  Intercept intercept = Intercept::add;
  double tolerance = 1e-6;   // singular values of at most this times the largest count as 0, as in scikit-learn: tol

  // x (n, d), samples by features, R or S<0>; y (n), best of the same policy (another is redistributed); the model is R. By the singular values
  // of the triangle of a QR decomposition (linalg::svd), not of the normal equations, which would square the condition. Sends means and finishes
  // a product, 24 d bytes in two Allreduce, and svd's triangles. With column0 that column's coefficient is the intercept, and `intercept` is 0.
  // InputError for no samples, values that are not finite, a tolerance out of range, and a column0 that is not constant; ShapeError if the rows
  // differ.
  template <Expression X, Expression Y>
    requires(rank_of<X> == 2 && rank_of<Y> == 1 && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex)
  auto fit(const X& x, const Y& y) const -> LinearRegressionModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    detail::check_parameter(tolerance >= 0 && tolerance < 1, "LinearRegression", "tolerance", tolerance, "at least 0 and less than 1");
    auto solved = detail::shrunk_squares("LinearRegression", x, y, intercept, 0, tolerance);
    LinearRegressionModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> model;
    static_cast<decltype(solved.model)&>(model) = std::move(solved.model);
    model.rank = solved.rank;
    model.singular = std::move(solved.singular);
    return model;
  }
};

}  // namespace priel
