// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's functions that add, drop and move axes: views, S<k> -> S<where k is then>, nothing is sent.
#pragma once

#include <priel/slice.hpp>

#include <array>

namespace priel {

namespace detail {

// Calls f(all, ..., all, spec, all, ..., all) with the spec at place At of N.
template <int At, int N, class Spec, class F>
auto with_spec_at(const Spec& spec, F&& f) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    const auto pick = [&]<int J>(std::integral_constant<int, J>) {
      if constexpr (J == At) return spec;
      else return all;
    };
    return f(pick(std::integral_constant<int, I>{})...);
  }(std::make_integer_sequence<int, N>{});
}

// Source axes by result axis, after axis From went to place To.
template <int Rank>
constexpr std::array<int, Rank> moved(int from, int to) {
  std::array<int, Rank> axes{};
  for (int a = 0, next = 0; a < Rank; ++a) {
    if (next == from) ++next;
    axes[static_cast<std::size_t>(a)] = a == to ? from : next++;
  }
  return axes;
}
template <int Rank>
constexpr std::array<int, Rank> swapped(int a, int b) {
  std::array<int, Rank> axes{};
  for (int c = 0; c < Rank; ++c) axes[static_cast<std::size_t>(c)] = c == a ? b : c == b ? a : c;
  return axes;
}

template <auto Order, class E>
auto permuted(E&& e) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return permute<Order[I]...>(std::forward<E>(e));
  }(std::make_index_sequence<Order.size()>{});
}

constexpr int counted_from_front(int axis, int rank) { return axis < 0 ? axis + rank : axis; }
template <int Axis, int Rank>
inline constexpr bool axis_exists = Axis >= -Rank && Axis < Rank;

}  // namespace detail

// A new axis of extent 1, which is axis Q of the result: S<k> -> S<k + (Q <= k)>.
template <int Q, Expression X>
  requires(detail::axis_exists<Q, rank_of<X> + 1>)
auto expand_dims(X&& x) {
  constexpr int at = detail::counted_from_front(Q, rank_of<X> + 1);
  return detail::with_spec_at<at, rank_of<X> + 1>(newaxis, [&](const auto&... specs) { return slice(x, specs...); });
}

// Without axis A, which has extent 1 (ShapeError else) and is not split: S<k> -> S<k - (A < k)>. (On the split axis, x(0) says
// that its one slab is sent to all.)
template <int A, Expression X>
  requires(detail::axis_exists<A, rank_of<X>> &&
           !detail::Propagated<RemoveAxis<detail::counted_from_front(A, rank_of<X>)>, detail::finished_policy<policy_of<X>>>::across)
auto squeeze(X&& x) {
  constexpr int at = detail::counted_from_front(A, rank_of<X>);
  if (x.shape()[at] != 1)
    throw ShapeError("squeeze: axis " + std::to_string(at) + " of " + to_string(x.shape()) + " has extent " + std::to_string(x.shape()[at]) +
                     ", not 1");
  return detail::with_spec_at<at, rank_of<X>>(0, [&](const auto&... specs) { return slice(x, specs...); });
}

// Axis From moves to place To; the others keep their order. S<k> -> S<where k is then>.
template <int From, int To, Expression X>
  requires(detail::axis_exists<From, rank_of<X>> && detail::axis_exists<To, rank_of<X>>)
auto moveaxis(X&& x) {
  constexpr int rank = rank_of<X>;
  return detail::permuted<detail::moved<rank>(detail::counted_from_front(From, rank), detail::counted_from_front(To, rank))>(std::forward<X>(x));
}

// Axes A and B change places. S<k> -> S<where k is then>.
template <int A, int B, Expression X>
  requires(detail::axis_exists<A, rank_of<X>> && detail::axis_exists<B, rank_of<X>>)
auto swapaxes(X&& x) {
  constexpr int rank = rank_of<X>;
  return detail::permuted<detail::swapped<rank>(detail::counted_from_front(A, rank), detail::counted_from_front(B, rank))>(std::forward<X>(x));
}

}  // namespace priel
