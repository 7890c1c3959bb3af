// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Creators whose elements say where they are: eye, tri, indices, fromfunction; Generated, with a policy tag stored.
#pragma once

#include <priel/create.hpp>

namespace priel {

// 1 on the k-th diagonal.
template <class T>
struct DiagonalFunction {
  Size k;
  PRIEL_DEVICE constexpr T operator()(const Index<2>& i) const { return static_cast<T>(i[1] - i[0] == k); }
  bool operator==(const DiagonalFunction&) const = default;
};
// 1 on the k-th diagonal and below.
template <class T>
struct TriangleFunction {
  Size k;
  PRIEL_DEVICE constexpr T operator()(const Index<2>& i) const { return static_cast<T>(i[1] - i[0] <= k); }
  bool operator==(const TriangleFunction&) const = default;
};
// Entry a of the first axis is the index along axis a of the others.
template <class T, int Rank>
struct IndicesFunction {
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const { return static_cast<T>(i[static_cast<int>(i[0]) + 1]); }
  bool operator==(const IndicesFunction&) const = default;
};
// f(i, j, ...) of the indices.
template <class T, int Rank, class F>
struct CalledFunction {
  F f;
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const { return called(i, std::make_integer_sequence<int, Rank>{}); }

 private:
  template <int... A>
  PRIEL_DEVICE constexpr T called(const Index<Rank>& i, std::integer_sequence<int, A...>) const { return static_cast<T>(f(i[A]...)); }
};

// n rows, m columns (n, if they are not named), 1 on diagonal k and 0 elsewhere; k > 0 lies above the main one.
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto eye(Size n, Size m, Size k, P... policy) { return detail::made(generate<T>(Shape<2>{n, m}, DiagonalFunction<T>{k}), policy...); }
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto eye(Size n, Size m, P... policy) { return eye<T>(n, m, 0, policy...); }
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto eye(Size n, P... policy) { return eye<T>(n, n, 0, policy...); }
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto identity(Size n, P... policy) { return eye<T>(n, n, 0, policy...); }

// The same with 1 on diagonal k and below it.
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto tri(Size n, Size m, Size k, P... policy) { return detail::made(generate<T>(Shape<2>{n, m}, TriangleFunction<T>{k}), policy...); }
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto tri(Size n, Size m, P... policy) { return tri<T>(n, m, 0, policy...); }
template <Element T, class... P>
  requires detail::PolicyTag<2, P...>
auto tri(Size n, P... policy) { return tri<T>(n, n, 0, policy...); }

// The indices of a grid: of {n, m} an array (2, n, m), whose entry 0 is the row and entry 1 the column.
template <Element T = Size, int Rank, class... P>
  requires detail::PolicyTag<Rank + 1, P...>
auto indices(const Shape<Rank>& grid, P... policy) {
  Shape<Rank + 1> shape;
  shape[0] = Rank;
  for (int a = 0; a < Rank; ++a) shape[a + 1] = grid[a];
  return detail::made(generate<T>(shape, IndicesFunction<T, Rank + 1>{}), policy...);
}
template <Element T = Size, int Rank, class... P>
  requires detail::PolicyTag<Rank + 1, P...>
auto indices(const Size (&grid)[Rank], P... policy) { return indices<T>(shape_from(grid), policy...); }

// f(i, j) for every element of {n, m}: fromfunction<double>({n, m}, [](Size i, Size j) { return 10. * i + j; }). f is called where
// and when the elements are evaluated, by many threads, and is trivially copyable.
template <Element T, int Rank, class F, class... P>
  requires detail::PolicyTag<Rank, P...>
auto fromfunction(const Shape<Rank>& shape, F f, P... policy) {
  return detail::made(generate<T>(shape, CalledFunction<T, Rank, F>{f}), policy...);
}
template <Element T, int Rank, class F, class... P>
  requires detail::PolicyTag<Rank, P...>
auto fromfunction(const Size (&shape)[Rank], F f, P... policy) { return fromfunction<T>(shape_from(shape), f, policy...); }

}  // namespace priel
