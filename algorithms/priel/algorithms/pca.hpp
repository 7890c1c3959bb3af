// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// PCA: the directions in which samples vary most, by one message or two; R and S<0> -> a model that is R.
#pragma once

#include <priel/algorithms/detail/components.hpp>
#include <priel/algorithms/detail/projection.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/slice.hpp>

#include <cmath>

namespace priel {

// What PCA::fit finds. T: the samples' floating type.
template <class T, class Backend>
struct PCAModel {
  Array<T, 2, Replicated, Backend> components;                      // (k, d): orthonormal rows, in each of which the largest element is positive
  Array<T, 1, Replicated, Backend> explained_variance;              // (k), falling: of the samples along the components, divided by n - 1
  Array<T, 1, Replicated, Backend> explained_variance_ratio;        // (k): as part of the sum over all features
  Array<T, 1, Replicated, Backend> singular_values;                 // (k): of x - mean
  Array<double, 1, Replicated, Backend> mean;                       // (d)
  double noise_variance = 0;                                        // the mean of the variances along what is left
  bool whiten = false;

  // The samples' coordinates, (y - mean) components^T, each divided by the root of its variance if `whiten`: (m, k), lazy, made block by block. R -> R,
  // S<0> -> S<0>, nothing is sent. ShapeError if y has other features.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto transform(Y&& y) const {
    detail::check_fitted("PCA", mean.shape()[0], y.shape());
    return detail::projected<T>(std::forward<Y>(y), mean, eval(transpose(whiten ? eval(components / scale()) : components)));
  }

  // And back, as far as the components go: z components + mean, (m, d).
  template <Expression Z>
    requires(rank_of<Z> == 2)
  auto inverse_transform(Z&& z) const {
    detail::check_fitted("PCA, backwards", components.shape()[0], z.shape());
    return matmul(astype<T>(std::forward<Z>(z)), whiten ? eval(components * scale()) : components) + astype<T>(mean);
  }

 private:
  auto scale() const { return sqrt(explained_variance)(all, newaxis); }
};

// scikit-learn's.
struct PCA {
  Size components = 0;   // how many; 0: all min(n, d)
  bool whiten = false;

  // Of samples x (n, d), R or S<0>, any number of rows a rank; the model is R. Sends the Gram matrix of the deviations from the means, with these: one
  // Allreduce of 8 (4 + 2.5 d + d^2 / 2) bytes. Doubles whose last singular value asked for is less than a hundredth of the first, and fewer
  // samples than features: the triangle of the deviations' QR, an Allreduce of 8 (4 + d + d min(n + p, d)) bytes more, or instead. Singular values
  // are right to 1e-12 then, respectively to rounding times the largest over them; those of floats to less than a float's rounding of the
  // largest. InputError for fewer than 2 samples, more than min(n, d) components, or values that are not finite.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x) const -> PCAModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    using T = detail::sample_type<X>;
    using Backend = detail::backend_or_default<backend_of<X>>;
    const Size k = detail::components_of("PCA", components, x.shape(), 2), d = x.shape()[1];
    const auto samples = detail::samples_of(x);
    const auto [found, means] = detail::find_components(samples, k, true);
    if (!std::isfinite(found.values[0])) detail::refuse_not_finite("PCA", "x", samples);

    using Line = Array<T, 1, Replicated, Backend>;
    const auto line = [&](const auto& values) { return detail::array_from_host<Line>(Shape<1>{k}, samples.comm(), values); };
    return {detail::array_from_host<Array<T, 2, Replicated, Backend>>(Shape<2>{k, d}, samples.comm(), found.vectors),
            line(found.variances), line(found.ratios), line(found.values),
            detail::array_from_host<Array<double, 1, Replicated, Backend>>(Shape<1>{d}, samples.comm(), means), found.rest, whiten};
  }
};

}  // namespace priel
