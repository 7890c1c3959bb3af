// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// searchsorted, digitize, interp: every element is looked up in a table that all ranks have; the elements' policy stays.
#pragma once

#include <priel/algorithms/detail/keys.hpp>
#include <priel/algorithms/detail/look_up.hpp>
#include <priel/algorithms/take.hpp>

namespace priel {

// Of equal elements, which place is meant: before the first or behind the last.
enum class Side { left, right };

namespace detail {

// How many of the sorted ones come before a value (left), or not after it (right); NaN is last. Reversed, places count from the end.
template <class T>
PRIEL_DEVICE constexpr Size place_among(const T* sorted, Size n, T value, bool right, bool reversed = false) {
  Size first = 0, left = n;
  while (left > 0) {
    const Size half = left / 2, at = first + half;
    const T element = sorted[reversed ? n - 1 - at : at];
    const bool before = element < value || (value != value && element == element), after = value < element || (element != element && value == value);
    if (right ? !after : before) {
      first = at + 1;
      left -= half + 1;
    } else left = half;
  }
  return first;
}

template <class T>
struct Place {
  using value_type = Size;
  Size n;
  bool right;
  const T* sorted = nullptr;

  void read(const T* table) { sorted = table; }
  void check(const T*) const {}
  template <class V>
  PRIEL_DEVICE constexpr Size operator()(V value) const { return place_among(sorted, n, static_cast<T>(value), right); }
};

// Edges that rise, or fall.
template <class T>
struct BinAmong {
  using value_type = Size;
  Size n;
  bool right;
  const T* edges = nullptr;

  void read(const T* table) { edges = table; }
  void check(const T* table) const {
    bool rises = true, falls = true;
    for (Size i = 1; i < n; ++i) {
      rises = rises && table[i - 1] <= table[i];
      falls = falls && table[i - 1] >= table[i];
    }
    if (!rises && !falls) throw InputError("digitize: the edges of the bins neither rise nor fall throughout");
  }
  template <class V>
  PRIEL_DEVICE constexpr Size operator()(V value) const {
    const bool falls = n > 1 && edges[0] > edges[n - 1];
    const Size place = place_among(edges, n, static_cast<T>(value), !right, falls);
    return falls ? n - place : place;
  }
};

// As NumPy's: on a sample point its value, whatever lies beside it; else from the left point, and from the right one where that is no number.
struct Interpolation {
  using value_type = double;
  Size n;
  double left, right;   // NaN: the first and the last value
  bool sides;
  const double* x = nullptr;
  const double* y = nullptr;

  void read(const double* points, const double* values) {
    x = points;
    y = values;
  }
  void check(const double*, const double*) const {}
  template <class V>
  PRIEL_DEVICE constexpr double operator()(V element) const {
    const double value = static_cast<double>(element);
    if (n > 1 && value != value) return value;
    if (value < x[0]) return sides ? left : y[0];
    if (value > x[n - 1]) return sides ? right : y[n - 1];
    if (n == 1) return y[0];
    const Size at = place_among(x, n, value, true) - 1;
    if (at == n - 1 || x[at] == value) return y[at];
    const double slope = (y[at + 1] - y[at]) / (x[at + 1] - x[at]);
    double result = slope * (value - x[at]) + y[at];
    if (result != result) result = slope * (value - x[at + 1]) + y[at + 1];
    if (result != result && y[at] == y[at + 1]) result = y[at];
    return result;
  }
};

template <class... Table>
constexpr void tables_on_every_rank() {
  static_assert((is_table<Table> && ...), "error E17: the table is one line that every rank has: write redistribute(table, replicated)");
}

template <class XP, class FP>
Size sample_points(const XP& xp, const FP& fp) {
  const Size n = xp.shape()[0];
  if (n == 0 || fp.shape()[0] != n)
    throw ShapeError("interp: " + std::to_string(n) + " sample points and " + std::to_string(fp.shape()[0]) +
                     " values; as many of each, and one at least, are needed");
  return n;
}

}  // namespace detail

// Where the elements of v, of any shape, would stand among `sorted`, a replicated line in increasing order: int64, v's policy; nothing is
// sent. Both are compared in their common type; NaN is last.
template <Expression A, Expression V>
  requires(Ordered<value_of<A>> && Ordered<value_of<V>>)
auto searchsorted(A&& sorted, V&& v, Side side = Side::left) {
  using T = promote<value_of<A>, value_of<V>>;
  detail::tables_on_every_rank<A>();
  return detail::look_up<T>("searchsorted", detail::Place<T>{sorted.shape()[0], side == Side::right}, std::forward<V>(v), std::forward<A>(sorted));
}
// Among a(sorter), as argsort orders a line.
template <Expression A, Expression V, Expression S>
  requires(Ordered<value_of<A>> && Ordered<value_of<V>> && kind_of<value_of<S>> == Kind::integer)
auto searchsorted(A&& a, V&& v, Side side, S&& sorter) {
  return searchsorted(take<0>(std::forward<A>(a), std::forward<S>(sorter)), std::forward<V>(v), side);
}

// The bin of every element of x between replicated edges that rise or fall: bin i has edges[i-1] <= x < edges[i] (falling: edges[i-1] > x >=
// edges[i]), with `right` the edge on the other side belongs to it. int64, x's policy; nothing is sent. InputError for other edges.
template <Expression X, Expression B>
  requires(Ordered<value_of<X>> && Ordered<value_of<B>>)
auto digitize(X&& x, B&& bins, bool right = false) {
  using T = promote<value_of<X>, value_of<B>>;
  detail::tables_on_every_rank<B>();
  return detail::look_up<T>("digitize", detail::BinAmong<T>{bins.shape()[0], right}, std::forward<X>(x), std::forward<B>(bins));
}

// The values of the line through the points (xp, fp), replicated and with rising xp, at the elements of x: double, x's policy; nothing is sent.
// Outside, the first and the last of fp. ShapeError unless there is a value for each point and one at least.
template <Expression X, Expression XP, Expression FP>
  requires(Ordered<value_of<X>> && Ordered<value_of<XP>> && Ordered<value_of<FP>>)
auto interp(X&& x, XP&& xp, FP&& fp) {
  detail::tables_on_every_rank<XP, FP>();
  const detail::Interpolation function{detail::sample_points(xp, fp), 0, 0, false};
  return detail::look_up<double>("interp", function, std::forward<X>(x), std::forward<XP>(xp), std::forward<FP>(fp));
}
// With `left` and `right` outside.
template <Expression X, Expression XP, Expression FP>
  requires(Ordered<value_of<X>> && Ordered<value_of<XP>> && Ordered<value_of<FP>>)
auto interp(X&& x, XP&& xp, FP&& fp, double left, double right) {
  detail::tables_on_every_rank<XP, FP>();
  const detail::Interpolation function{detail::sample_points(xp, fp), left, right, true};
  return detail::look_up<double>("interp", function, std::forward<X>(x), std::forward<XP>(xp), std::forward<FP>(fp));
}

}  // namespace priel
