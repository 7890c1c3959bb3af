// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Whether two arrays are equal or close as a whole: a truth value, the same on every rank.
#pragma once

#include <priel/reduce.hpp>

namespace priel {

namespace detail {
template <class L, class R>
bool have_equal_shapes(const L& l, const R& r) {
  if constexpr (rank_of<L> == rank_of<R>) return l.shape() == r.shape();
  else return false;
}
template <class L, class R>
bool have_shapes_that_broadcast(const L& l, const R& r) {
  const auto a = l.shape();
  const auto b = r.shape();
  for (int i = 1; i <= rank_of<L> && i <= rank_of<R>; ++i)
    if (a[rank_of<L> - i] != b[rank_of<R> - i] && a[rank_of<L> - i] != 1 && b[rank_of<R> - i] != 1) return false;
  return true;
}
}  // namespace detail

// Each runs when called and sends one small Allreduce where an operand is split. Operands on different ranks do not compile.

// Whether all elements are close (isclose). Throws ShapeError where shapes do not broadcast.
template <class L, class R> requires Combinable<L, R>
bool allclose(const L& l, const R& r, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) {
  return item(all(isclose(l, r, rtol, atol, equal_nan)));
}
// Whether shapes and elements are equal; NaN equals NaN only where equal_nan says so.
template <Expression L, Expression R> requires Combinable<L, R>
bool array_equal(const L& l, const R& r, bool equal_nan = false) {
  if (!detail::have_equal_shapes(l, r)) return false;
  return equal_nan ? item(all((l == r) | (isnan(l) & isnan(r)))) : item(all(l == r));
}
// Whether shapes broadcast and the elements are equal.
template <Expression L, Expression R> requires Combinable<L, R>
bool array_equiv(const L& l, const R& r) { return detail::have_shapes_that_broadcast(l, r) && item(all(l == r)); }

}  // namespace priel
