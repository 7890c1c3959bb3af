// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// StandardScaler: features to mean 0 and variance 1; the statistics are R, what is transformed keeps its policy.
#pragma once

#include <priel/algorithms/detail/samples.hpp>
#include <priel/reduce.hpp>

#include <limits>

namespace priel {

// What StandardScaler::fit finds, in double whatever the samples are: a mean of large floats has digits that they have not.
template <class Backend>
struct StandardScalerModel {
  Array<double, 1, Replicated, Backend> mean;       // (d): mean_; 0 without `center`
  Array<double, 1, Replicated, Backend> variance;   // (d): var_, divided by n
  Array<double, 1, Replicated, Backend> scale;      // (d): scale_, the root of the variance; 1 for a constant feature and without `scale`

  // (y - mean) / scale, a lazy expression: it owns what it needs of the model. Policy of y, whatever that is; nothing is sent. Floats stay
  // float, integers become double; NaN and infinite values pass. ShapeError if y has other features.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto transform(Y&& y) const {
    detail::check_fitted("StandardScaler", mean.shape()[0], y.shape());
    using T = detail::sample_type<Y>;
    return detail::centred<T>(std::forward<Y>(y), mean) / Array<T, 1, Replicated, Backend>(astype<T>(scale));
  }

  // And back: y * scale + mean.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto inverse_transform(Y&& y) const {
    detail::check_fitted("StandardScaler", mean.shape()[0], y.shape());
    return astype<detail::sample_type<Y>>(astype<double>(std::forward<Y>(y)) * scale + mean);
  }
};

// scikit-learn's: with_mean is `center`, with_std is `scale`.
struct StandardScaler {
  bool center = true;
  bool scale = true;

  // Of samples x (n, d), any expression, R or S<0>, read once; the model is R. Sends n, means and variances: one Allreduce of 24 d bytes.
  // A feature counts as constant where its variance is within the rounding of two-pass sums (Chan, Golub, LeVeque 1983, table 1), as in
  // scikit-learn. InputError for no samples and, unlike scikit-learn, which passes over NaN, for values that are not finite.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x) const -> StandardScalerModel<detail::backend_or_default<backend_of<X>>> {
    detail::check_samples("StandardScaler", x.shape());
    const auto values = astype<double>(detail::whole_samples(x));
    const auto average = mean(values, axis<0>);
    const auto spread = var(values, axis<0>);
    const double rounding = static_cast<double>(x.shape()[0]) * std::numeric_limits<double>::epsilon();

    StandardScalerModel<detail::backend_or_default<backend_of<X>>> model;
    model.scale = where(spread <= rounding * (spread + rounding * square(average)), 1.0, sqrt(spread));   // this statement reduces both
    model.mean = average;
    model.variance = spread;
    if (!item(all(isfinite(model.variance)))) detail::refuse_not_finite("StandardScaler", "x", x);
    if (!center) model.mean = zeros<double>({x.shape()[1]});
    if (!scale) model.scale = full<double>({x.shape()[1]}, 1.0);
    return model;
  }
};

}  // namespace priel
