// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// MinMaxScaler: every feature into one interval; the model is R, what is transformed keeps its policy.
#pragma once

#include <priel/algorithms/detail/samples.hpp>
#include <priel/reduce.hpp>

#include <limits>

namespace priel {

// What MinMaxScaler::fit finds. T: the samples' floating type.
template <class T, class Backend>
struct MinMaxScalerModel {
  Array<T, 1, Replicated, Backend> minimum;      // (d): data_min_
  Array<T, 1, Replicated, Backend> maximum;      // (d): data_max_
  Array<T, 1, Replicated, Backend> scale;        // (d): scale_, (high - low) / (maximum - minimum); high - low for a constant feature
  double low, high;

  // low + (y - minimum) * scale, a lazy expression that owns what it needs of the model. Policy of y, whatever that is; nothing is sent. Values outside
  // of what was seen come to lie outside of [low, high], unless clip() follows; NaN passes. ShapeError if y has other features.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto transform(Y&& y) const {
    detail::check_fitted("MinMaxScaler", minimum.shape()[0], y.shape());
    return (astype<detail::sample_type<Y>>(std::forward<Y>(y)) - minimum) * scale + low;
  }

  // And back: (y - low) / scale + minimum.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto inverse_transform(Y&& y) const {
    detail::check_fitted("MinMaxScaler", minimum.shape()[0], y.shape());
    return (astype<detail::sample_type<Y>>(std::forward<Y>(y)) - low) / scale + minimum;
  }
};

// scikit-learn's: feature_range is [low, high].
struct MinMaxScaler {
  double low = 0;
  double high = 1;

  // Of samples x (n, d), any expression, R or S<0>, read once; the model is R. Sends minima and maxima: one Allreduce of 2 d elements.
  // A feature counts as constant where its range is under ten times the type's rounding, as in scikit-learn. InputError for no samples,
  // low >= high and, unlike scikit-learn, which passes over NaN, for values that are not finite.
  template <Expression X>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x) const -> MinMaxScalerModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    using T = detail::sample_type<X>;
    detail::check_parameter(low < high, "MinMaxScaler", "low", low, "less than high");
    detail::check_samples("MinMaxScaler", x.shape());
    const auto values = astype<T>(detail::whole_samples(x));
    const auto smallest = min(values, axis<0>);
    const auto largest = max(values, axis<0>);
    const auto range = largest - smallest;

    MinMaxScalerModel<T, detail::backend_or_default<backend_of<X>>> model;
    model.scale = (high - low) / where(range < 10 * std::numeric_limits<T>::epsilon(), 1.0, range);   // this statement reduces both
    model.minimum = smallest;
    model.maximum = largest;
    model.low = low, model.high = high;
    if (!item(all(isfinite(range)))) detail::refuse_not_finite("MinMaxScaler", "x", x);
    return model;
  }
};

}  // namespace priel
