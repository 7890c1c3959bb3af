// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nearest_neighbours(x, k): each sample's inclusive k-neighbourhood by exact distances, R -> R, S<0> -> S<0> (blocks go to half of the ranks);
// (x, y, k): that of new samples among others.
#pragma once

#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/neighbours_search.hpp>
#include <priel/computed.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

namespace priel {

// All y != x with d(x, y) <= k-distance(x), so more than k where distances tie. Sorted by distance, then index; shorter rows
// are filled with the sample's own index at distance +inf. A sample with a value that is not finite is nobody's neighbour and
// has none: its distances are NaN.
template <class T, class Policy, class Backend>
struct Neighbours {
  Array<Size, 2, Policy, Backend> index;      // (n, widest neighbourhood), global
  Array<T, 2, Policy, Backend> distance;      // the same extents
};

namespace detail {

// Samples without a value that is not finite.
template <Expression E>
Size valid_samples(const E& x) { return item(count_nonzero(all(isfinite(x), axis<1>))); }

// others: how many neighbours a sample may have.
inline void check_k(Size k, Size others, Size valid, Size n) {
  if (k < 1) throw InputError("k = " + std::to_string(k) + " is too small: a neighbourhood has at least 1 member");
  if (k > others)
    throw InputError("k = " + std::to_string(k) + " is too large: " + std::to_string(valid) + " valid samples of " + std::to_string(n) +
                     " allow at most k = " + std::to_string(others > 0 ? others : 0));
}

// Neighbourhoods of x among the samples, of which they are `members`, the same array, or not. Without `coinciding`, a neighbourhood whose
// k-th distance is 0 has k members only: what the scores need.
template <class M, class T, class Of, class Among, class Backend>
Neighbours<T, Of, Backend> neighbours_among(const Array<T, 2, Of, Backend>& x, const Array<T, 2, Among, Backend>& samples, Size k, bool members,
                                            bool coinciding) {
  if constexpr (of_directions<M>())
    return neighbours_among<metric::SquaredEuclidean>(directions(x), directions(samples), k, members, coinciding);
  else {
    constexpr bool passes = !std::is_same_v<Among, Replicated>, gathers = !std::is_same_v<Of, Replicated>;
    const Comm comm = comm_or_world(joined_comm(x.comm(), samples.comm()));
    const Size n = samples.shape()[0], d = samples.shape()[1];
    Size valid = finite_samples(samples);
    if constexpr (passes) valid = summed_over(*comm, valid);
    check_k(k, members ? valid - 1 : valid, valid, n);

    const Size rows = x.lshape()[0];
    Search<Backend, M, T> search(rows, k, members ? x.part().lower[0] : Size{-1}, coinciding);
    const auto part = [&](int q) { return Among::part(samples.shape(), comm->size(), q); };
    constexpr bool mutual = passes && meets_in_pairs<Backend, M, T>;
    if (mutual && members) {
      if constexpr (mutual) search.offer_round(*comm, d, x.local().data(), n);
    } else if constexpr (passes) {
      const OnCpu<Backend, T> mine(samples.local().data(), samples.lshape().size());
      pass_round(*comm, mine.data(), [&](int q) { return part(q).size(); }, [&](int q, const T* block) {
        const OnBackend<Backend, T> here(block, part(q).size());
        search.offer(d, x.local().data(), here.data(), part(q).extent[0], part(q).lower[0]);
      });
    } else search.offer(d, x.local().data(), samples.local().data(), n, 0);

    Size width = search.width();
    if constexpr (gathers) width = largest_over(*comm, width);
    const Shape<2> shape{x.shape()[0], width};
    Neighbours<T, Of, Backend> result{Array<Size, 2, Of, Backend>(shape, comm), Array<T, 2, Of, Backend>(shape, comm)};
    search.write(width, result.index.local_mut().data(), result.distance.local_mut().data());
    return result;
  }
}

// What the messages and the memory of that are, for samples (n, d).
template <class Backend, class M, class T, class Policy>
void plan_neighbours(Plan& plan, const Shape<2>& shape, Size k) {
  constexpr Size size = sizeof(T), index = sizeof(Size);
  const auto part = [&](int q) { return Policy::part(shape, plan.ranks(), q); };
  if constexpr (!std::is_same_v<Policy, Replicated>) {
    plan.message(Collective::all_reduce, "number of valid samples", [&](int) { return index; });
    if constexpr (meets_in_pairs<Backend, M, T>) {
      const auto over = [&](int rank, int direction, Size each) {   // the ranks that see this one's samples, or whose samples it sees
        const int ranks = plan.ranks();
        Size sum = 0;
        for (int step = 1; 2 * step <= ranks; ++step) {
          const int other = (rank + direction * step + ranks) % ranks;
          sum += each * (direction < 0 ? rows_shown(shape[0], ranks, rank, other) : rows_shown(shape[0], ranks, other, rank)).extent;
        }
        return sum;
      };
      plan.message(Collective::exchange, to_string(shape) + " and limits, to half of the ranks", [&](int r) { return over(r, -1, (shape[1] + 1) * size); });
      plan.message(Collective::exchange, "how many were found for others", [&](int r) { return over(r, 1, index); });
      plan.message_at_most(Collective::exchange, "what was found for others, unless distances tie", [&](int r) { return over(r, 1, k * (size + index)); });
      if (plan.ranks() > 1)
        plan.temporary("samples of another rank and what is found for them, at least",
                       [&](int r) { return part((r + 1) % plan.ranks()).extent[0] * (3 * (shape[1] + 1) * size + 2 * k * (size + index)); });
    } else plan_round(plan, to_string(shape), size, [&](int q) { return part(q).size(); });
    plan.message(Collective::all_reduce, "width of the neighbourhoods", [&](int) { return index; });
  }
  plan.temporary("neighbours, at least", [&](int r) { return 2 * part(r).extent[0] * k * (size + index); });
}

}  // namespace detail

// x (n, d): floating samples by features, R or S<0>. Metrics: those of cdist, or a struct like these. Sends, where x is S<0>: this rank's block to
// half of the others, which send back what they find for it, and two numbers (Host and cdist's metrics; else blocks go all the way round); a rank
// holds its part, its neighbours, another rank's block and what it finds for that. Distances and indices are the same, bit for bit, for every
// number of ranks. Throws InputError if k is less than 1 or larger than the number of finite samples less one.
template <Expression E, MetricLike M = metric::Euclidean>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto nearest_neighbours(const E& x, Size k, M = {}) {
  using T = value_of<E>;
  using Policy = detail::stored_policy<policy_of<E>>;
  using Backend = detail::backend_or_default<backend_of<E>>;
  static_assert(std::is_same_v<Policy, Replicated> || std::is_same_v<Policy, Split<0>>,
                "nearest_neighbours needs whole samples on one rank: write redistribute(x, split<0>)");
  const Array<T, 2, Policy, Backend> samples(x);
  return detail::neighbours_among<M>(samples, samples, k, true, true);
}

// Of each row of x (n, d) its neighbourhood among the rows of y (m, d), one that coincides included: indices into y; shorter rows are filled with
// index 0 at distance +inf. R or S<0> both, the result has the policy of x. Where y is S<0> its blocks go round (p - 1 of them, Exchange) and two
// numbers are agreed; where it is R nothing is sent, but for the width of an S<0> result. ShapeError if the numbers of features differ; InputError
// if k is less than 1 or larger than the number of finite rows of y.
template <Expression X, Expression Y, MetricLike M = metric::Euclidean>
  requires(rank_of<X> == 2 && rank_of<Y> == 2 && std::is_floating_point_v<value_of<X>> && std::is_same_v<value_of<X>, value_of<Y>> &&
           detail::joined_backend<backend_of<X>, backend_of<Y>>::ok)
auto nearest_neighbours(const X& x, const Y& y, Size k, M = {}) {
  using T = value_of<X>;
  using Of = detail::stored_policy<policy_of<X>>;
  using Among = detail::stored_policy<policy_of<Y>>;
  using Backend = detail::backend_or_default<typename detail::joined_backend<backend_of<X>, backend_of<Y>>::type>;
  static_assert((std::is_same_v<Of, Replicated> || std::is_same_v<Of, Split<0>>) && (std::is_same_v<Among, Replicated> || std::is_same_v<Among, Split<0>>),
                "nearest_neighbours needs whole samples on one rank: write redistribute(x, split<0>)");
  detail::check_features("nearest_neighbours", x.shape(), y.shape());
  const Array<T, 2, Of, Backend> asked(x);
  const Array<T, 2, Among, Backend> samples(y);
  return detail::neighbours_among<M>(asked, samples, k, false, true);
}

}  // namespace priel
