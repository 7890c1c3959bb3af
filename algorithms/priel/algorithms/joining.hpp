// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// append, column_stack, dstack, insert, erase: concatenations that NumPy has names for, policies join.
#pragma once

#include <priel/algorithms/broadcasting.hpp>
#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/reshape.hpp>

namespace priel {

// y behind x along axis<a>; as concatenate(axis<a>, x, y).
template <Expression X, Expression Y, int... A>
  requires(sizeof...(A) == 1)
auto append(X&& x, Y&& y, Axes<A...> along) { return concatenate(along, std::forward<X>(x), std::forward<Y>(y)); }
// Without an axis: the elements of both in C order. Sends what ravel does, too.
template <Expression X, Expression Y>
auto append(X&& x, Y&& y) { return concatenate(axis<0>, ravel(std::forward<X>(x)), ravel(std::forward<Y>(y))); }

// Columns side by side: operands of rank 1 are one column each.
template <Expression... X>
  requires(sizeof...(X) > 0 && ((rank_of<X> == 1 || rank_of<X> == 2) && ...))
auto column_stack(X&&... x) {
  return concatenate(axis<1>, detail::with_axes_behind<2 - rank_of<X>>(detail::settled_t<X>(detail::settled(std::forward<X>(x))))...);
}

// One behind the other along axis 2, each as atleast_3d makes it.
template <Expression... X>
  requires(sizeof...(X) > 0)
auto dstack(X&&... x) { return concatenate(axis<2>, atleast_3d(std::forward<X>(x))...); }

namespace detail {

// Where an index of NumPy's lies; `end`: how many there are.
inline Size index_within(const char* what, Size index, Size end, int axis, Size n) {
  const Size at = index < 0 ? index + n : index;
  if (at < 0 || at >= end)
    throw ShapeError(std::string(what) + ": index " + std::to_string(index) + " is outside axis " + std::to_string(axis) + " of extent " + std::to_string(n));
  return at;
}

template <int A, class X>
auto part_along(const X& x, Size first, Size last) {
  return with_spec_at<A, rank_of<X>>(range(first, last), [&](const auto&... specs) { return slice(x, specs...); });
}

}  // namespace detail

// y before index i of axis<a>: a number, or an array that is broadcast to one slab of x. The element type is x's, y's kind not a
// higher one. As concatenate of three: along the split axis what changes owner is sent. ShapeError for an index outside.
template <Expression X, Operand Y, int... A>
  requires(rank_of<X> > 0)
auto insert(X&& x, Size i, Y&& y, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  static_assert(Assignable<value_of<detail::node_of<Y>>, value_of<X>>, "error E10: what is inserted would be narrowed; write astype");
  auto slab = x.shape();
  const Size n = std::exchange(slab[a], 1), at = detail::index_within("insert", i, n + 1, a, n);
  const auto entry = broadcast_to(astype<value_of<X>>(detail::as_node(std::forward<Y>(y))), slab);
  return concatenate(axis<a>, detail::part_along<a>(x, 0, at), entry, detail::part_along<a>(x, at, n));
}

// What numpy.delete is, a word that C++ keeps for itself: without index i of axis<a>, or without the indices [first, last).
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto erase(X&& x, Range indices, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  const Size n = x.shape()[a];
  const detail::Selection gone = detail::select_range(indices, n);
  if (gone.step != 1) throw ShapeError("erase: a range in steps of 1 expected");
  const Size end = gone.count > 0 ? gone.first + gone.count : gone.first;
  return concatenate(axis<a>, detail::part_along<a>(x, 0, gone.first), detail::part_along<a>(x, end, n));
}
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto erase(X&& x, Size i, Axes<A...> along) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  const Size n = x.shape()[a], at = detail::index_within("erase", i, n, a, n);
  return erase(std::forward<X>(x), range(at, at + 1), along);
}

}  // namespace priel
