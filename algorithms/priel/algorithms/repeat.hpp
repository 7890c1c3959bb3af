// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// repeat and tile: elements, or the whole array, several times along an axis, S<k> -> S<k>; resize: all of it, until a shape is full.
#pragma once

#include <priel/algorithms/broadcasting.hpp>
#include <priel/algorithms/detail/fetch.hpp>
#include <priel/algorithms/pad.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/algorithms/take.hpp>

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

// x at places of axis A that every rank knows, under x's policy: lazily, or along the split axis by asking their owners.
template <int A, class E>
auto at_places(E e, const std::vector<Size>& places) {
  using Backend = backend_or_default<backend_of<E>>;
  using P = std::conditional_t<takes_across<E, A>, Split<0>, Replicated>;
  Array<Size, 1, P, Backend> indices(Shape<1>{places.size()}, comm_or_world(e.comm()));
  if (const auto& part = indices.part(); part.size() > 0) {
    const auto lease = indices.local_mut();
    Backend::upload(lease.data(), places.data() + part.lower[0], part.size() * static_cast<Size>(sizeof(Size)));
  }
  return take<A>(std::move(e), std::move(indices));
}

}  // namespace detail

// Element j of the axis times[j] times in a row; every rank gives the same numbers. The policy stays. Nothing is sent, except along
// the split axis: indices to their owners, and what changes owner. ShapeError if there are not as many numbers as elements, or one is
// negative.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto repeat(X&& x, const std::vector<Size>& times, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  if (static_cast<Size>(times.size()) != x.shape()[a])
    throw ShapeError("repeat: " + std::to_string(times.size()) + " numbers for axis " + std::to_string(a) + " of extent " + std::to_string(x.shape()[a]));
  std::vector<Size> places;
  for (std::size_t j = 0; j < times.size(); ++j) {
    if (times[j] < 0) throw ShapeError("repeat: " + std::to_string(times[j]) + " times; at least 0 expected");
    places.insert(places.end(), static_cast<std::size_t>(times[j]), static_cast<Size>(j));
  }
  return detail::at_places<a>(detail::settled_t<X>(detail::settled(std::forward<X>(x))), places);
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

// The elements in C order, from the start again where they do not suffice, under a shape; zeros if there are none. R -> R; S<0> -> S<0>:
// what changes owner, twice; other splits are error E03.
template <Expression X, int Rank>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto resize(X&& x, const Shape<Rank>& shape) {
  const Size n = x.shape().size(), wanted = detail::possible(shape).size();
  const Size widths[1][2] = {{0, n == 0 ? 1 : 0}};
  return reshape(detail::map_axis<0>(pad(ravel(std::forward<X>(x)), widths), detail::Cyclic{0, n == 0 ? 1 : n}, wanted, "resize"), shape);
}
template <Expression X, int Rank>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto resize(X&& x, const Size (&extents)[Rank]) { return resize(std::forward<X>(x), shape_from(extents)); }
template <class P, int M, class B, int Rank>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> resize(const operand_tag<P, M, B>&, const Size (&)[Rank]) = delete;

}  // namespace priel
