// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rounding, signs, and the parts of floating-point numbers.
#pragma once

#include <priel/op/rounding.hpp>
#include <priel/typed.hpp>

namespace priel {

// The operand's policy, or those of two joined; nothing is sent. Integers and bool: of double, but in round and sign.

template <Expression X>
auto floor(X&& x) { return detail::elementwise<op::Floor>(std::forward<X>(x)); }
template <Expression X>
auto ceil(X&& x) { return detail::elementwise<op::Ceil>(std::forward<X>(x)); }
// Towards 0.
template <Expression X>
auto trunc(X&& x) { return detail::elementwise<op::Trunc>(std::forward<X>(x)); }
// Half to even.
template <Expression X>
auto rint(X&& x) { return detail::elementwise<op::Rint>(std::forward<X>(x)); }
// Half to even; integers stay integers.
template <Expression X>
auto round(X&& x) { return detail::elementwise<op::Round>(std::forward<X>(x)); }
// To so many decimals, or, where that is negative, to a multiple of 10^-decimals.
template <Expression X>
auto round(X&& x, int decimals) {
  double scale = 1;
  for (int i = decimals < 0 ? -decimals : decimals; i > 0; --i) scale *= 10;
  return detail::elementwise<op::RoundTo>(std::forward<X>(x), decimals < 0 ? -scale : scale);
}
// -1, 0, 1; NaN of NaN; of complex numbers z / |z|.
template <Expression X>
auto sign(X&& x) { return detail::elementwise<op::Sign>(std::forward<X>(x)); }
template <Expression X>
auto signbit(X&& x) { return detail::elementwise<op::SignBit>(std::forward<X>(x)); }
// The distance to the next number away from 0.
template <Expression X>
auto spacing(X&& x) { return detail::elementwise<op::Spacing>(std::forward<X>(x)); }

// The fractional and the whole part, both with the sign of x: a tuple of two expressions.
template <Expression X>
auto modf(const X& x) { return std::tuple(detail::elementwise<op::Fraction>(x), trunc(x)); }
// x = mantissa · 2^exponent, 0.5 ≤ |mantissa| < 1: a tuple of two expressions, the second of int32.
template <Expression X>
auto frexp(const X& x) { return std::tuple(detail::elementwise<op::Mantissa>(x), detail::elementwise<op::BinaryExponent>(x)); }

// l · 2^r, r integers.
template <class L, class R> requires Combinable<L, R>
auto ldexp(L&& l, R&& r) { return detail::elementwise<op::Ldexp>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> ldexp(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The magnitude of l with the sign of r.
template <class L, class R> requires Combinable<L, R>
auto copysign(L&& l, R&& r) { return detail::elementwise<op::CopySign>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> copysign(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// 0 where l is negative, r where it is 0, else 1.
template <class L, class R> requires Combinable<L, R>
auto heaviside(L&& l, R&& r) { return detail::elementwise<op::Heaviside>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> heaviside(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// The next number after l towards r.
template <class L, class R> requires Combinable<L, R>
auto nextafter(L&& l, R&& r) { return detail::elementwise<op::NextAfter>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> nextafter(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

}  // namespace priel
