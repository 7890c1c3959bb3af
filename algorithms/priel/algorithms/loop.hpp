// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// loop: local outlier probabilities (Kriegel, Kröger, Schubert, Zimek 2009), R -> R, S<0> -> S<0>.
#pragma once

#include <priel/algorithms/detail/exact_sum.hpp>
#include <priel/algorithms/lof.hpp>
#include <priel/create.hpp>

#include <cmath>
#include <utility>

namespace priel {

namespace detail {

// What LoOP of one k needs of each sample: sigma; PLOF², or 0 where it does not count; whether it counts.
template <class Numbers>
struct Spread {
  Numbers sigma, squared, counted;
  double nplof = 0;   // Norm::global
};

template <class Near>
auto standard_distance(const Neighbourhood<Near>& at) { return eval(sqrt(at.total(square(at.near.distance)) / at.size)); }

// PLOF and the samples that are alone (a/0: all neighbours are duplicates, the sample is not), from their sigmas and the neighbours'.
template <class Near, class Values>
auto outlier_ratio(const Neighbourhood<Near>& at, const typename Neighbourhood<Near>::Numbers& sigma, const Values& sigmas) {
  const auto expected = eval(at.total(sigmas) / at.size);
  return std::pair(eval(where(expected == 0, where(isnan(sigma), sigma, 0), sigma / expected - 1)), eval((expected == 0) & (sigma > 0)));
}

// The score from PLOF and nPLOF, a number or one for each sample.
template <class Numbers, class Flags, class Nplof>
auto outlier_probability(const Numbers& plof, const Flags& alone, const Nplof& nplof, Norm norm) {
  using T = value_of<Numbers>;
  const auto probability = maximum(erf(plof / (nplof * std::sqrt(2.0))), 0);
  const auto without_spread = where(plof > 0, norm == Norm::local ? T(1) : T(0), T(0));
  return where(alone, 1, where(isnan(plof), plof, where(nplof == 0, without_spread, probability)));
}
template <class Near, class Values>
auto local_nplof(const Neighbourhood<Near>& at, const Values& squared, const Values& counted, double lambda) {
  return eval(lambda * sqrt(at.total(squared) / maximum(at.total(counted), 1)));
}

// The mean of PLOF² over the samples of all ranks that count.
template <class T, class Policy, class Backend, class Flags>
double mean_of_squares(const Array<T, 1, Policy, Backend>& plof, const Flags& counted) {
  const Size n = plof.lshape()[0];
  const OnCpu<Backend, T> values(plof.local().data(), n), counts(counted.local().data(), n);
  ExactSum sum;
  for (Size i = 0; i < n; ++i)
    if (counts.data()[i] != T{}) sum.add(static_cast<double>(values.data()[i]) * static_cast<double>(values.data()[i]));
  if constexpr (!std::is_same_v<Policy, Replicated>) sum.over_ranks(*plof.comm());
  return sum.mean();
}

// Of neighbourhoods within one set of samples, whose numbers `values` looks up; tells keep(spread) of every k.
template <class Near, class Values, class Keep>
auto probabilities_of(const Near& near, const Values& values, const Sweep& sweep, double lambda, Norm norm, Keep&& keep) {
  using Numbers = typename Neighbourhood<Near>::Numbers;
  using T = value_of<Numbers>;
  Aggregator<Numbers> scores(sweep);
  for (int i = 0; i < sweep.count(); ++i) {
    const Neighbourhood<Near> at(near, sweep.k(i));
    Spread<Numbers> spread{standard_distance(at), {}, {}};
    const auto [plof, alone] = outlier_ratio(at, spread.sigma, values(spread.sigma));
    spread.squared = where(alone | isnan(plof), 0, square(plof));
    spread.counted = astype<T>(!(alone | isnan(plof)));
    Numbers nplof;
    if (norm == Norm::local) nplof = local_nplof(at, values(spread.squared), values(spread.counted), lambda);
    else nplof = plof * 0 + (spread.nplof = lambda * std::sqrt(mean_of_squares(plof, spread.counted)));
    scores.add(outlier_probability(plof, alone, nplof, norm));
    keep(spread);
  }
  return scores.result();
}

template <class M, class E>
struct LoopScores : SampleScores<M, E> {
  Sweep sweep;
  double lambda;
  Norm norm;

  auto operator()(const E& x) const {
    const auto near = this->search(x, sweep);
    const typename SampleScores<M, E>::Values values(near.index, x.shape()[0]);
    return probabilities_of(near, values, sweep, lambda, norm, [](const auto&) {});
  }
  void plan(Plan& plan, const E& x) const {
    this->plan_scores(plan, x, sweep.largest(), (norm == Norm::global ? 1 : 3) * sweep.count());
    for (int i = 0; i < sweep.count() && norm == Norm::global && this->passes; ++i)
      plan.message(Collective::all_reduce, "mean of squared PLOF", [](int) { return Size{ExactSum::bytes}; });
  }
};

}  // namespace detail

// The local outlier probability in [0, 1] of every sample of x (n, d), floating, R or S<0> -> (n), the same policy and type.
//   sigma(x) = sqrt(mean of d(x, y)^2 over N(x)),  pdist(x) = lambda sigma(x)                 equations 5, 6
//   PLOF(x) = pdist(x) / mean of pdist(y) over N(x) - 1                                       equation 7
//   nPLOF = lambda sqrt(E[PLOF^2]), LoOP(x) = max(0, erf(PLOF(x) / (nPLOF sqrt 2)))           equations 8, 9
// with inclusive neighbourhoods, for every k of the sweep; E is over all valid samples (Norm::global) or N(x) (Norm::local).
// 0/0 in PLOF is 0; a/0 scores 1 and is left out of E. nPLOF = 0: 0 (global); 1 where PLOF > 0, else 0 (local).
// A sample with a value that is not finite is left out and scores NaN. Metrics: those of nearest_neighbours. Sends, where x is S<0>: what that
// does, and per k a sum and, of samples that are neighbours on other ranks, three numbers at most. The same, bit for bit, for every
// number of ranks. Throws InputError, when it is evaluated, if k.largest() >= the number of valid samples.
template <Expression E, MetricLike M = metric::Euclidean>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto loop(E&& x, const Sweep& sweep, double lambda = 3, Norm norm = Norm::global, M = {}) {
  using X = detail::settled_t<E>;
  return detail::computed(detail::LoopScores<M, X>{{}, sweep, lambda, norm}, X(detail::settled(std::forward<E>(x))));
}

template <Expression E, MetricLike M = metric::Euclidean>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto loop(E&& x, int k, double lambda = 3, Norm norm = Norm::global, M metric = {}) {
  return loop(std::forward<E>(x), Sweep{k, k}, lambda, norm, metric);
}

// The kernel for vmap: LoOP of one series (T, d) -> (T). A series with too few valid samples scores NaN everywhere.
struct Loop {
  Sweep k;
  double lambda = 3;
  Norm norm = Norm::global;

  template <Expression E>
  auto operator()(const E& x) const {
    detail::check_sweep(k);
    if (detail::valid_samples(x) <= k.largest()) return eval(astype<value_of<E>>(0 * x(all, 0) + nan));
    return eval(loop(x, k, lambda, norm));
  }
  // The same for contiguous CPU memory; vmap prefers it. Returns the number of valid samples.
  template <class T>
  Size series(const T* x, Size n, Size d, T* scores) const { return detail::loop_series(x, n, d, k, lambda, norm, scores); }
  // For memory that the CPU does not see: what scores up to `most` series a call.
  template <class Backend, class T>
  detail::SeriesBatch<Backend, T> batch(Size most, Size n, Size d) const { return {most, n, d, {k, true, lambda, norm}}; }

  // A detector for samples x: <priel/algorithms/detector.hpp>.
  template <Expression E, MetricLike M = metric::Euclidean>
  auto fit(const E& x, M = {}) const {
    return Detector<Loop, value_of<E>, detail::stored_policy<policy_of<E>>, detail::backend_or_default<backend_of<E>>, M>(*this, x);
  }
};
inline Loop loop(const Sweep& k, double lambda = 3, Norm norm = Norm::global) { return {k, lambda, norm}; }
inline Loop loop(int k) { return {{k, k}}; }
inline Loop loop(int first, int last, int step = 1, double lambda = 3, Norm norm = Norm::global) { return {{first, last, step}, lambda, norm}; }

}  // namespace priel
