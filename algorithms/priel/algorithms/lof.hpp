// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// lof: local outlier factor (Breunig, Kriegel, Ng, Sander 2000), R -> R, S<0> -> S<0>.
#pragma once

#include <priel/algorithms/aggregate.hpp>
#include <priel/algorithms/detail/series.hpp>
#include <priel/algorithms/neighbours_values.hpp>
#include <priel/create.hpp>

#include <utility>

namespace priel {

namespace detail {

// One k of neighbourhoods that were found for the largest.
template <class Near>
struct Neighbourhood {
  using T = value_of<decltype(Near::distance)>;
  using Numbers = decltype(eval(std::declval<const Near&>().distance(all, 0)));

  Neighbourhood(const Near& neighbours, Size k)
      : near(neighbours), k_distance(eval(near.distance(all, k - 1))), inside(eval(near.distance <= std::as_const(k_distance)(all, newaxis))),
        size(eval(astype<T>(sum(inside, axis<1>)))) {}

  // Over the neighbours, of an expression (n, width).
  template <class E>
  auto total(const E& values) const { return sum(where(inside, values, 0), axis<1>); }

  const Near& near;
  Numbers k_distance;
  decltype(eval(std::declval<const Near&>().distance <= std::declval<const Numbers&>()(all, newaxis))) inside;
  Numbers size;
};

// Of the neighbours' k-distances; and LOF of the densities of the samples and of their neighbours.
template <class Near, class Values>
auto reachability_density(const Neighbourhood<Near>& at, const Values& k_distances) {
  return eval(at.size / at.total(maximum(k_distances, at.near.distance)));
}
template <class Near, class Values>
auto outlier_factor(const Neighbourhood<Near>& at, const typename Neighbourhood<Near>::Numbers& own, const Values& densities) {
  return where(isinf(own), 1, at.total(densities) / (at.size * own));
}

// Of neighbourhoods within one set of samples, whose numbers `values` looks up; tells keep(k-distances, densities) of every k.
template <class Near, class Values, class Keep>
auto factors_of(const Near& near, const Values& values, const Sweep& sweep, Keep&& keep) {
  Aggregator<typename Neighbourhood<Near>::Numbers> scores(sweep);
  for (int i = 0; i < sweep.count(); ++i) {
    const Neighbourhood<Near> at(near, sweep.k(i));
    const auto own = reachability_density(at, values(at.k_distance));
    scores.add(outlier_factor(at, own, values(own)));
    keep(at.k_distance, own);
  }
  return scores.result();
}

// What scores of samples have in common as functions (computed.hpp): x (n, d) -> (n), and what they send where x is S<0>: samples to half
// of the ranks and back what was found for them, and `numbers` numbers of every neighbour.
template <class M, class E>
struct SampleScores {
  using T = value_of<E>;
  using value_type = T;
  using policy_type = stored_policy<policy_of<E>>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = 1;
  static constexpr bool passes = !std::is_same_v<policy_type, Replicated>;
  static constexpr Collectives collectives = passes ? Collective::exchange | Collectives(Collective::all_reduce) : Collectives{};
  using Samples = Array<T, 2, policy_type, backend_type>;
  using Values = NeighbourValues<T, policy_type, policy_type, backend_type>;

  Shape<1> shape(const E& x) const { return {x.shape()[0]}; }

 protected:
  static Neighbours<T, policy_type, backend_type> search(const E& x, const Sweep& sweep) {
    static_assert(!passes || std::is_same_v<policy_type, Split<0>>,
                  "scores of samples need whole samples on one rank: write redistribute(x, split<0>)");
    check_sweep(sweep);
    const Samples samples(x);
    return neighbours_among<M>(samples, samples, sweep.largest(), true, false);
  }
  void plan_scores(Plan& plan, const E& x, Size k, Size numbers) const {
    const auto shape = x.shape();
    plan.loop("neighbours of " + described(x), policy_type::part(shape, plan.ranks(), 0).extent[0] * shape.size(), [&] {
      plan_stored<T, policy_type>(x, plan);
      plan.fused("k_distance");
    });
    plan_neighbours<backend_type, M, T, policy_type>(plan, shape, k);
    plan_values<T, policy_type>(plan, shape[0], numbers);
  }
};

template <class M, class E>
struct LofScores : SampleScores<M, E> {
  Sweep sweep;

  auto operator()(const E& x) const {
    const auto near = this->search(x, sweep);
    const typename SampleScores<M, E>::Values values(near.index, x.shape()[0]);
    return factors_of(near, values, sweep, [](const auto&, const auto&) {});
  }
  void plan(Plan& plan, const E& x) const { this->plan_scores(plan, x, sweep.largest(), 2 * sweep.count()); }
};

}  // namespace detail

// The local outlier factor of every sample of x (n, d), floating, R or S<0> -> (n), the same policy and element type.
//   reach-dist(x, y) = max(k-distance(y), d(x, y))          definition 5
//   lrd(x) = |N| / sum of reach-dist(x, y) over N(x)        definition 6
//   LOF(x) = mean of lrd(y) / lrd(x) over N(x)              definition 7
// with inclusive neighbourhoods N (definition 4), for every k of the sweep; the scores are aggregated. Own lrd infinite
// (duplicates): 1. Only a neighbour's: +inf. A sample with a value that is not finite is left out and scores NaN.
// Metrics: those of nearest_neighbours. Sends, where x is S<0>: what that does and, of samples that are neighbours on other ranks,
// two numbers per k. The same, bit for bit, for every number of ranks. Throws InputError, when it is evaluated, if k.largest() >= the
// number of valid samples.
template <Expression E, MetricLike M = metric::Euclidean>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto lof(E&& x, const Sweep& sweep, M = {}) {
  using X = detail::settled_t<E>;
  return detail::computed(detail::LofScores<M, X>{{}, sweep}, X(detail::settled(std::forward<E>(x))));
}

template <Expression E, MetricLike M = metric::Euclidean>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto lof(E&& x, int k, M metric = {}) { return lof(std::forward<E>(x), Sweep{k, k}, metric); }

template <class Method, class T, class Policy, class Backend, class M>
class Detector;

// The kernel for vmap: LOF of one series (T, d) -> (T). A series with too few valid samples scores NaN everywhere.
struct Lof {
  Sweep k;

  template <Expression E>
  auto operator()(const E& x) const {
    detail::check_sweep(k);
    if (detail::valid_samples(x) <= k.largest()) return eval(astype<value_of<E>>(0 * x(all, 0) + nan));
    return eval(lof(x, k));
  }
  // The same for contiguous CPU memory; vmap prefers it. Returns the number of valid samples.
  template <class T>
  Size series(const T* x, Size n, Size d, T* scores) const { return detail::lof_series(x, n, d, k, scores); }
  // For memory that the CPU does not see: what scores up to `most` series a call.
  template <class Backend, class T>
  detail::SeriesBatch<Backend, T> batch(Size most, Size n, Size d) const { return {most, n, d, {k}}; }

  // A detector for samples x: <priel/algorithms/detector.hpp>.
  template <Expression E, MetricLike M = metric::Euclidean>
  auto fit(const E& x, M = {}) const {
    return Detector<Lof, value_of<E>, detail::stored_policy<policy_of<E>>, detail::backend_or_default<backend_of<E>>, M>(*this, x);
  }
};
inline Lof lof(const Sweep& k) { return {k}; }
inline Lof lof(int k) { return {{k, k}}; }
inline Lof lof(int first, int last, int step = 1, Aggregate aggregate = Aggregate::max) { return {{first, last, step, aggregate}}; }

}  // namespace priel
