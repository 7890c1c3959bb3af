// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's point-wise operators on expressions and numbers; operands on different ranks do not compile. Its functions: functions.hpp.
#pragma once

#include <priel/typed.hpp>

#include <priel/functions.hpp>

namespace priel {

// Binary operators: shapes broadcast, policies join, nothing is sent. The deleted overload carries the sentence; it is deduced
// from the operands' empty bases, so it does not grow with the expression.

template <class L, class R> requires Combinable<L, R>
auto operator+(L&& l, R&& r) { return detail::elementwise<op::Add>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator+(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator-(L&& l, R&& r) { return detail::elementwise<op::Subtract>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator-(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator*(L&& l, R&& r) { return detail::elementwise<op::Multiply>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator*(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator/(L&& l, R&& r) { return detail::elementwise<op::Divide>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator/(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator%(L&& l, R&& r) { return detail::elementwise<op::Remainder>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator%(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator<(L&& l, R&& r) { return detail::elementwise<op::Less>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator<(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator<=(L&& l, R&& r) { return detail::elementwise<op::LessEqual>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator<=(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator>(L&& l, R&& r) { return detail::elementwise<op::Greater>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator>(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator>=(L&& l, R&& r) { return detail::elementwise<op::GreaterEqual>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator>=(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator==(L&& l, R&& r) { return detail::elementwise<op::Equal>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator==(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator!=(L&& l, R&& r) { return detail::elementwise<op::NotEqual>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator!=(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator&(L&& l, R&& r) { return detail::elementwise<op::BitAnd>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator&(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator|(L&& l, R&& r) { return detail::elementwise<op::BitOr>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator|(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator^(L&& l, R&& r) { return detail::elementwise<op::BitXor>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator^(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// Of bool: of int8. By as many places as the type has, or by a negative number: 0, or -1 of a negative number to the right.
template <class L, class R> requires Combinable<L, R>
auto operator<<(L&& l, R&& r) { return detail::elementwise<op::LeftShift>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator<<(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto operator>>(L&& l, R&& r) { return detail::elementwise<op::RightShift>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> operator>>(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto logical_and(L&& l, R&& r) { return detail::elementwise<op::LogicalAnd>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> logical_and(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto logical_or(L&& l, R&& r) { return detail::elementwise<op::LogicalOr>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> logical_or(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto logical_xor(L&& l, R&& r) { return detail::elementwise<op::LogicalXor>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> logical_xor(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

// Unary operators: the operand's policy, nothing is sent.

template <Expression X>
auto positive(X&& x) { return detail::elementwise<op::Positive>(std::forward<X>(x)); }
template <Expression X>
auto operator-(X&& x) { return detail::elementwise<op::Negate>(std::forward<X>(x)); }
template <Expression X>
auto operator~(X&& x) { return detail::elementwise<op::BitNot>(std::forward<X>(x)); }
template <Expression X>
auto operator!(X&& x) { return detail::elementwise<op::LogicalNot>(std::forward<X>(x)); }
template <Expression X>
auto logical_not(X&& x) { return detail::elementwise<op::LogicalNot>(std::forward<X>(x)); }

// a where the condition holds, else b.
template <class C, class A, class B>
  requires(Operand<C> && Operand<A> && Operand<B> && (Expression<C> || Expression<A> || Expression<B>) &&
           (Combinable<C, A> || !(Expression<C> || Expression<A>)) && (Combinable<C, B> || !(Expression<C> || Expression<B>)) &&
           (Combinable<A, B> || !(Expression<A> || Expression<B>)))
auto where(C&& condition, A&& a, B&& b) {
  return detail::elementwise<op::Where>(std::forward<C>(condition), std::forward<A>(a), std::forward<B>(b));
}
namespace detail {
template <class P, int M, class A, class X>
constexpr bool meets() {
  if constexpr (Expression<X>) return !refusal<P, M, A, policy_of<X>, rank_of<X>, backend_of<X>>::refused;
  else return true;
}
}  // namespace detail
template <class P, int M, class A, class Q, int N, class B, class X>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> where(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&, const X&) = delete;
template <class P, int M, class A, class Q, int N, class B, class X>
  requires(detail::meets<P, M, A, X>())
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> where(const operand_tag<P, M, A>&, const X&, const operand_tag<Q, N, B>&) = delete;
template <class P, int M, class A, class Q, int N, class B, class X>
  requires(detail::meets<P, M, A, X>() && detail::meets<Q, N, B, X>())
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> where(const X&, const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

}  // namespace priel
