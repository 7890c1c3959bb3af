// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// lof: local outlier factor (Breunig, Kriegel, Ng, Sander 2000), R -> R, S<0> -> S<0>.
#pragma once

#include <priel/algorithms/aggregate.hpp>
#include <priel/algorithms/detail/series.hpp>
#include <priel/algorithms/neighbours.hpp>
#include <priel/algorithms/take.hpp>

namespace priel {

namespace detail {

template <class E>
struct LofScores : SampleScores<E> {
  using T = value_of<E>;
  Sweep sweep;

  auto operator()(const E& x) const {
    check_sweep(sweep);
    const auto near = nearest_neighbours(x, sweep.largest());
    const auto neighbours = [&](const auto& per_sample) { return take<0>(redistribute(per_sample, replicated), near.index); };

    Aggregator<decltype(eval(near.distance(all, 0)))> scores(sweep);
    for (int i = 0; i < sweep.count(); ++i) {
      const auto k_distance = eval(near.distance(all, sweep.k(i) - 1));
      const auto inside = eval(near.distance <= k_distance(all, newaxis));
      const auto size = eval(astype<T>(sum(inside, axis<1>)));

      const auto reach = maximum(neighbours(k_distance), near.distance);
      const auto lrd = eval(size / sum(where(inside, reach, 0), axis<1>));
      const auto ratio = sum(where(inside, neighbours(lrd), 0), axis<1>) / (size * lrd);
      scores.add(where(isinf(lrd), 1, ratio));
    }
    return scores.result();
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
// Sends, where x is S<0>: x once and two numbers per sample and k. Throws InputError, when it is evaluated, if k.largest() >= the
// number of valid samples.
template <Expression E>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto lof(E&& x, const Sweep& sweep) {
  using X = detail::settled_t<E>;
  return detail::computed(detail::LofScores<X>{{}, sweep}, X(detail::settled(std::forward<E>(x))));
}

template <Expression E>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto lof(E&& x, int k) { return lof(std::forward<E>(x), Sweep{k, k}); }

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
};
inline Lof lof(const Sweep& k) { return {k}; }
inline Lof lof(int k) { return {{k, k}}; }
inline Lof lof(int first, int last, int step = 1, Aggregate aggregate = Aggregate::max) { return {{first, last, step, aggregate}}; }

}  // namespace priel
