// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions of NumPy's for arithmetic: extremes of two operands, remainders, divisors.
#pragma once

#include <priel/op/math.hpp>
#include <priel/typed.hpp>

namespace priel {

// As the operators: shapes broadcast, policies join, nothing is sent.

// The larger operand; NaN if either is.
template <class L, class R> requires Combinable<L, R>
auto maximum(L&& l, R&& r) { return detail::elementwise<op::Maximum>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> maximum(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The smaller operand; NaN if either is.
template <class L, class R> requires Combinable<L, R>
auto minimum(L&& l, R&& r) { return detail::elementwise<op::Minimum>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> minimum(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The larger operand; the other one if either is NaN.
template <class L, class R> requires Combinable<L, R>
auto fmax(L&& l, R&& r) { return detail::elementwise<op::Fmax>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> fmax(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The smaller operand; the other one if either is NaN.
template <class L, class R> requires Combinable<L, R>
auto fmin(L&& l, R&& r) { return detail::elementwise<op::Fmin>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> fmin(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The quotient, rounded down. Integers by 0: 0.
template <class L, class R> requires Combinable<L, R>
auto floor_divide(L&& l, R&& r) { return detail::elementwise<op::FloorDivide>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> floor_divide(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The remainder with the sign of the dividend; % has the divisor's. Integers by 0: 0.
template <class L, class R> requires Combinable<L, R>
auto fmod(L&& l, R&& r) { return detail::elementwise<op::Fmod>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> fmod(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// Of integers, never negative.
template <class L, class R> requires Combinable<L, R>
auto gcd(L&& l, R&& r) { return detail::elementwise<op::Gcd>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> gcd(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto lcm(L&& l, R&& r) { return detail::elementwise<op::Lcm>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> lcm(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The quotient rounded down and the remainder of it: a tuple of two expressions.
template <class L, class R> requires Combinable<L, R>
auto divmod(const L& l, const R& r) { return std::tuple(floor_divide(l, r), l % r); }

// x limited to [low, high]; NaN stays.
template <Expression X, class A, class B>
auto clip(X&& x, A&& low, B&& high) { return minimum(maximum(std::forward<X>(x), std::forward<A>(low)), std::forward<B>(high)); }

template <Expression X>
auto square(X&& x) { return detail::elementwise<op::Square>(std::forward<X>(x)); }
// 1 / x; of integers 1, -1 or 0.
template <Expression X>
auto reciprocal(X&& x) { return detail::elementwise<op::Reciprocal>(std::forward<X>(x)); }

}  // namespace priel
