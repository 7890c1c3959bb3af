// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// roll, flip, rot90: the same elements in another order along axes, S<k> -> S<where k is then>.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/detail/fetch.hpp>
#include <priel/algorithms/reshape.hpp>

namespace priel {

// As numpy.roll: element j of the axis moves to j + shift, round the end; shift may be negative and larger than the extent.
// The shape and the policy stay. Nothing is sent, except along the split axis: what changes owner.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto roll(X&& x, Size shift, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  const Size n = x.shape()[a], back = n == 0 ? 0 : (n - shift % n) % n;
  return detail::map_axis<a>(std::forward<X>(x), detail::Cyclic{back, n}, n, "roll");
}

// Several axes, each by its number: roll(x, {1, -2}, axis<0, 1>).
template <Expression X, int A, int B, int... Rest>
  requires(rank_of<X> > 1)
auto roll(X&& x, const Size (&shifts)[2 + sizeof...(Rest)], Axes<A, B, Rest...>) {
  const auto next = [&]<int N, int... More>(auto&& self, auto e, std::integral_constant<int, N>, Axes<More...>) {
    if constexpr (sizeof...(More) == 0) return e;
    else
      return [&]<int First, int... Others>(Axes<First, Others...>) {
        return self(self, roll(std::move(e), shifts[N], axis<First>), std::integral_constant<int, N + 1>{}, Axes<Others...>{});
      }(Axes<More...>{});
  };
  return next(next, detail::settled_t<X>(detail::settled(std::forward<X>(x))), std::integral_constant<int, 0>{}, Axes<A, B, Rest...>{});
}
// Without an axis: in C order. Sends what reshape does, too; S<k>, k > 0, is error E03.
template <Expression X>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto roll(X&& x, Size shift) {
  if constexpr (rank_of<X> == 1) return roll(std::forward<X>(x), shift, axis<0>);
  else {
    const auto shape = x.shape();
    return reshape(roll(ravel(std::forward<X>(x)), shift, axis<0>), shape);
  }
}
template <class P, int M, class B>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> roll(const operand_tag<P, M, B>&, Size) = delete;

namespace detail {

template <int A, class E>
auto flipped(E e) {
  const Size n = e.shape()[A];
  if constexpr (distributes<policy_of<E>, rank_of<E>>(A)) return map_axis<A>(std::move(e), Reversed{n}, n, "flip");
  else return view_along<A>(std::move(e), {n - 1, -1, n});
}
template <class E>
auto flipped_all(E e, Axes<>) { return e; }
template <class E, int A, int... Rest>
auto flipped_all(E e, Axes<A, Rest...>) { return flipped_all(flipped<counted_from_front(A, rank_of<E>)>(std::move(e)), Axes<Rest...>{}); }

}  // namespace detail

// As numpy.flip: the order along the named axes is reversed, along all if none is named. A view, except along the split axis: there
// what changes owner is sent.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto flip(X&& x, Axes<A...>) {
  static_assert(detail::NormalAxes<rank_of<X>, A...>::valid, "the axis does not exist: axis<a> needs -rank <= a < rank");
  return detail::flipped_all(detail::settled_t<X>(detail::settled(std::forward<X>(x))), Axes<A...>{});
}
template <Expression X>
auto flip(X&& x) {
  return [&]<int... A>(std::integer_sequence<int, A...>) {
    return detail::flipped_all(detail::settled_t<X>(detail::settled(std::forward<X>(x))), Axes<A...>{});
  }(std::make_integer_sequence<int, rank_of<X>>{});
}

// Rows and columns in reverse order.
template <Expression X>
  requires(rank_of<X> > 0)
auto flipud(X&& x) { return flip(std::forward<X>(x), axis<0>); }
template <Expression X>
  requires(rank_of<X> > 1)
auto fliplr(X&& x) { return flip(std::forward<X>(x), axis<1>); }

// The first two axes turned by K quarters, from axis 0 towards axis 1: rot90(x), rot90<-1>(x). For odd K S<0> and S<1> change places.
// Sent: what flip along the split axis does.
template <int K = 1, Expression X>
  requires(rank_of<X> > 1)
auto rot90(X&& x) {
  constexpr int quarters = (K % 4 + 4) % 4;
  if constexpr (quarters == 0) return detail::settled_t<X>(detail::settled(std::forward<X>(x)));
  else if constexpr (quarters == 1) return swapaxes<0, 1>(flip(std::forward<X>(x), axis<1>));
  else if constexpr (quarters == 2) return flip(std::forward<X>(x), axis<0, 1>);
  else return flip(swapaxes<0, 1>(std::forward<X>(x)), axis<1>);
}

}  // namespace priel
