// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// ptp, average: reductions made of two others, which share a pass where they can and always a message.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/detail/map_axis.hpp>

namespace priel {

// The range of the elements, max - min, with the options of max; integers wrap. As max: NaN propagates, ShapeError over zero elements.
template <Expression X, class... Options>
  requires(kind_of<value_of<X>> != Kind::boolean)
auto ptp(X&& x, Options... options) { return max(x, options...) - min(x, options...); }

namespace detail {

// A line of elements as operand of an expression of rank Rank, along Axis.
template <int Axis, int Rank, class W>
auto along_axis(W w) {
  if constexpr (Axis == Rank - 1) return w;
  else return along_axis<Axis, Rank - 1>(expand_dims<-1>(std::move(w)));
}

}  // namespace detail

// The mean; and the sum of x times the weights over that of the weights, which have x's shape, or are a line along the one axis named. NaN or
// infinite where the weights add up to 0. Element type: the common one, at least floating. ShapeError for weights of other extents. Policies
// as `mean(x * weights, axis)`; where ranks are crossed both sums travel in one Allreduce.
template <Expression X, int... A>
auto average(X&& x, Axes<A...> along = {}) { return mean(std::forward<X>(x), along); }
template <Expression X, int... A, Expression W>
  requires(Combinable<X, W>)
auto average(X&& x, Axes<A...> along, W&& weights) {
  using T = floating_type<promote<value_of<X>, value_of<W>>>;
  if constexpr (rank_of<W> == rank_of<X>) {
    if (x.shape() != weights.shape()) throw ShapeError("average: weights " + to_string(weights.shape()) + " for elements " + to_string(x.shape()));
    return sum(astype<T>(x) * astype<T>(weights), along) / sum(astype<T>(weights), along);
  } else {
    constexpr int a = detail::one_axis<rank_of<X>, A...>();
    static_assert(rank_of<W> == 1, "the weights have the shape of the elements, or are a line along the one axis");
    if (x.shape()[a] != weights.shape()[0])
      throw ShapeError("average: " + std::to_string(weights.shape()[0]) + " weights for axis " + std::to_string(a) + " of " + to_string(x.shape()));
    return sum(astype<T>(x) * detail::along_axis<a, rank_of<X>>(astype<T>(weights)), along) / sum(astype<T>(weights));
  }
}
template <Expression X, Expression W>
  requires(Combinable<X, W>)
auto average(X&& x, W&& weights) { return average(std::forward<X>(x), Axes<>{}, std::forward<W>(weights)); }

}  // namespace priel
