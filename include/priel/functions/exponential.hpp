// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Roots, exponentials, logarithms and powers.
#pragma once

#include <priel/op/math.hpp>
#include <priel/typed.hpp>

namespace priel {

// The operand's policy, or those of two joined; nothing is sent. Integers and bool: of double.

template <Expression X>
auto sqrt(X&& x) { return detail::elementwise<op::Sqrt>(std::forward<X>(x)); }
template <Expression X>
auto cbrt(X&& x) { return detail::elementwise<op::Cbrt>(std::forward<X>(x)); }
template <Expression X>
auto exp(X&& x) { return detail::elementwise<op::Exp>(std::forward<X>(x)); }
template <Expression X>
auto exp2(X&& x) { return detail::elementwise<op::Exp2>(std::forward<X>(x)); }
template <Expression X>
auto expm1(X&& x) { return detail::elementwise<op::Expm1>(std::forward<X>(x)); }
template <Expression X>
auto log(X&& x) { return detail::elementwise<op::Log>(std::forward<X>(x)); }
template <Expression X>
auto log2(X&& x) { return detail::elementwise<op::Log2>(std::forward<X>(x)); }
template <Expression X>
auto log10(X&& x) { return detail::elementwise<op::Log10>(std::forward<X>(x)); }
template <Expression X>
auto log1p(X&& x) { return detail::elementwise<op::Log1p>(std::forward<X>(x)); }

// Integers stay integers; a negative exponent of one gives 0, 1 or -1.
template <class L, class R> requires Combinable<L, R>
auto pow(L&& l, R&& r) { return detail::elementwise<op::Power>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> pow(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// In double, or complex<double>, whatever the operands.
template <class L, class R> requires Combinable<L, R>
auto float_power(L&& l, R&& r) { return detail::elementwise<op::FloatPower>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> float_power(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// log(exp(l) + exp(r)), without leaving the type's range.
template <class L, class R> requires Combinable<L, R>
auto logaddexp(L&& l, R&& r) { return detail::elementwise<op::LogAddExp>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> logaddexp(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// log2(2^l + 2^r).
template <class L, class R> requires Combinable<L, R>
auto logaddexp2(L&& l, R&& r) { return detail::elementwise<op::LogAddExp2>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> logaddexp2(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

}  // namespace priel
