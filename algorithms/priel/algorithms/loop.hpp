// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// loop: local outlier probabilities (Kriegel, Kröger, Schubert, Zimek 2009), R -> R, S<0> -> S<0>.
#pragma once

#include <priel/algorithms/lof.hpp>

namespace priel {

namespace detail {

template <class E>
struct LoopScores : SampleScores<E> {
  using T = value_of<E>;
  Sweep sweep;
  double lambda;
  Norm norm;

  auto operator()(const E& x) const {
    check_sweep(sweep);
    const auto near = nearest_neighbours(x, sweep.largest());
    const auto neighbours = [&](const auto& per_sample) { return take<0>(redistribute(per_sample, replicated), near.index); };

    Aggregator<decltype(eval(near.distance(all, 0)))> scores(sweep);
    for (int i = 0; i < sweep.count(); ++i) {
      const auto k_distance = eval(near.distance(all, sweep.k(i) - 1));
      const auto inside = eval(near.distance <= k_distance(all, newaxis));
      const auto size = eval(astype<T>(sum(inside, axis<1>)));
      const auto over_neighbours = [&](const auto& values) { return sum(where(inside, values, 0), axis<1>); };

      const auto sigma = eval(sqrt(over_neighbours(square(near.distance)) / size));
      const auto expected = eval(over_neighbours(neighbours(sigma)) / size);
      const auto alone = eval((expected == 0) & (sigma > 0));                  // a/0: its neighbours are duplicates, it is not
      const auto plof = eval(where(expected == 0, where(isnan(sigma), sigma, 0), sigma / expected - 1));
      const auto squared = eval(where(alone | isnan(plof), 0, square(plof)));
      const auto counted = eval(astype<T>(!(alone | isnan(plof))));

      auto nplof = eval(plof);
      if (norm == Norm::global) nplof = plof * 0 + lambda * sqrt(sum(squared) / maximum(sum(counted), 1));
      else nplof = lambda * sqrt(over_neighbours(neighbours(squared)) / maximum(over_neighbours(neighbours(counted)), 1));

      const auto probability = maximum(erf(plof / (nplof * std::sqrt(2.0))), 0);
      const auto without_spread = where(plof > 0, norm == Norm::local ? T(1) : T(0), T(0));
      scores.add(where(alone, 1, where(isnan(plof), plof, where(nplof == 0, without_spread, probability))));
    }
    return scores.result();
  }
  void plan(Plan& plan, const E& x) const {
    this->plan_scores(plan, x, sweep.largest(), (norm == Norm::global ? 1 : 3) * sweep.count());
    for (int i = 0; i < sweep.count() && norm == Norm::global && this->gathers; ++i)
      plan.message(Collective::all_reduce, "mean of squared PLOF", [](int) { return 2 * JoinedMessage::padded(sizeof(double)); });
  }
};

}  // namespace detail

// The local outlier probability in [0, 1] of every sample of x (n, d), floating, R or S<0> -> (n), the same policy and type.
//   sigma(x) = sqrt(mean of d(x, y)^2 over N(x)),  pdist(x) = lambda sigma(x)                 equations 5, 6
//   PLOF(x) = pdist(x) / mean of pdist(y) over N(x) - 1                                       equation 7
//   nPLOF = lambda sqrt(E[PLOF^2]), LoOP(x) = max(0, erf(PLOF(x) / (nPLOF sqrt 2)))           equations 8, 9
// with inclusive neighbourhoods, for every k of the sweep; E is over all valid samples (Norm::global) or N(x) (Norm::local).
// 0/0 in PLOF is 0; a/0 scores 1 and is left out of E. nPLOF = 0: 0 (global); 1 where PLOF > 0, else 0 (local).
// A sample with a value that is not finite is left out and scores NaN. Sends, where x is S<0>: x once and per k three numbers per
// sample at most. Throws InputError, when it is evaluated, if k.largest() >= the number of valid samples.
template <Expression E>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto loop(E&& x, const Sweep& sweep, double lambda = 3, Norm norm = Norm::global) {
  using X = detail::settled_t<E>;
  return detail::computed(detail::LoopScores<X>{{}, sweep, lambda, norm}, X(detail::settled(std::forward<E>(x))));
}

template <Expression E>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto loop(E&& x, int k, double lambda = 3, Norm norm = Norm::global) { return loop(std::forward<E>(x), Sweep{k, k}, lambda, norm); }

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
};
inline Loop loop(const Sweep& k, double lambda = 3, Norm norm = Norm::global) { return {k, lambda, norm}; }
inline Loop loop(int first, int last, int step = 1, double lambda = 3, Norm norm = Norm::global) { return {{first, last, step}, lambda, norm}; }

}  // namespace priel
