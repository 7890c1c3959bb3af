// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// linalg: lstsq, pinv, matrix_rank and cond by singular values, tall S<0> and R.
#pragma once

#include <priel/algorithms/norm.hpp>
#include <priel/finish.hpp>

namespace priel {

namespace detail {

// The largest of falling singular values, on every rank.
template <class S>
value_of<S> first_of(const S& values) {
  value_of<S> first{};
  if (values.size() > 0) backend_of<S>::download(&first, values.local().data(), static_cast<Size>(sizeof first));
  return first;
}

// 1 / s where s is larger, 0 elsewhere.
template <class S>
auto reciprocals(const S& s, value_of<S> smallest) { return where(s > smallest, value_of<S>(1) / s, value_of<S>(0)); }

template <class T>
constexpr T rounding(Size m, Size n) { return std::numeric_limits<T>::epsilon() * static_cast<T>(std::max(m, n)); }

template <class X>
concept TallMatrix = Expression<X> && rank_of<X> == 2 && has_whole_rows<policy_of<X>> && kind_of<value_of<X>> != Kind::complex;
template <class X>
concept RightHandSides = Expression<X> && (rank_of<X> == 1 || (rank_of<X> == 2 && has_whole_rows<policy_of<X>>)) &&
                         kind_of<value_of<X>> != Kind::complex;

}  // namespace detail

namespace linalg {

// The x (n,) or (n, k) with the least |b - a x|, and of those the shortest; the sums of squares of b - a x, (1,) or (k,), empty unless a has
// rank n < m; a's rank; its singular values.
template <class T, int Rank, class Backend>
struct LstsqResult {
  Array<T, Rank, Replicated, Backend> x;
  Array<T, 1, Replicated, Backend> residuals;
  Size rank;
  Array<T, 1, Replicated, Backend> s;
};

// a (m, n), b (m,) or (m, k); singular values of at most rcond times the largest count as 0, by default (rcond < 0) machine precision times
// max(m, n). R and S<0> for either; x is R. Sends svd's triangles and finishes two sums. Runs when called. ShapeError if the rows differ.
template <detail::TallMatrix A, detail::RightHandSides B>
auto lstsq(const A& a, const B& b, double rcond = -1) {
  using T = promote<floating_type<value_of<A>>, floating_type<value_of<B>>>;
  using Backend = detail::backend_or_default<typename detail::joined_backend<backend_of<A>, backend_of<B>>::type>;
  const Size m = a.shape()[0], n = a.shape()[1];
  if (b.shape()[0] != m) detail::refuse_extents("linalg::lstsq", a.shape(), b.shape());
  const auto [U, S, Vh] = svd(astype<T>(a));
  const T smallest = detail::first_of(S) * (rcond < 0 ? detail::rounding<T>(m, n) : static_cast<T>(rcond));
  const Array<T, rank_of<B>, Replicated, Backend> along = matmul(transpose(U), astype<T>(b));
  Array<T, rank_of<B>, Replicated, Backend> x = matmul(transpose(Vh) * detail::reciprocals(S, smallest), along);
  const Size rank = static_cast<Size>(item(count_nonzero(S > smallest)));
  Array<T, 1, Replicated, Backend> residuals(Shape<1>{0}, x.comm());
  if (rank == n && m > n) {
    const auto squares = square(astype<T>(b) - matmul(astype<T>(a), x));
    if constexpr (rank_of<B> == 1) residuals = Array<T, 1, Replicated, Backend>(sum(squares, axis<0>, keepdims));
    else residuals = Array<T, 1, Replicated, Backend>(sum(squares, axis<0>));
  }
  return LstsqResult<T, rank_of<B>, Backend>{std::move(x), std::move(residuals), rank, S};
}

template <class P, class A, class Q, int N, class B>
  requires(!detail::has_whole_rows<P>)
error_E05_a_factorisation_needs_whole_rows_on_one_rank<P, write_redistribute_to<Split<0>>> lstsq(const operand_tag<P, 2, A>&, const operand_tag<Q, N, B>&, double = -1) = delete;

// The pseudo-inverse (n, m) of a (m, n): singular values of at most rcond times the largest count as 0. R -> R, tall S<0> -> S<1>; sends svd's
// triangles.
template <detail::TallMatrix A>
auto pinv(A&& a, double rcond = 1e-15) {
  auto factors = svd(std::forward<A>(a));
  using T = value_of<decltype(factors.S)>;
  const T smallest = detail::first_of(factors.S) * static_cast<T>(rcond);
  return matmul(transpose(factors.Vh) * detail::reciprocals(factors.S, smallest), transpose(factors.U));
}
template <class P, class A>
  requires(!detail::has_whole_rows<P>)
error_E05_a_factorisation_needs_whole_rows_on_one_rank<P, write_redistribute_to<Split<0>>> pinv(const operand_tag<P, 2, A>&, double = 1e-15) = delete;

// The number of singular values that are larger than machine precision times max(m, n) times the largest.
template <detail::TallMatrix A>
auto matrix_rank(A&& a) {
  const Size m = a.shape()[0], n = a.shape()[1];
  auto factors = svd(std::forward<A>(a));
  using T = value_of<decltype(factors.S)>;
  return count_nonzero(factors.S > detail::first_of(factors.S) * detail::rounding<T>(m, n));
}
template <class P, class A>
  requires(!detail::has_whole_rows<P>)
error_E05_a_factorisation_needs_whole_rows_on_one_rank<P, write_redistribute_to<Split<0>>> matrix_rank(const operand_tag<P, 2, A>&) = delete;

// The largest singular value over the smallest.
template <detail::TallMatrix A>
auto cond(A&& a) {
  auto factors = svd(std::forward<A>(a));
  return max(factors.S) / min(factors.S);
}
template <class P, class A>
  requires(!detail::has_whole_rows<P>)
error_E05_a_factorisation_needs_whole_rows_on_one_rank<P, write_redistribute_to<Split<0>>> cond(const operand_tag<P, 2, A>&) = delete;

}  // namespace linalg
}  // namespace priel
