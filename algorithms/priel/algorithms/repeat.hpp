// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// repeat and tile: elements, or the whole array, several times along an axis, S<k> -> S<k>.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/detail/fetch.hpp>

namespace priel {

// As numpy.repeat with one number: every element of the axis `times` times in a row. The policy stays. Nothing is sent, except
// along the split axis: what changes owner, each element once. ShapeError if times < 0.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto repeat(X&& x, Size times, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  if (times < 0) throw ShapeError("repeat: " + std::to_string(times) + " times; at least 0 expected");
  const Size n = x.shape()[a] * times;
  return detail::map_axis<a>(std::forward<X>(x), detail::Repeated{times}, n, "repeat");
}

namespace detail {

// The first Axis axes are tiled already.
template <int Axis, class E, int Rank>
auto tiled(E e, const Size (&times)[Rank]) {
  if constexpr (Axis == Rank) return e;
  else {
    const Size n = e.shape()[Axis];
    return tiled<Axis + 1>(map_axis<Axis>(std::move(e), Cyclic{0, n}, n * times[Axis], "tile"), times);
  }
}

template <int Missing, class E>
auto with_axes_in_front(E e) {
  if constexpr (Missing <= 0) return e;
  else return with_axes_in_front<Missing - 1>(expand_dims<0>(std::move(e)));
}

}  // namespace detail

// As numpy.tile: the array times[a] times along each axis; fewer numbers than axes are those of the last axes, more give x new
// axes in front. tile(x, {2, 3}). The policy moves with its axis. Nothing is sent, except along the split axis: what changes
// owner. ShapeError if a number is negative.
template <Expression X, int N>
auto tile(X&& x, const Size (&times)[N]) {
  constexpr int rank = N > rank_of<X> ? N : rank_of<X>;
  Size all_times[rank];
  for (int a = 0; a < rank; ++a) {
    all_times[a] = a < rank - N ? 1 : times[a - (rank - N)];
    if (all_times[a] < 0) throw ShapeError("tile: " + std::to_string(all_times[a]) + " times; at least 0 expected");
  }
  using Kid = detail::settled_t<X>;
  return detail::tiled<0>(detail::with_axes_in_front<N - rank_of<X>>(Kid(detail::settled(std::forward<X>(x)))), all_times);
}

}  // namespace priel
