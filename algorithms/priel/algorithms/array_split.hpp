// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// array_split: an array as a list of its sections along an axis.
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

}  // namespace priel
