// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// TruncatedSVD: the largest singular values of samples as they are, by one message or two; R and S<0> -> a model that is R.
#pragma once

#include <priel/algorithms/detail/components.hpp>
#include <priel/algorithms/matmul.hpp>

#include <cmath>

namespace priel {

// What TruncatedSVD::fit finds. T: the samples' floating type.
template <class T, class Backend>
struct TruncatedSVDModel {
  Array<T, 2, Replicated, Backend> components;                 // (k, d): orthonormal rows, in each of which the largest element is positive
  Array<T, 1, Replicated, Backend> explained_variance;         // (k): of the samples along the components, divided by n
  Array<T, 1, Replicated, Backend> explained_variance_ratio;   // (k): as part of the sum over all features
  Array<T, 1, Replicated, Backend> singular_values;            // (k), falling

  // The samples' coordinates y components^T, (m, k), lazy. Policies as matmul's with a replicated right operand: R -> R, S<0> -> S<0>, nothing
  // is sent. ShapeError if y has other features.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto transform(Y&& y) const {
    detail::check_fitted("TruncatedSVD", components.shape()[1], y.shape());
    return matmul(astype<T>(std::forward<Y>(y)), transpose(components));
  }

  // And back, as far as the components go: z components, (m, d).
  template <Expression Z>
    requires(rank_of<Z> == 2)
  auto inverse_transform(Z&& z) const {
    detail::check_fitted("TruncatedSVD, backwards", components.shape()[0], z.shape());
    return matmul(astype<T>(std::forward<Z>(z)), components);
  }
};

// scikit-learn's, to rounding: its default stops an iteration earlier.
struct TruncatedSVD {
  Size components = 2;   // how many; 0: all min(n, d)

  // Of samples x (n, d), R or S<0>, any number of rows a rank; the model is R. Messages and exactness as PCA's. InputError for no samples, more than
  // min(n, d) components, or values that are not finite.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x) const -> TruncatedSVDModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    using T = detail::sample_type<X>;
    using Backend = detail::backend_or_default<backend_of<X>>;
    const Size k = detail::components_of("TruncatedSVD", components, x.shape(), 1);
    const auto samples = detail::samples_of(x);
    const auto found = detail::find_components(samples, k, false).directions;
    if (!std::isfinite(found.values[0])) detail::refuse_not_finite("TruncatedSVD", "x", samples);

    using Line = Array<T, 1, Replicated, Backend>;
    const auto line = [&](const auto& values) { return detail::array_from_host<Line>(Shape<1>{k}, samples.comm(), values); };
    return {detail::array_from_host<Array<T, 2, Replicated, Backend>>(Shape<2>{k, x.shape()[1]}, samples.comm(), found.vectors),
            line(found.variances), line(found.ratios), line(found.values)};
  }
};

}  // namespace priel
