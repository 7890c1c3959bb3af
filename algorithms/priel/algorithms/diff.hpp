// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// diff: differences of neighbours along an axis, S<k> -> S<k> of a shorter axis.
#pragma once

#include <priel/algorithms/detail/fetch.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/operators.hpp>

namespace priel {

namespace detail {

// Every element less the one before it; of truth values, whether they differ.
template <int Axis, class E>
auto differences(const E& e) {
  const Size n = e.shape()[Axis], count = n > 0 ? n - 1 : 0;
  const auto later = view_along<Axis>(e, {1, 1, count}), earlier = view_along<Axis>(e, {0, 1, count});
  if constexpr (std::is_same_v<value_of<E>, bool>) return later != earlier;
  else return later - earlier;
}

// Along the distributed axis: every rank gets the one neighbour, or two, that its part of the shorter axis lacks.
template <int Axis, Expression E>
struct DifferencesAcross {
  using value_type = value_of<E>;
  using policy_type = policy_of<E>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = Collective::exchange;

  Shape<rank> shape(const E& e) const {
    auto shape = e.shape();
    shape[Axis] = shape[Axis] > 0 ? shape[Axis] - 1 : 0;
    return shape;
  }
  auto needs(const E& e, int ranks) const {
    return [shape = shape(e), ranks](int q) {
      const Block part = block_on<Axis, policy_type>(shape, ranks, q);
      return Needed{{part.lower, part.extent > 0 ? part.extent + 1 : 0}, {}};
    };
  }
  auto operator()(const E& e) const {
    const Comm comm = comm_or_world(e.comm());
    Array<value_type, rank, policy_type, backend_type> result(shape(e), comm);
    const auto near = fetch<Axis, backend_type>(e, comm, needs(e, comm->size()));
    const auto lease = result.local_mut();
    evaluate<backend_type>(differences<Axis>(near), result.part(), lease.data());
    return result;
  }
  void plan(Plan& plan, const E& e) const { plan_fetch<Axis>(plan, "diff", e, shape(e), needs(e, plan.ranks())); }
};

}  // namespace detail

// As numpy.diff: diff(x, axis<0>), and N times over diff<2>(x, axis<0>). The axis is shorter by N. Lazy, nothing is sent; along
// the split axis what a rank's shorter part reads of other ranks, N times: at most N rows if shards are that long.
template <int N = 1, Expression X, int... A>
  requires(rank_of<X> > 0 && N >= 0)
auto diff(X&& x, Axes<A...> along) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  using Kid = detail::settled_t<X>;
  Kid kid(detail::settled(std::forward<X>(x)));
  if constexpr (N == 0) return kid;
  else if constexpr (detail::distributes<policy_of<Kid>, rank_of<Kid>>(a))
    return diff<N - 1>(detail::computed(detail::DifferencesAcross<a, Kid>{}, std::move(kid)), along);
  else return diff<N - 1>(detail::differences<a>(kid), along);
}

// Of all elements in C order. Sends what ravel does, too.
template <Expression X>
  requires(rank_of<X> > 0)
auto ediff1d(X&& x) { return diff(ravel(std::forward<X>(x)), axis<0>); }

}  // namespace priel
