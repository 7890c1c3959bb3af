// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// array_split, hsplit, vsplit: an array as a list of its sections along an axis.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/detail/map_axis.hpp>

#include <vector>

namespace priel {

namespace detail {

template <int Axis, class X>
auto section(const X& x, Size first, Size last) {
  return with_spec_at<Axis, rank_of<X>>(range(first, last), [&](const auto&... specs) { return slice(x, specs...); });
}

}  // namespace detail

// As numpy.array_split: `sections` slices of axis<a> that differ by one index at most, the longer ones first. Views; along the
// split axis windows, whose elements stay where they are. Nothing is sent. ShapeError if sections < 1.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto array_split(const X& x, int sections, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  if (sections < 1) throw ShapeError("array_split: " + std::to_string(sections) + " sections; at least 1 expected");
  std::vector<decltype(detail::section<a>(x, 0, 0))> result;
  for (int s = 0; s < sections; ++s) {
    const Block part = block_of(x.shape()[a], sections, s);
    result.push_back(detail::section<a>(x, part.lower, part.lower + part.extent));
  }
  return result;
}

// The same with the indices at which sections end: array_split(x, {2, 5}, axis<0>) is x[:2], x[2:5] and x[5:]. Negative ones count from
// the end of the axis.
template <Expression X, int N, int... A>
  requires(rank_of<X> > 0)
auto array_split(const X& x, const Size (&ends)[N], Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  std::vector<decltype(detail::section<a>(x, 0, 0))> result;
  Size first = 0;
  for (const Size end : ends) {
    result.push_back(detail::section<a>(x, first, end));
    first = end;
  }
  result.push_back(detail::section<a>(x, first, x.shape()[a]));
  return result;
}

namespace detail {

template <int A, class X>
auto equal_sections(const X& x, int sections) {
  if (sections < 1 || x.shape()[A] % sections != 0)
    throw ShapeError("axis " + std::to_string(A) + " of " + to_string(x.shape()) + " is not " + std::to_string(sections) + " equal sections; array_split takes others");
  return array_split(x, sections, axis<A>);
}

}  // namespace detail

// Equal sections of the rows, of the columns (of a vector its elements), along axis 2. ShapeError if they are not equal.
template <Expression X>
  requires(rank_of<X> > 1)
auto vsplit(const X& x, int sections) { return detail::equal_sections<0>(x, sections); }
template <Expression X>
  requires(rank_of<X> > 0)
auto hsplit(const X& x, int sections) { return detail::equal_sections<(rank_of<X> > 1 ? 1 : 0)>(x, sections); }
template <Expression X>
  requires(rank_of<X> > 2)
auto dsplit(const X& x, int sections) { return detail::equal_sections<2>(x, sections); }

}  // namespace priel
