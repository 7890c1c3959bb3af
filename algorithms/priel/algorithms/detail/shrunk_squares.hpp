// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Least squares by singular values, with or without a penalty on the weights' squares: x R or S<0> -> R.
#pragma once

#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/detail/gram_sums.hpp>
#include <priel/algorithms/detail/linear_model.hpp>
#include <priel/algorithms/qr.hpp>
#include <priel/finish.hpp>

#include <cmath>

namespace priel::detail {

template <class T, class Backend>
struct ShrunkSquares {
  LinearModel<T, Backend> model;
  Size rank;
  Array<T, 1, Replicated, Backend> singular;
};

// With x = U diag(S) Vh the w that minimises |y - x w|^2 + alpha |w|^2 is Vh^T diag(S / (S^2 + alpha)) U^T y; of x and y less their means if there
// is an intercept. Singular values of at most `tolerance` times the largest count as 0. Checks x and y.
template <Expression X, Expression Y>
auto shrunk_squares(const char* name, const X& x, const Y& y, Intercept intercept, double alpha, double tolerance) {
  using T = sample_type<X>;
  using Backend = backend_or_default<backend_of<X>>;
  const auto samples = samples_of(x);
  const auto target = target_of(name, samples, y);
  const Size d = x.shape()[1];

  const Array<double, 1, Replicated, Backend> means = concatenate(axis<0>, mean(astype<double>(samples), axis<0>), mean(target, axis<0>, keepdims));
  auto centre = row_of(means);
  const double offset = centre.back();
  centre.pop_back();
  if (!item(all(isfinite(means(range(0, d)))))) refuse_not_finite(name, "x", samples);
  if (!std::isfinite(offset)) refuse_not_finite(name, "y", target);
  if (intercept == Intercept::column0) check_column0(name, item(max(samples(all, 0)) != min(samples(all, 0))), centre[0]);

  const double level = intercept == Intercept::none ? 0 : 1;
  const Array<double, 1, Replicated, Backend> levels = level * means(range(0, d));
  const auto [U, S, Vh] = svd(centred<T>(samples, levels));
  const Array<T, 1, Replicated, Backend> along = matmul(transpose(U), astype<T>(target - level * offset));
  const auto kept = eval(S > static_cast<T>(tolerance) * max(S));
  const Array<T, 1, Replicated, Backend> w = matmul(transpose(Vh) * where(kept, S / (S * S + static_cast<T>(alpha)), T{}), along);

  auto weights = row_of(w);
  if (!std::isfinite(sum_of_magnitudes(weights))) refuse_not_finite(name, "x", samples);   // squares overflow
  ShrunkSquares<T, Backend> result{{w, completed(intercept, weights, centre, offset)}, item(sum(astype<Size>(kept))), S};
  if (intercept == Intercept::column0) result.model.coefficients = array_from_host<std::remove_const_t<decltype(w)>>({d}, samples.comm(), weights);
  return result;
}

}  // namespace priel::detail
