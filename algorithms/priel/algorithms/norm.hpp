// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// norm: of vectors along axes, S<k> -> S<k'>, over the split axis -> R; of matrices -> R.
#pragma once

#include <priel/algorithms/qr.hpp>
#include <priel/reduce.hpp>
#include <priel/op/math.hpp>
#include <priel/operators.hpp>

#include <limits>

namespace priel {

namespace detail {

// NumPy takes integers as double before anything else: abs of the smallest one would wrap.
template <class X>
auto magnitudes(X&& x) {
  if constexpr (kind_of<value_of<X>> <= Kind::integer) return abs(astype<double>(std::forward<X>(x)));
  else return abs(std::forward<X>(x));
}

template <class... Options>
inline constexpr int named_axes = 0;
template <int... A, class... Rest>
inline constexpr int named_axes<Axes<A...>, Rest...> = sizeof...(A);
template <class First, class... Rest>
inline constexpr int named_axes<First, Rest...> = named_axes<Rest...>;

}  // namespace detail

namespace linalg {

// The orders of norm that are no numbers: the largest magnitude (-infinity: the smallest), the sum of singular values.
inline constexpr int infinity = std::numeric_limits<int>::max();
inline constexpr int nuclear = infinity - 1;

}  // namespace linalg

// The root of the sum of squares over the named axes, all if none is named (`keepdims` leaves them): the 2-norm of vectors, Frobenius'
// of matrices. Integers in double. Policies and messages as sum's; over a split axis the sum is finished first, so the result is R.
template <Expression X, class... Options>
auto norm(X&& x, Options... options) {
  if constexpr (kind_of<value_of<X>> <= Kind::integer) return sqrt(sum(square(astype<double>(std::forward<X>(x))), options...));
  else if constexpr (kind_of<value_of<X>> == Kind::complex) return sqrt(sum(square(abs(std::forward<X>(x))), options...));
  else return sqrt(sum(square(std::forward<X>(x)), options...));
}

// Of an order, NumPy's `ord`. Of vectors, which are x of rank 1 or lie along the one axis that is named: 0 the number of elements that are
// not 0, p the p-th root of the sum of p-th powers of magnitudes, linalg::infinity and its negative. Of a matrix: 1 and infinity the largest
// sum of a column or row, 2 the largest singular value, their negatives the smallest, linalg::nuclear. Policies and messages as those
// of sum, max and svd.
template <int Order, Expression X, class... Options>
  requires(rank_of<X> == 1 || detail::named_axes<Options...> == 1)
auto norm(X&& x, Options... options) {
  auto sizes = detail::magnitudes(std::forward<X>(x));
  using T = value_of<decltype(sizes)>;
  if constexpr (Order == linalg::infinity) return max(std::move(sizes), options...);
  else if constexpr (Order == -linalg::infinity) return min(std::move(sizes), options...);
  else if constexpr (Order == 0) return astype<T>(count_nonzero(std::move(sizes), options...));
  else if constexpr (Order == 1) return sum(std::move(sizes), options...);
  else if constexpr (Order == 2) return sqrt(sum(square(std::move(sizes)), options...));
  else return pow(sum(pow(std::move(sizes), static_cast<double>(Order)), options...), 1.0 / Order);
}
template <int Order, Expression X>
  requires(rank_of<X> == 2)
auto norm(X&& x) {
  constexpr int size = Order < 0 ? -Order : Order;
  static_assert(size == 1 || size == 2 || size == linalg::infinity || Order == linalg::nuclear,
                "the norm of a matrix has order 1, 2, linalg::infinity, their negatives, or linalg::nuclear; without one it is Frobenius'");
  if constexpr (Order == 1) return max(sum(detail::magnitudes(std::forward<X>(x)), axis<0>));
  else if constexpr (Order == -1) return min(sum(detail::magnitudes(std::forward<X>(x)), axis<0>));
  else if constexpr (Order == linalg::infinity) return max(sum(detail::magnitudes(std::forward<X>(x)), axis<1>));
  else if constexpr (Order == -linalg::infinity) return min(sum(detail::magnitudes(std::forward<X>(x)), axis<1>));
  else if constexpr (Order == 2) return max(svd(std::forward<X>(x)).S);
  else if constexpr (Order == -2) return min(svd(std::forward<X>(x)).S);
  else return sum(svd(std::forward<X>(x)).S);
}

namespace linalg {

using priel::norm;
using priel::qr;
using priel::svd;

}  // namespace linalg
}  // namespace priel
