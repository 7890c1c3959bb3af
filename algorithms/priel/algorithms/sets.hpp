// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// isin, intersect1d, union1d, setdiff1d, setxor1d: arrays as sets of their elements; results as unique's, R -> R, S<k> -> S<0>.
#pragma once

#include <priel/algorithms/searchsorted.hpp>
#include <priel/algorithms/unique.hpp>

namespace priel {

namespace detail {

// Whether a value is one of the sorted ones.
template <class T>
struct Member {
  using value_type = bool;
  Size n;
  const T* sorted = nullptr;

  void read(const T* table) { sorted = table; }
  void check(const T*) const {}
  template <class V>
  PRIEL_DEVICE constexpr bool operator()(V value) const {
    const Size at = place_among(sorted, n, static_cast<T>(value), false);
    return at < n && sorted[at] == static_cast<T>(value);
  }
};

template <class X, class Y>
concept Comparable = Expression<X> && Expression<Y> && Ordered<value_of<X>> && Ordered<value_of<Y>> && joined_backend<backend_of<X>, backend_of<Y>>::ok;

// The different elements of x and those of y, sorted together.
template <class X, class Y>
auto both(X&& x, Y&& y) { return eval(sort(concatenate(axis<0>, unique(std::forward<X>(x)), unique(std::forward<Y>(y))))); }

}  // namespace detail

// Which elements of x are among those of y: bool, x's shape and policy. NaN is equal to nothing. Sends what unique(y) does and y's
// different elements to everyone, when called.
template <Expression X, Expression Y>
  requires detail::Comparable<X, Y>
auto isin(X&& x, Y&& y) {
  using T = promote<value_of<X>, value_of<Y>>;
  const auto set = eval(redistribute(unique(astype<T>(std::forward<Y>(y))), replicated));
  return detail::look_up<T>("isin", detail::Member<T>{set.size()}, std::forward<X>(x), set);
}

// Each of the following is sorted, without repetitions, of the common type and one-dimensional: replicated where both operands are, else S<0>.
// They run when called and send what unique and sort do (setdiff1d: isin).

// What is in x and in y.
template <Expression X, Expression Y>
  requires detail::Comparable<X, Y>
auto intersect1d(X&& x, Y&& y) {
  const auto sorted = detail::both(std::forward<X>(x), std::forward<Y>(y));
  return select(sorted(until<-1>), sorted(from<1>) == sorted(until<-1>));
}
// What is in x or in y.
template <Expression X, Expression Y>
  requires detail::Comparable<X, Y>
auto union1d(X&& x, Y&& y) { return unique(concatenate(axis<0>, unique(std::forward<X>(x)), unique(std::forward<Y>(y)))); }
// What is in x and not in y, of x's type.
template <Expression X, Expression Y>
  requires detail::Comparable<X, Y>
auto setdiff1d(X&& x, Y&& y) {
  const auto elements = unique(std::forward<X>(x));
  return select(elements, !isin(elements, std::forward<Y>(y)));
}
// What is in one of them only.
template <Expression X, Expression Y>
  requires detail::Comparable<X, Y>
auto setxor1d(X&& x, Y&& y) {
  const auto sorted = detail::both(std::forward<X>(x), std::forward<Y>(y));
  const auto end = full<bool>({std::min<Size>(sorted.size(), 1)}, true);
  const auto differ = eval(sorted(from<1>) != sorted(until<-1>));
  return select(sorted, concatenate(axis<0>, end, differ) & concatenate(axis<0>, differ, end));
}

}  // namespace priel
