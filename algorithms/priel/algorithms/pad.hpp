// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// pad: a border round an array, of a constant or of its own elements, S<k> -> S<k>.
#pragma once

#include <priel/algorithms/concatenate.hpp>
#include <priel/create.hpp>

namespace priel {

// What a border is made of: the outermost element (aaa|abcd|ddd), the elements mirrored at it (dcb|abcd|cba) or with it
// (cba|abcd|dcb), or those of the other end (bcd|abcd|abc).
enum class Padding { edge, reflect, symmetric, wrap };

namespace detail {

// j -> the operand's index under the padding; `before` border indices come first.
struct Padded {
  Padding kind = Padding::edge;
  Size before = 0, n = 1;

  PRIEL_DEVICE constexpr Size operator()(Size j) const {
    const Size i = j - before;
    if (kind == Padding::edge) return i < 0 ? 0 : i < n ? i : n - 1;
    if (kind == Padding::wrap) return (i % n + n) % n;
    const Size turn = kind == Padding::symmetric ? n : n - 1, period = turn > 0 ? 2 * turn : 1;
    const Size at = (i % period + period) % period;
    return at < n ? at : 2 * turn - at - (kind == Padding::symmetric ? 1 : 0);
  }

  constexpr Stretch stretch(Size j) const {
    if (j >= before && j < before + n) return {before + n - j, 1};
    return {1, 0};
  }
  // The border reads runs that follow each other up and down, or cyclically.
  constexpr Needed needed(const Block& block) const {
    if (block.extent == 0) return {};
    if (kind == Padding::wrap) return Cyclic{((-before) % n + n) % n, n}.needed(block);
    Size low = n, high = 0;
    const auto reach = [&](Size j) {
      const Size i = (*this)(j);
      low = i < low ? i : low;
      high = i > high ? i : high;
    };
    const Size last = block.lower + block.extent - 1;
    reach(block.lower);
    reach(last);
    if (kind != Padding::edge) {   // the indices where the direction turns, if they lie within
      const Size turn = kind == Padding::symmetric ? n : n - 1;
      for (Size j = before - turn * ((before - block.lower) / (turn > 0 ? turn : 1) + 2); turn > 0 && j <= last + turn; j += turn)
        for (const Size k : {j - 1, j})
          if (k >= block.lower && k <= last) reach(k);
    }
    return {{low, high - low + 1}, {}};
  }
};

inline void check_width(const Size (&width)[2], int axis) {
  if (width[0] < 0 || width[1] < 0)
    throw ShapeError("pad: widths " + std::to_string(width[0]) + " and " + std::to_string(width[1]) + " of axis " + std::to_string(axis) +
                     "; at least 0 expected");
}

// A border of a constant on axis Axis and those behind it.
template <int Axis, class E, int Rank>
auto padded(E e, const Size (&widths)[Rank][2], value_of<E> value) {
  if constexpr (Axis == Rank) return e;
  else {
    check_width(widths[Axis], Axis);
    Shape<Rank> before = e.shape(), after = before;
    before[Axis] = widths[Axis][0];
    after[Axis] = widths[Axis][1];
    using T = value_of<E>;
    return padded<Axis + 1>(concatenate(axis<Axis>, full<T>(before, value), std::move(e), full<T>(after, value)), widths, value);
  }
}

template <int Axis, class E, int Rank>
auto padded_by(E e, const Size (&widths)[Rank][2], Padding kind) {
  if constexpr (Axis == Rank) return e;
  else {
    check_width(widths[Axis], Axis);
    const Size before = widths[Axis][0], n = e.shape()[Axis], extent = before + n + widths[Axis][1];
    if (n == 0 && extent > 0) throw ShapeError("pad: axis " + std::to_string(Axis) + " has no elements; only a constant can stand round it");
    return padded_by<Axis + 1>(map_axis<Axis>(std::move(e), Padded{kind, before, n}, extent, "pad"), widths, kind);
  }
}

}  // namespace detail

// As numpy.pad: widths[a] elements before and after axis a, `value` (0) in them: pad(x, {{1, 1}, {0, 2}}, -1). The policy stays.
// Nothing is sent, except for the split axis: what changes owner. ShapeError if a width is negative.
template <Expression X, int Rank>
  requires(Rank == rank_of<X>)
auto pad(X&& x, const Size (&widths)[Rank][2], std::type_identity_t<value_of<X>> value = {}) {
  return detail::padded<0>(detail::settled_t<X>(detail::settled(std::forward<X>(x))), widths, value);
}

// The same with a border of x's own elements: pad(x, {{1, 1}, {0, 2}}, Padding::edge).
template <Expression X, int Rank>
  requires(Rank == rank_of<X>)
auto pad(X&& x, const Size (&widths)[Rank][2], Padding padding) {
  return detail::padded_by<0>(detail::settled_t<X>(detail::settled(std::forward<X>(x))), widths, padding);
}

}  // namespace priel
