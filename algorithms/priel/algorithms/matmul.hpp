// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// matmul, tensordot, dot, inner: products summed over an axis, by the one rule of contractions; nothing is sent but to finish a sum.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/detail/product_node.hpp>

namespace priel {

namespace statistic {

// A sum that keeps the element type, as products do; integers wrap.
template <class T>
struct Dot : Sum<T> {
  using result = T;
  static constexpr result value(const typename Sum<T>::state& s, Size) { return static_cast<result>(s); }
};

}  // namespace statistic

namespace detail {

template <int M, int N>
using MatmulAxes = ProductAxes<(M > 2 ? M - 2 : 0), (N > 2 ? N - 2 : 0), (M > 1 ? 1 : 0), 1, (N > 1 ? 1 : 0)>;
template <int M, class P, int N, class Q>
using MatmulRule = typename MatmulAxes<M, N>::template rule<P, Q>;

template <int M, int N, int Terms>
using TensordotAxes = ProductAxes<0, 0, M - Terms, Terms, N - Terms>;

template <class X, class Y>
inline constexpr bool both_bool = std::is_same_v<value_of<X>, bool> && std::is_same_v<value_of<Y>, bool>;

// The sum over a vector times a vector: lazy, one pass over both, floats accumulated in double.
template <class X, class Y>
auto vector_product(const char* name, X&& x, Y&& y) {
  if (x.shape()[0] != y.shape()[0]) refuse_extents(name, x.shape(), y.shape());
  if constexpr (both_bool<X, Y>) return any(std::forward<X>(x) & std::forward<Y>(y));
  else return reduced<statistic::Dot, false>(std::forward<X>(x) * std::forward<Y>(y));
}

template <class Axes, class L, class R>
auto typed_product(const char* name, L&& l, R&& r) {
  if constexpr (both_bool<L, R>)   // true where a term is
    return product<Axes>(name, astype<std::int64_t>(std::forward<L>(l)), astype<std::int64_t>(std::forward<R>(r))) != 0;
  else return product<Axes>(name, std::forward<L>(l), std::forward<R>(r));
}

}  // namespace detail

// Matrix product, NumPy's `@`: (m, k)(k, n) -> (m, n); a vector on the left is a row, on the right a column, and its axis goes; leading
// axes are batches of equal extents, or only one operand has them. Element type: the common one; integers wrap; floating sums of a
// rank's products are in the element type (in double on Reference), sums over ranks in double.
// R R -> R, S0 R -> S0, R S1 -> S1; S1 S0, S1 R, R S0 -> a pending sum: Allreduce where R is wanted, Reduce_scatter where S<k> is;
// batches: S0 S0, S0 R, R S0 -> S0. Nothing else is sent. Throws ShapeError if the inner extents or those of the batches differ.
template <Expression L, Expression R>
  requires(rank_of<L> > 0 && rank_of<R> > 0 && Contractible<detail::MatmulRule<rank_of<L>, policy_of<L>, rank_of<R>, policy_of<R>>, L, R>)
auto matmul(L&& l, R&& r) {
  if constexpr (rank_of<L> == 1 && rank_of<R> == 1) return detail::vector_product("matmul", std::forward<L>(l), std::forward<R>(r));
  else return detail::typed_product<detail::MatmulAxes<rank_of<L>, rank_of<R>>>("matmul", std::forward<L>(l), std::forward<R>(r));
}
template <class P, int M, class A, class Q, int N, class B>
  requires(M > 0 && N > 0)
error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both<detail::MatmulRule<M, P, N, Q>, P, A, Q, B, or_write_matmul_ring_of_both> matmul(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// NumPy's dot of vectors and matrices: the product of vectors, else matmul.
template <Expression L, Expression R>
  requires(rank_of<L> > 0 && rank_of<L> <= 2 && rank_of<R> > 0 && rank_of<R> <= 2 &&
           Contractible<detail::MatmulRule<rank_of<L>, policy_of<L>, rank_of<R>, policy_of<R>>, L, R>)
auto dot(L&& l, R&& r) { return matmul(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
  requires(M > 0 && N > 0 && M <= 2 && N <= 2)
error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both<detail::MatmulRule<M, P, N, Q>, P, A, Q, B, or_write_matmul_ring_of_both> dot(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The last N axes of l with the first N of r: shape l[:-N] + r[N:]. Policies and messages as matmul's.
template <int N = 2, Expression L, Expression R>
  requires(N > 0 && N <= rank_of<L> && N <= rank_of<R> &&
           Contractible<typename detail::TensordotAxes<rank_of<L>, rank_of<R>, N>::template rule<policy_of<L>, policy_of<R>>, L, R>)
auto tensordot(L&& l, R&& r) {
  return detail::typed_product<detail::TensordotAxes<rank_of<L>, rank_of<R>, N>>("tensordot", std::forward<L>(l), std::forward<R>(r));
}
template <int Terms = 2, class P, int M, class A, class Q, int N, class B>
  requires(Terms > 0 && Terms <= M && Terms <= N)
error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both<typename detail::TensordotAxes<M, N, Terms>::template rule<P, Q>, P, A, Q, B, or_of_the_left_one> tensordot(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The sum over the last axes of both: shape l[:-1] + r[:-1]. Policies and messages as those of l times r with that axis first.
template <Expression L, Expression R>
  requires(rank_of<L> > 0 && rank_of<R> > 0 && requires(const L& l, const R& r) { tensordot<1>(l, moveaxis<-1, 0>(r)); })
auto inner(L&& l, R&& r) {
  if constexpr (rank_of<L> == 1 && rank_of<R> == 1) return detail::vector_product("inner", std::forward<L>(l), std::forward<R>(r));
  else return tensordot<1>(std::forward<L>(l), moveaxis<-1, 0>(std::forward<R>(r)));
}

}  // namespace priel
