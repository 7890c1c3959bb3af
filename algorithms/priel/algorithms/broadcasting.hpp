// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// broadcast_to, broadcast_arrays, meshgrid, atleast_1d: views that repeat an operand along axes it has not; nothing is sent.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/broadcast.hpp>

#include <tuple>

namespace priel {

namespace detail {

template <int Missing, class E>
auto with_axes_in_front(E e) {
  if constexpr (Missing <= 0) return e;
  else return with_axes_in_front<Missing - 1>(expand_dims<0>(std::move(e)));
}
template <int Missing, class E>
auto with_axes_behind(E e) {
  if constexpr (Missing <= 0) return e;
  else return with_axes_behind<Missing - 1>(expand_dims<-1>(std::move(e)));
}

// Axes of extent 1 read again and again until the shape is the given one, which has the operand's rank.
template <class E, int Rank>
auto stretched(E e, const Shape<Rank>& shape) {
  using Result = View<E, Rank, policy_of<E>>;
  check_stretch(e, shape);
  const auto own = e.shape();
  typename Result::Axis axes[Rank == 0 ? 1 : Rank];
  for (int a = 0; a < Rank; ++a) {
    if (own[a] != shape[a] && own[a] != 1) extents_differ(shape.begin(), Rank, own.begin(), Rank, a);
    const Size step = own[a] == shape[a] ? 1 : 0;
    axes[a] = {Selection{0, step, shape[a]}, a};
  }
  return Result(std::move(e), axes);
}

}  // namespace detail

// x as if it had the shape: extents are compared from the right, new axes stand in front. A view; S<k> moves with its axis. ShapeError
// if an extent is neither 1 nor the wanted one, or is 1 and split.
template <Expression X, int Rank>
  requires(Rank >= rank_of<X>)
auto broadcast_to(X&& x, const Shape<Rank>& shape) {
  return detail::stretched(detail::with_axes_in_front<Rank - rank_of<X>>(detail::settled_t<X>(detail::settled(std::forward<X>(x)))), detail::possible(shape));
}
template <Expression X, int Rank>
  requires(Rank >= rank_of<X>)
auto broadcast_to(X&& x, const Size (&extents)[Rank]) { return broadcast_to(std::forward<X>(x), shape_from(extents)); }

// The operands as a tuple of views of their common shape, each under its own policy.
template <Expression... X>
auto broadcast_arrays(X&&... x) {
  Shape<detail::joined_rank<std::remove_cvref_t<X>...>> shape;
  for (Size& extent : shape) extent = 1;
  (detail::broadcast_into(shape, x.shape()), ...);
  return std::tuple(broadcast_to(std::forward<X>(x), shape)...);
}

// How meshgrid orders its axes: x along the columns and y down the rows (xy), or operand a along axis a (ij).
enum class Indexing { xy, ij };

namespace detail {

template <Indexing Order, class... X>
auto grids(X... x) {
  constexpr int rank = static_cast<int>(sizeof...(X));
  constexpr auto axis_of = [](int a) { return Order == Indexing::xy && rank > 1 && a < 2 ? 1 - a : a; };
  Shape<rank> shape;
  int at = 0;
  ((shape[axis_of(at++)] = x.shape()[0]), ...);
  return [&]<int... A>(std::integer_sequence<int, A...>) {
    return std::tuple(broadcast_to(with_axes_behind<rank - 1 - axis_of(A)>(x), shape)...);
  }(std::make_integer_sequence<int, rank>{});
}

}  // namespace detail

// The coordinates of a grid as a tuple of views, one for each vector: meshgrid(x, y), meshgrid<Indexing::ij>(x, y, z). Each keeps
// its policy, moved to the axis that it runs along.
template <Indexing Order = Indexing::xy, Expression... X>
  requires((rank_of<X> == 1) && ...)
auto meshgrid(X&&... x) { return detail::grids<Order>(detail::settled_t<X>(detail::settled(std::forward<X>(x)))...); }

// x with as many axes as that at least, as NumPy adds them: (n) becomes (1, n), in three dimensions (1, n, 1); (n, m) becomes (n, m, 1).
template <Expression X>
auto atleast_1d(X&& x) { return detail::with_axes_behind<1 - rank_of<X>>(detail::settled_t<X>(detail::settled(std::forward<X>(x)))); }
template <Expression X>
auto atleast_2d(X&& x) {
  if constexpr (rank_of<X> > 1) return atleast_1d(std::forward<X>(x));
  else return expand_dims<0>(atleast_1d(std::forward<X>(x)));
}
template <Expression X>
auto atleast_3d(X&& x) {
  if constexpr (rank_of<X> > 2) return atleast_1d(std::forward<X>(x));
  else return expand_dims<-1>(atleast_2d(std::forward<X>(x)));
}

}  // namespace priel
