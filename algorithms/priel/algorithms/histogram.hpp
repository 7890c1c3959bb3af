// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// histogram, histogram2d, bincount: R -> R, S<k> -> a pending sum of counts or weights.
#pragma once

#include <priel/algorithms/detail/tally.hpp>
#include <priel/algorithms/diff.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/algorithms/searchsorted.hpp>
#include <priel/create.hpp>

namespace priel {

namespace detail::order {

template <class T>
kernel::BinEdge<T> bin_edge(Size bins, double low, double high) {
  if (bins < 1) throw InputError("a histogram has at least one bin; found " + std::to_string(bins));
  if (!(std::isfinite(low) && std::isfinite(high) && low <= high))
    throw InputError("a histogram's range is finite and does not decrease; found " + std::to_string(low) + " to " + std::to_string(high));
  const double first = low == high ? low - 0.5 : low, last = low == high ? high + 0.5 : high;
  return {bins, first, last, (last - first) / static_cast<double>(bins)};
}

// The range of the elements: from 0 to 1 if there are none. Collective where they are split: one message.
struct Extremes {
  double low, high;
};
template <class E>
Extremes extremes_of(const E& e) {
  if (e.shape().size() == 0) return {0, 1};
  const auto low = min(e);
  const auto high = max(e);
  eval(astype<double>(low) + astype<double>(high));   // both at once
  return {static_cast<double>(item(low)), static_cast<double>(item(high))};
}

[[noreturn]] inline void weights_differ(const std::string& weights, const std::string& elements) {
  throw ShapeError("histogram, bincount: weights " + weights + " for elements " + elements);
}

// What is in each bin: counted, or weighed into Result.
template <class T, class X, class Bins>
auto tally(X&& x, const Bins& bin, Size bins) {
  using E = finished_t<X>;
  return Tally<E, T, Bins>(E(finished(std::forward<X>(x))), bin, bins);
}
template <class T, class Result, class X, class Bins, class Weights>
auto weighed(X&& x, const Bins& bin, Size bins, Weights&& weights) {
  using E = finished_t<X>;
  using W = finished_t<Weights>;
  constexpr bool together = is_generated<policy_of<W>> || std::is_same_v<policy_of<W>, Replicated> || std::is_same_v<policy_of<W>, policy_of<E>>;
  if constexpr (rank_of<W> != rank_of<E>)
    static_assert(rank_of<W> == rank_of<E>, "histogram, bincount: weights of the shape of the elements are needed, one for each");
  else if constexpr (!together) 
    static_assert(together, "error E17: the weights live on other ranks than the elements: write redistribute(weights, policy of the elements)");
  else {
    if (weights.shape() != x.shape()) weights_differ(to_string(weights.shape()), to_string(x.shape()));
    return Tally<E, T, Bins, W, Result>(E(finished(std::forward<X>(x))), bin, bins, W(finished(std::forward<Weights>(weights))));
  }
}

template <class Counts, class Edges>
auto densities(const Counts& counts, const Edges& edges) {
  return astype<double>(counts) / astype<double>(diff(edges, axis<0>)) / astype<double>(sum(counts));
}

}  // namespace detail::order

// Of a histogram: counts over the widths of the bins and the sum of all counts, so that the integral is 1.
struct Density {};
inline constexpr Density density{};

template <class O>
concept HistogramOption = Expression<O> || std::is_same_v<std::remove_cvref_t<O>, Density>;

namespace detail::order {

// With the options of histogram.
template <class T, class X, class Bins, class Edges>
auto histogram_by(X&& x, const Bins& bin, Size bins, const Edges&) { return tally<T>(std::forward<X>(x), bin, bins); }
template <class T, class X, class Bins, class Edges, Expression W>
auto histogram_by(X&& x, const Bins& bin, Size bins, const Edges&, W&& weights) {
  return weighed<T, value_of<W>>(std::forward<X>(x), bin, bins, std::forward<W>(weights));
}
template <class T, class X, class Bins, class Edges>
auto histogram_by(X&& x, const Bins& bin, Size bins, const Edges& edges, Density) {
  return densities(tally<T>(std::forward<X>(x), bin, bins), edges);
}
template <class T, class X, class Bins, class Edges, Expression W>
auto histogram_by(X&& x, const Bins& bin, Size bins, const Edges& edges, W&& weights, Density) {
  return densities(histogram_by<T>(std::forward<X>(x), bin, bins, edges, std::forward<W>(weights)), edges);
}

// The bin of a value between given edges, -1 for none: [edge i, edge i + 1), the last one closed.
template <class T>
struct BinBetween {
  using value_type = Size;
  Size n;
  const T* edges = nullptr;

  void read(const T* table) { edges = table; }
  void check(const T* table) const {
    for (Size i = 1; i < n; ++i)
      if (!(table[i - 1] <= table[i])) 
        throw InputError("a histogram's edges do not decrease; found " + std::to_string(table[i - 1]) + " before " + std::to_string(table[i]));
  }
  template <class V>
  PRIEL_DEVICE constexpr Size operator()(V element) const {
    const T value = static_cast<T>(element);
    if (!(n > 1 && value >= edges[0] && value <= edges[n - 1])) return -1;
    return value == edges[n - 1] ? n - 2 : place_among(edges, n, value, true) - 1;
  }
};
template <class X, class Edges>
auto bins_between(X&& x, Edges&& edges) {
  using T = promote<value_of<X>, value_of<Edges>>;
  tables_on_every_rank<Edges>();
  const Size n = edges.shape()[0];
  if (n == 0) throw ShapeError("a histogram has at least one edge");
  return look_up<T>("histogram", BinBetween<T>{n}, std::forward<X>(x), std::forward<Edges>(edges));
}

template <class X>
using edge_type = floating_type<value_of<X>>;
template <class T>
auto edges_of(const kernel::BinEdge<T>& edge) { return generate<T>(Shape<1>{edge.bins + 1}, edge); }

}  // namespace detail::order

// The bins + 1 edges of `histogram(x, bins, low, high)`: Generated; double, or float for a histogram of floats.
template <Expression X>
  requires(Ordered<value_of<X>>)
auto histogram_bin_edges(const X&, Size bins, double low, double high) {
  using namespace detail::order;
  return edges_of(bin_edge<edge_type<X>>(bins, low, high));
}
// From the smallest to the largest element, which are found when it is called: of a split array by one Allreduce.
template <Expression X>
  requires(Ordered<value_of<X>>)
auto histogram_bin_edges(const X& x, Size bins) {
  using namespace detail::order;
  const Extremes range = extremes_of(x);
  return edges_of(bin_edge<edge_type<X>>(bins, range.low, range.high));
}

// How many elements of x, of any rank, lie in each of `bins` equally wide bins from low to high: int64 (bins). NumPy's
// histogram(x, bins, (low, high)): bins are half open, the last one is closed; what lies outside and NaN are not counted; low == high
// is widened by 1/2 to both sides. R and G: replicated; split: a pending sum, so that to R one Allreduce of the counts follows, to
// S<0> a Reduce_scatter. InputError for bins < 1 or a range that is not one.
// Options: weights of x's shape and policy, `histogram(x, 10, 0, 1, w)`: their sums, in their element type; then `density`: double.
template <Expression X, HistogramOption... Options>
  requires(Ordered<value_of<X>>)
auto histogram(X&& x, Size bins, double low, double high, Options&&... options) {
  using namespace detail::order;
  using T = edge_type<X>;
  const auto edge = bin_edge<T>(bins, low, high);
  return histogram_by<T>(std::forward<X>(x), kernel::EqualBins<T>{edge}, bins, edges_of(edge), std::forward<Options>(options)...);
}
// From the smallest to the largest element, which are found when it is called: of a split array by one Allreduce.
template <Expression X, HistogramOption... Options>
  requires(Ordered<value_of<X>>)
auto histogram(X&& x, Size bins, Options&&... options) {
  const auto range = detail::order::extremes_of(x);
  return histogram(std::forward<X>(x), bins, range.low, range.high, std::forward<Options>(options)...);
}
// Between given edges, a replicated line that does not decrease.
template <Expression X, Expression Edges, HistogramOption... Options>
  requires(Ordered<value_of<X>> && Ordered<value_of<Edges>> && rank_of<Edges> == 1)
auto histogram(X&& x, Edges&& edges, Options&&... options) {
  const Size bins = edges.shape()[0] - 1;
  const auto table = finished(edges);
  return detail::order::histogram_by<Size>(detail::order::bins_between(std::forward<X>(x), edges), kernel::IntegerBins{bins}, bins, table,
                                           std::forward<Options>(options)...);
}

// How many points (x, y) lie in each cell between the edges: double (x's bins, y's bins), replicated. x and y have one shape; a split one's
// counts are added by one Allreduce.
template <Expression X, Expression Y, Expression XEdges, Expression YEdges>
  requires(Combinable<X, Y> && Ordered<value_of<X>> && Ordered<value_of<Y>> && rank_of<XEdges> == 1 && rank_of<YEdges> == 1)
auto histogram2d(X&& x, Y&& y, XEdges&& x_edges, YEdges&& y_edges) {
  if (x.shape() != y.shape())
    throw ShapeError("histogram2d: " + to_string(x.shape()) + " and " + to_string(y.shape()) + " are not the coordinates of points");
  const Size rows = x_edges.shape()[0] - 1, columns = y_edges.shape()[0] - 1;
  const auto row = detail::order::bins_between(std::forward<X>(x), std::forward<XEdges>(x_edges));
  const auto column = detail::order::bins_between(std::forward<Y>(y), std::forward<YEdges>(y_edges));
  detail::possible(Shape<2>{rows, columns});
  const auto cell = where((row < 0) | (column < 0), -1, row * columns + column);
  return astype<double>(reshape(detail::order::tally<Size>(cell, kernel::IntegerBins{rows * columns}, rows * columns), {rows, columns}));
}
// Of equally wide bins between the smallest and the largest coordinates, which are found when it is called.
template <Expression X, Expression Y>
  requires(Combinable<X, Y> && Ordered<value_of<X>> && Ordered<value_of<Y>>)
auto histogram2d(X&& x, Y&& y, Size x_bins, Size y_bins) {
  using namespace detail::order;
  const Extremes across = extremes_of(x), along = extremes_of(y);
  return histogram2d(std::forward<X>(x), std::forward<Y>(y), edges_of(bin_edge<double>(x_bins, across.low, across.high)),
                     edges_of(bin_edge<double>(y_bins, along.low, along.high)));
}

// How often each of 0, 1, ..., n-1 occurs in x, of any rank: int64 (n). Other values are not counted. Policies and messages as for
// `histogram`. With weights of x's shape and policy their sums, double. InputError for a negative n.
template <Expression X>
  requires(kind_of<value_of<X>> == Kind::integer)
auto bincount(X&& x, Size n) {
  if (n < 0) throw InputError("bincount: there are no " + std::to_string(n) + " bins");
  return detail::order::tally<value_of<X>>(std::forward<X>(x), kernel::IntegerBins{n}, n);
}
template <Expression X, Expression W>
  requires(kind_of<value_of<X>> == Kind::integer && kind_of<value_of<W>> <= Kind::floating)
auto bincount(X&& x, Size n, W&& weights) {
  if (n < 0) throw InputError("bincount: there are no " + std::to_string(n) + " bins");
  return detail::order::weighed<value_of<X>, double>(std::forward<X>(x), kernel::IntegerBins{n}, n, std::forward<W>(weights));
}
// As many bins as the largest element asks for, which is found when it is called. InputError for a negative element.
template <Expression X>
  requires(kind_of<value_of<X>> == Kind::integer)
auto bincount(X&& x) {
  const auto range = x.shape().size() == 0 ? detail::order::Extremes{0, -1} : detail::order::extremes_of(x);
  if (range.low < 0) throw InputError("bincount: " + std::to_string(static_cast<Size>(range.low)) + " is negative");
  if (range.high > 0x1p53) throw InputError("bincount: there are no bins for numbers up to " + std::to_string(range.high));
  return bincount(std::forward<X>(x), static_cast<Size>(range.high) + 1);
}

}  // namespace priel
