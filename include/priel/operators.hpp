// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's point-wise operators and functions on expressions and numbers; operands on different ranks do not compile.
#pragma once

#include <priel/elementwise.hpp>
#include <priel/op/math.hpp>
#include <priel/pending.hpp>

namespace priel {

namespace detail {

// What typing asks of an operand. Typed operators name this and not the nodes: these would double at every level of a tree.
template <class T, bool Weak>
struct ElementOf {
  using value_type = T;
  static constexpr bool is_weak = Weak;
};

// Folds element types with weakness: the type operands meet in.
template <class... Nodes>
struct common_element;
template <class N>
struct common_element<N> {
  static constexpr bool weak = N::is_weak;
  using type = std::conditional_t<weak, scalar_default<value_of<N>>, value_of<N>>;
  using raw = value_of<N>;
};
template <class First, class Second, class... Rest>
struct common_element<First, Second, Rest...> {
  using a = common_element<First>;
  using b = common_element<Second, Rest...>;
  static constexpr bool weak = a::weak && b::weak;
  using raw = decltype(promote_weak<typename a::raw, a::weak, typename b::raw, b::weak>());
  using type = std::conditional_t<weak, scalar_default<raw>, raw>;
};

// An operator with its operand types fixed.
template <class Op, class Family, class... Nodes>
struct Typed;

template <class Op, class C, class R>
struct Uniform {
  using op = Op;
  using result = R;
  template <std::size_t>
  using operand = C;
  template <class... T>
  PRIEL_DEVICE static constexpr R function(T... values) { return Op::call(values...); }
};

// Comparisons are those of the numbers, so integers are not made to fit each other: bytes > -1 is true.
template <class Op, class L, class R>
struct ComparedSigns {   // int64 with uint64, which have no common type
  using op = Op;
  using result = bool;
  template <std::size_t I>
  using operand = std::conditional_t<std::is_signed_v<std::conditional_t<I == 0, L, R>>, std::int64_t, std::uint64_t>;
  PRIEL_DEVICE static constexpr bool function(std::int64_t a, std::uint64_t b) {
    return a < 0 ? Op::call(-1, 0) : Op::call(static_cast<std::uint64_t>(a), b);
  }
  PRIEL_DEVICE static constexpr bool function(std::uint64_t a, std::int64_t b) {
    return b < 0 ? Op::call(0, -1) : Op::call(a, static_cast<std::uint64_t>(b));
  }
};
template <class Op, class L, class R>
struct Compared {
  static constexpr bool integers = kind_of<value_of<L>> <= Kind::integer && kind_of<value_of<R>> <= Kind::integer;
  static constexpr bool fraction = (kind_of<value_of<L>> == Kind::integer && R::is_weak) || (kind_of<value_of<R>> == Kind::integer && L::is_weak);
  using exact = promote<value_of<L>, value_of<R>>;
  using type = std::conditional_t<
      integers, std::conditional_t<kind_of<exact> == Kind::floating, ComparedSigns<Op, value_of<L>, value_of<R>>, Uniform<Op, exact, bool>>,
      Uniform<Op, std::conditional_t<fraction && kind_of<exact> == Kind::floating, double, typename common_element<L, R>::type>, bool>>;
};

template <class Op, class... Nodes>
struct Typed<Op, op::Arithmetic, Nodes...>
    : Uniform<Op, typename common_element<Nodes...>::type, typename common_element<Nodes...>::type> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Sign, Nodes...> : Typed<Op, op::Arithmetic, Nodes...> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Floating, Nodes...>
    : Uniform<Op, floating_type<typename common_element<Nodes...>::type>, floating_type<typename common_element<Nodes...>::type>> {};
template <class Op, class L, class R>
struct Typed<Op, op::Comparison, L, R> : Compared<Op, L, R>::type {};
template <class Op, class... Nodes>
struct Typed<Op, op::Predicate, Nodes...> : Uniform<Op, typename common_element<Nodes...>::type, bool> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Logical, Nodes...> : Uniform<Op, bool, bool> {};
template <class Op, class Condition, class... Nodes>
struct Typed<Op, op::Selection, Condition, Nodes...> {
  using op = Op;
  using result = typename common_element<Nodes...>::type;
  template <std::size_t I>
  using operand = std::conditional_t<I == 0, bool, result>;
  template <class... T>
  PRIEL_DEVICE static constexpr result function(T... values) { return Op::call(values...); }
};

template <class Op>
auto family(op::Arithmetic*) -> op::Arithmetic;
template <class Op>
auto family(op::Sign*) -> op::Sign;
template <class Op>
auto family(op::Floating*) -> op::Floating;
template <class Op>
auto family(op::Comparison*) -> op::Comparison;
template <class Op>
auto family(op::Predicate*) -> op::Predicate;
template <class Op>
auto family(op::Logical*) -> op::Logical;
template <class Op>
auto family(op::Selection*) -> op::Selection;
template <class Op, class... Nodes>
using TypedFor = Typed<Op, decltype(family<Op>(static_cast<Op*>(nullptr))), ElementOf<value_of<Nodes>, Nodes::is_weak>...>;

template <class To, class From>
struct Conversion {
  using op = op::Convert<To>;
  using result = To;
  template <std::size_t>
  using operand = From;
  PRIEL_DEVICE static constexpr To function(From value) { return static_cast<To>(value); }
};

// An operand as Elementwise holds it.
template <class X>
using operand_of = std::remove_cvref_t<decltype(finished(std::declval<node_of<X>>()))>;

// The node for Op on operands. Pending sums stay pending where Op is linear in them, and are finished elsewhere.
template <class Op, class... Xs>
auto elementwise(Xs&&... xs) {
  if constexpr (keeps_pending<Op, node_of<Xs>...>()) {
    return make_pending<Op, TypedFor<Op, node_of<Xs>...>>(node_of<Xs>(as_node(std::forward<Xs>(xs)))...);
  } else {
    return Elementwise<TypedFor<Op, node_of<Xs>...>, operand_of<Xs>...>(std::in_place, finished(as_node(std::forward<Xs>(xs)))...);
  }
}

}  // namespace detail

// A conversion to another element type; downwards too (float to int truncates).
template <Element To, Expression X>
auto astype(X&& x) {
  return Elementwise<detail::Conversion<To, value_of<X>>, detail::operand_of<X>>(std::in_place, finished(std::forward<X>(x)));
}

// Binary operators and functions: shapes broadcast, policies join, nothing is sent. The deleted overload carries the
// sentence; it is deduced from the operands' empty bases, so it does not grow with the expression.

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

template <class L, class R> requires Combinable<L, R>
auto pow(L&& l, R&& r) { return detail::elementwise<op::Power>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> pow(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

template <class L, class R> requires Combinable<L, R>
auto floor_divide(L&& l, R&& r) { return detail::elementwise<op::FloorDivide>(std::forward<L>(l), std::forward<R>(r)); }
template <class P, int M, class A, class Q, int N, class B>
error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends<P, M, A, Q, N, B> floor_divide(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

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

// Unary operators and functions: the operand's policy, nothing is sent.

template <Expression X>
auto operator-(X&& x) { return detail::elementwise<op::Negate>(std::forward<X>(x)); }
template <Expression X>
auto operator~(X&& x) { return detail::elementwise<op::BitNot>(std::forward<X>(x)); }
template <Expression X>
auto operator!(X&& x) { return detail::elementwise<op::LogicalNot>(std::forward<X>(x)); }
template <Expression X>
auto abs(X&& x) { return detail::elementwise<op::Abs>(std::forward<X>(x)); }
template <Expression X>
auto square(X&& x) { return detail::elementwise<op::Square>(std::forward<X>(x)); }
template <Expression X>
auto sqrt(X&& x) { return detail::elementwise<op::Sqrt>(std::forward<X>(x)); }
template <Expression X>
auto exp(X&& x) { return detail::elementwise<op::Exp>(std::forward<X>(x)); }
template <Expression X>
auto expm1(X&& x) { return detail::elementwise<op::Expm1>(std::forward<X>(x)); }
template <Expression X>
auto log(X&& x) { return detail::elementwise<op::Log>(std::forward<X>(x)); }
template <Expression X>
auto log10(X&& x) { return detail::elementwise<op::Log10>(std::forward<X>(x)); }
template <Expression X>
auto log2(X&& x) { return detail::elementwise<op::Log2>(std::forward<X>(x)); }
template <Expression X>
auto log1p(X&& x) { return detail::elementwise<op::Log1p>(std::forward<X>(x)); }
template <Expression X>
auto sin(X&& x) { return detail::elementwise<op::Sin>(std::forward<X>(x)); }
template <Expression X>
auto cos(X&& x) { return detail::elementwise<op::Cos>(std::forward<X>(x)); }
template <Expression X>
auto tan(X&& x) { return detail::elementwise<op::Tan>(std::forward<X>(x)); }
template <Expression X>
auto tanh(X&& x) { return detail::elementwise<op::Tanh>(std::forward<X>(x)); }
template <Expression X>
auto erf(X&& x) { return detail::elementwise<op::Erf>(std::forward<X>(x)); }
template <Expression X>
auto floor(X&& x) { return detail::elementwise<op::Floor>(std::forward<X>(x)); }
template <Expression X>
auto ceil(X&& x) { return detail::elementwise<op::Ceil>(std::forward<X>(x)); }
template <Expression X>
auto round(X&& x) { return detail::elementwise<op::Round>(std::forward<X>(x)); }
template <Expression X>
auto isnan(X&& x) { return detail::elementwise<op::IsNan>(std::forward<X>(x)); }
template <Expression X>
auto isfinite(X&& x) { return detail::elementwise<op::IsFinite>(std::forward<X>(x)); }
template <Expression X>
auto isinf(X&& x) { return detail::elementwise<op::IsInf>(std::forward<X>(x)); }
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

// x limited to [low, high]; NaN stays.
template <Expression X, class A, class B>
auto clip(X&& x, A&& low, B&& high) { return minimum(maximum(std::forward<X>(x), std::forward<A>(low)), std::forward<B>(high)); }

}  // namespace priel
