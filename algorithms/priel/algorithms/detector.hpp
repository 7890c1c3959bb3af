// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Detectors: LOF and LoOP fitted to samples, R or S<0>, which also score samples that they were not fitted to.
#pragma once

#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/loop.hpp>

namespace priel {

namespace detail {

// What is kept of a fit for every k.
template <class Method, class Numbers>
struct FittedAt;
template <class Numbers>
struct FittedAt<Lof, Numbers> {
  Numbers k_distance, density;
};
template <class Numbers>
struct FittedAt<Loop, Numbers> : Spread<Numbers> {};

}  // namespace detail

// lof(k).fit(x), loop(k).fit(x): a detector of outliers among samples like those of x (n, d), which is R or S<0>. Metrics: those of
// nearest_neighbours. Fitting sends what lof(x, k) sends, and throws what it throws.
template <class Method, class T, class Policy, class Backend, class M>
class Detector {
  static_assert(std::is_same_v<Policy, Replicated> || std::is_same_v<Policy, Split<0>>,
                "a detector needs whole samples on one rank: write fit(redistribute(x, split<0>))");

 public:
  using Numbers = Array<T, 1, Policy, Backend>;

  template <Expression E>
  Detector(const Method& method, const E& x) : method_(method), samples_(x) {
    detail::check_sweep(method.k);
    const auto near = detail::neighbours_among<M>(samples_, samples_, method.k.largest(), true, false);
    const detail::NeighbourValues<T, Policy, Policy, Backend> values(near.index, samples_.shape()[0]);
    const auto keep = [&](const auto&... numbers) { fitted_.push_back({numbers...}); };
    if constexpr (is_lof) scores_ = detail::factors_of(near, values, method.k, keep);
    else scores_ = detail::probabilities_of(near, values, method.k, method.lambda, method.norm, keep);
  }

  const Method& method() const { return method_; }
  // Of the samples fitted to, as lof(x, k) and loop(x, k) have them: (n), the policy of x.
  const Numbers& scores() const { return scores_; }

  // Of samples y (m, d), each as if it alone were added to those fitted to: its neighbours are among these, and nothing that was fitted
  // changes. One that coincides with a sample has it as a neighbour at distance 0. LoOP's nPLOF is that of the fit (Norm::global), or of the
  // neighbours. R of R -> R; S<0> of R -> S<0>, nothing is sent; of S<0>: R or S<0> -> S<0>, blocks of the fitted samples go round as in lof.
  // NaN for a sample with a value that is not finite. ShapeError if the numbers of features differ.
  template <Expression E>
    requires(rank_of<E> == 2 && std::is_same_v<value_of<E>, T>)
  auto score(const E& y) const {
    using Of = std::conditional_t<std::is_same_v<Policy, Replicated>, detail::stored_policy<policy_of<E>>, Policy>;
    static_assert(std::is_same_v<Of, Replicated> || std::is_same_v<detail::stored_policy<policy_of<E>>, Replicated> ||
                      std::is_same_v<detail::stored_policy<policy_of<E>>, Split<0>>,
                  "a detector scores whole samples: write score(redistribute(y, split<0>))");
    detail::check_features("score", y.shape(), samples_.shape());
    const Array<T, 2, Of, Backend> asked(y);
    const auto near = detail::neighbours_among<M>(asked, samples_, method_.k.largest(), false, true);
    const detail::NeighbourValues<T, Of, Policy, Backend> values(near.index, samples_.shape()[0]);
    using Near = std::remove_const_t<decltype(near)>;
    detail::Aggregator<Array<T, 1, Of, Backend>> scores(method_.k);
    for (int i = 0; i < method_.k.count(); ++i) {
      const detail::Neighbourhood<Near> at(near, method_.k.k(i));
      scores.add(score_at(at, values, fitted_[static_cast<std::size_t>(i)]));
    }
    return scores.result();
  }

  // +1 where the score is above the threshold, an outlier; -1 where it is not, or is NaN: int8, of what scores() and score(y) give.
  // (scikit-learn's predict has the signs the other way round, and its score_samples is -score(y).)
  auto classify(double threshold) const { return classified(scores_, threshold); }
  template <Expression E>
  auto classify(const E& y, double threshold) const { return classified(score(y), threshold); }

 private:
  static constexpr bool is_lof = std::is_same_v<Method, Lof>;
  using Fitted = detail::FittedAt<Method, Numbers>;

  template <class Scores>
  static auto classified(const Scores& scores, double threshold) {
    return eval(astype<std::int8_t>(where(scores > threshold, 1, -1)));
  }

  template <class At, class Values>
  auto score_at(const At& at, const Values& values, const Fitted& fitted) const {
    using Result = typename At::Numbers;
    if constexpr (is_lof) {
      const auto own = detail::reachability_density(at, values(fitted.k_distance));
      return Result(detail::outlier_factor(at, own, values(fitted.density)));
    } else {
      const auto sigma = detail::standard_distance(at);
      const auto [plof, alone] = detail::outlier_ratio(at, sigma, values(fitted.sigma));
      if (method_.norm == Norm::global) return Result(detail::outlier_probability(plof, alone, eval(plof * 0 + fitted.nplof), Norm::global));
      const auto nplof = detail::local_nplof(at, values(fitted.squared), values(fitted.counted), method_.lambda);
      return Result(detail::outlier_probability(plof, alone, nplof, Norm::local));
    }
  }

  Method method_;
  Array<T, 2, Policy, Backend> samples_;
  Numbers scores_;
  std::vector<Fitted> fitted_;
};

}  // namespace priel
