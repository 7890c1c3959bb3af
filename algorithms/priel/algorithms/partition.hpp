// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// partition, argpartition, lexsort: orders that sorts give; S<k> -> S<k>, messages as sort's.
#pragma once

#include <priel/algorithms/sort.hpp>
#include <priel/algorithms/take.hpp>

namespace priel {

namespace detail::order {

template <int A, class X>
void check_place(const X& x, Size k) {
  const Size n = x.shape()[front_axis<rank_of<X>, A>];
  if (k < -n || k >= n)
    throw ShapeError("partition: there is no place " + std::to_string(k) + " among " + std::to_string(n) + " elements of an axis");
}

}  // namespace detail::order

// Every line along the axis (the last, if none is named) with the element at place k where a sort has it, none larger before and none smaller
// behind it: the sorted line. ShapeError for a place that does not exist.
template <Expression X, int A = -1>
  requires(Ordered<value_of<X>> && rank_of<X> > 0)
auto partition(X&& x, Size k, Axes<A> along = {}) {
  detail::order::check_place<A>(x, k);
  return sort(std::forward<X>(x), along);
}
// The indices that do so.
template <Expression X, int A = -1>
  requires(Ordered<value_of<X>> && rank_of<X> > 0)
auto argpartition(X&& x, Size k, Axes<A> along = {}) {
  detail::order::check_place<A>(x, k);
  return argsort(std::forward<X>(x), along);
}

// The order of lines that are sorted by the last key, equal ones by the key before it, ...: int64, their policy. A stable argsort for each key
// and, from the second on, the keys brought into the order so far: what argsort and take send. ShapeError if the keys differ in length.
template <Expression Key>
  requires(Ordered<value_of<Key>> && rank_of<Key> == 1)
auto lexsort(Key&& key) { return argsort(std::forward<Key>(key)); }
template <Expression First, Expression Second, Expression... Rest>
  requires(Ordered<value_of<First>> && rank_of<First> == 1 && rank_of<Second> == 1 && ((rank_of<Rest> == 1) && ...))
auto lexsort(First&& first, Second&& second, Rest&&... rest) {
  if (second.shape() != first.shape() || ((rest.shape() != first.shape()) || ...)) throw ShapeError("lexsort: the keys differ in length");
  auto order = eval(argsort(std::forward<First>(first)));
  const auto refine = [&](const auto& key) { order = eval(take<0>(order, argsort(take<0>(key, order)))); };
  refine(second);
  (refine(rest), ...);
  return order;
}

}  // namespace priel
