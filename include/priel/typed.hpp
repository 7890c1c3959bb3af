// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How point-wise operators are given their element types and their nodes; conversions of elements.
#pragma once

#include <priel/elementwise.hpp>
#include <priel/op/logic.hpp>
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

// The first Count operands become First, the others Rest.
template <class Op, std::size_t Count, class First, class Rest, class R>
struct Led {
  using op = Op;
  using result = R;
  template <std::size_t I>
  using operand = std::conditional_t<(I < Count), First, Rest>;
  template <class... T>
  PRIEL_DEVICE static constexpr R function(T... values) { return Op::call(values...); }
};

template <class... Nodes>
using common_of = typename common_element<Nodes...>::type;
template <class... Nodes>
using floating_of = floating_type<common_of<Nodes...>>;
template <class T>
using part_of_complex = typename real_part<T>::type;
template <class T>
using counting_type = std::conditional_t<std::is_same_v<T, bool>, std::int8_t, T>;

template <class Op, class... Nodes>
struct Typed<Op, op::Arithmetic, Nodes...> : Uniform<Op, common_of<Nodes...>, common_of<Nodes...>> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Unary, Nodes...> : Uniform<Op, common_of<Nodes...>, common_of<Nodes...>> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Counting, Nodes...> : Uniform<Op, counting_type<common_of<Nodes...>>, counting_type<common_of<Nodes...>>> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Floating, Nodes...> : Uniform<Op, floating_of<Nodes...>, floating_of<Nodes...>> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Doubles, Nodes...> : Uniform<Op, promote<floating_of<Nodes...>, double>, promote<floating_of<Nodes...>, double>> {};
template <class Op, class N>
struct Typed<Op, op::Part, N> : Uniform<Op, common_of<N>, part_of_complex<common_of<N>>> {};
template <class Op, class N>
struct Typed<Op, op::FloatingPart, N> : Uniform<Op, floating_of<N>, part_of_complex<floating_of<N>>> {};
template <class Op, class N>
struct Typed<Op, op::Exponent, N> : Uniform<Op, floating_of<N>, std::int32_t> {};
template <class Op, class N, class Power>
struct Typed<Op, op::Scaling, N, Power> : Led<Op, 1, floating_of<N>, std::int64_t, floating_of<N>> {
  static_assert(kind_of<value_of<Power>> <= Kind::integer, "error E16: the exponents of ldexp are integers; write astype<int>(exponents)");
};
template <class Op, class L, class R>
struct Typed<Op, op::Comparison, L, R> : Compared<Op, L, R>::type {};
template <class Op, class... Nodes>
struct Typed<Op, op::Predicate, Nodes...> : Uniform<Op, common_of<Nodes...>, bool> {};
template <class Op, class... Nodes>
struct Typed<Op, op::Logical, Nodes...> : Uniform<Op, bool, bool> {};
template <class Op, class Condition, class... Nodes>
struct Typed<Op, op::Selection, Condition, Nodes...> : Led<Op, 1, bool, common_of<Nodes...>, common_of<Nodes...>> {};
template <class Op, class L, class R, class... Tolerances>
struct Typed<Op, op::Closeness, L, R, Tolerances...> : Led<Op, 2, floating_of<L, R>, part_of_complex<floating_of<L, R>>, bool> {};
template <class Op, class N, class... Numbers>
struct Typed<Op, op::Adjustment, N, Numbers...> : Led<Op, 1, common_of<N>, part_of_complex<floating_of<N>>, common_of<N>> {};

template <class Op, class... Nodes>
using TypedFor = Typed<Op, typename Op::family, ElementOf<value_of<Nodes>, Nodes::is_weak>...>;

// What NumPy refuses: the sentences, by the kind of elements that the operator would meet.
template <class Op, Kind K>
struct NotOffered {
  static_assert(K != Kind::complex, "error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)");
  static_assert(K != Kind::boolean, "error E16: this is not defined for bool; write it of astype<int>(x), or ~, ^ and logical_not");
  static_assert(K != Kind::floating, "error E16: this is defined for integers only; write it of astype<int>(x)");
  static constexpr Scope* refused = nullptr;
};

template <class To, class From>
struct Conversion {
  using op = op::Convert<To>;
  using result = To;
  template <std::size_t>
  using operand = From;
  PRIEL_DEVICE static constexpr To function(From value) { return convert<To>(value); }
};

// An operand as Elementwise holds it.
template <class X>
using operand_of = std::remove_cvref_t<decltype(finished(std::declval<node_of<X>>()))>;

// The node for Op on operands. Pending sums stay pending where Op is linear in them, and are finished elsewhere.
template <class Op, class... Xs>
auto elementwise(Xs&&... xs) {
  constexpr Kind kind = kind_of<typename TypedFor<Op, node_of<Xs>...>::template operand<0>>;
  if constexpr (!Op::takes(kind)) return NotOffered<Op, kind>::refused;
  else if constexpr (keeps_pending<Op, node_of<Xs>...>()) {
    return make_pending<Op, TypedFor<Op, node_of<Xs>...>>(node_of<Xs>(as_node(std::forward<Xs>(xs)))...);
  } else {
    return Elementwise<TypedFor<Op, node_of<Xs>...>, operand_of<Xs>...>(std::in_place, finished(as_node(std::forward<Xs>(xs)))...);
  }
}

}  // namespace detail

template <class From, class To>
struct error_E10_complex_elements_do_not_become_real_ones__write_real_or_imag_or_abs_of_x {};
// A conversion to another element type; downwards too (float to int truncates), but not from complex to real.
template <Element To, Expression X>
auto astype(X&& x) {
  return Elementwise<detail::Conversion<To, value_of<X>>, detail::operand_of<X>>(std::in_place, finished(std::forward<X>(x)));
}
template <Element To, Expression X>
  requires(kind_of<value_of<X>> == Kind::complex && kind_of<To> != Kind::complex && kind_of<To> != Kind::boolean)
error_E10_complex_elements_do_not_become_real_ones__write_real_or_imag_or_abs_of_x<value_of<X>, To> astype(X&&) = delete;   // real(x), imag(x), abs(x)

}  // namespace priel
