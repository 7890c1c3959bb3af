// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The parts of complex numbers, absolute values, and what elements are: NaN, infinite, close.
#pragma once

#include <priel/op/parts.hpp>
#include <priel/typed.hpp>

namespace priel {

// The operand's policy, nothing is sent.

// Of complex numbers real.
template <Expression X>
auto abs(X&& x) { return detail::elementwise<op::Abs>(std::forward<X>(x)); }
template <Expression X>
auto real(X&& x) { return detail::elementwise<op::RealPart>(std::forward<X>(x)); }
// 0 of real elements.
template <Expression X>
auto imag(X&& x) { return detail::elementwise<op::ImaginaryPart>(std::forward<X>(x)); }
template <Expression X>
auto conj(X&& x) { return detail::elementwise<op::Conjugate>(std::forward<X>(x)); }
// In radians; π of negative numbers.
template <Expression X>
auto angle(X&& x) { return detail::elementwise<op::Angle>(std::forward<X>(x)); }
template <Expression X>
auto isnan(X&& x) { return detail::elementwise<op::IsNan>(std::forward<X>(x)); }
template <Expression X>
auto isfinite(X&& x) { return detail::elementwise<op::IsFinite>(std::forward<X>(x)); }
template <Expression X>
auto isinf(X&& x) { return detail::elementwise<op::IsInf>(std::forward<X>(x)); }
template <Expression X>
auto isposinf(X&& x) { return detail::elementwise<op::IsPosInf>(std::forward<X>(x)); }
template <Expression X>
auto isneginf(X&& x) { return detail::elementwise<op::IsNegInf>(std::forward<X>(x)); }
// Where the imaginary part is 0.
template <Expression X>
auto isreal(X&& x) { return detail::elementwise<op::IsReal>(std::forward<X>(x)); }
template <Expression X>
auto iscomplex(X&& x) { return detail::elementwise<op::IsComplex>(std::forward<X>(x)); }

// NaN becomes `not_a_number`, infinities the greatest and the lowest number of the type; or what is given.
template <Expression X>
auto nan_to_num(X&& x, double not_a_number = 0) {
  using Limits = std::numeric_limits<typename detail::real_part<floating_type<value_of<X>>>::type>;
  return detail::elementwise<op::NanToNum>(std::forward<X>(x), not_a_number, Limits::max(), Limits::lowest());
}
template <Expression X>
auto nan_to_num(X&& x, double not_a_number, double posinf, double neginf) { return detail::elementwise<op::NanToNum>(std::forward<X>(x), not_a_number, posinf, neginf); }

// Where |l - r| ≤ atol + rtol |r|, or both are the same infinity, or both NaN and equal_nan says so.
template <class L, class R> requires Combinable<L, R>
auto isclose(L&& l, R&& r, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) {
  return detail::elementwise<op::IsClose>(std::forward<L>(l), std::forward<R>(r), rtol, atol, equal_nan);
}
template <class P, int M, class A, class Q, int N, class B, class... Options>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> isclose(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&, Options...) = delete;

}  // namespace priel
