// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Trigonometric and hyperbolic functions.
#pragma once

#include <priel/op/trigonometric.hpp>
#include <priel/typed.hpp>

namespace priel {

// The operand's policy, or those of two joined; nothing is sent. Radians; integers and bool: of double.

template <Expression X>
auto sin(X&& x) { return detail::elementwise<op::Sin>(std::forward<X>(x)); }
template <Expression X>
auto cos(X&& x) { return detail::elementwise<op::Cos>(std::forward<X>(x)); }
template <Expression X>
auto tan(X&& x) { return detail::elementwise<op::Tan>(std::forward<X>(x)); }
template <Expression X>
auto sinh(X&& x) { return detail::elementwise<op::Sinh>(std::forward<X>(x)); }
template <Expression X>
auto cosh(X&& x) { return detail::elementwise<op::Cosh>(std::forward<X>(x)); }
template <Expression X>
auto tanh(X&& x) { return detail::elementwise<op::Tanh>(std::forward<X>(x)); }
template <Expression X>
auto arcsin(X&& x) { return detail::elementwise<op::ArcSin>(std::forward<X>(x)); }
template <Expression X>
auto arccos(X&& x) { return detail::elementwise<op::ArcCos>(std::forward<X>(x)); }
template <Expression X>
auto arctan(X&& x) { return detail::elementwise<op::ArcTan>(std::forward<X>(x)); }
template <Expression X>
auto arcsinh(X&& x) { return detail::elementwise<op::ArcSinh>(std::forward<X>(x)); }
template <Expression X>
auto arccosh(X&& x) { return detail::elementwise<op::ArcCosh>(std::forward<X>(x)); }
template <Expression X>
auto arctanh(X&& x) { return detail::elementwise<op::ArcTanh>(std::forward<X>(x)); }
template <Expression X>
auto deg2rad(X&& x) { return detail::elementwise<op::Deg2rad>(std::forward<X>(x)); }
template <Expression X>
auto rad2deg(X&& x) { return detail::elementwise<op::Rad2deg>(std::forward<X>(x)); }
// sin(πx) / πx, 1 at 0.
template <Expression X>
auto sinc(X&& x) { return detail::elementwise<op::Sinc>(std::forward<X>(x)); }

// The angle of the point (r, l), in [-π, π].
template <class L, class R> requires Combinable<L, R>
auto arctan2(L&& l, R&& r) { return detail::elementwise<op::ArcTan2>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> arctan2(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// √(l² + r²), without leaving the type's range.
template <class L, class R> requires Combinable<L, R>
auto hypot(L&& l, R&& r) { return detail::elementwise<op::Hypot>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> hypot(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

}  // namespace priel
