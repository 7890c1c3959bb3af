// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// roll and flip: the same elements in another order along one axis, S<k> -> S<k>.
#pragma once

#include <priel/algorithms/detail/fetch.hpp>

namespace priel {

// As numpy.roll: element j of the axis moves to j + shift, round the end; shift may be negative and larger than the extent.
// The shape and the policy stay. Nothing is sent, except along the split axis: what changes owner.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto roll(X&& x, Size shift, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  const Size n = x.shape()[a], back = n == 0 ? 0 : ((-shift % n) + n) % n;
  return detail::map_axis<a>(std::forward<X>(x), detail::Cyclic{back, n}, n, "roll");
}

// As numpy.flip along one axis: the order is reversed. A view, except along the split axis: there what changes owner is sent.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto flip(X&& x, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  using Kid = detail::settled_t<X>;
  const Size n = x.shape()[a];
  if constexpr (detail::distributes<policy_of<Kid>, rank_of<Kid>>(a))
    return detail::map_axis<a>(std::forward<X>(x), detail::Reversed{n}, n, "flip");
  else return detail::view_along<a>(Kid(detail::settled(std::forward<X>(x))), {n - 1, -1, n});
}

}  // namespace priel
