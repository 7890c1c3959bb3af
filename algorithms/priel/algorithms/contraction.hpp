// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The one rule of contractions: which policies of two operands let every rank compute its share alone, and where the result is.
#pragma once

#include <priel/expression.hpp>
#include <priel/pending.hpp>
#include <priel/policies/redistributions.hpp>

namespace priel {

// The axes of an operand as in einsum: Labels<'i', 'j'> is "ij".
template <char... Axis>
struct Labels {
  static constexpr int rank = sizeof...(Axis);
  static constexpr char at(int axis) {
    constexpr char labels[] = {Axis..., '\0'};
    return labels[axis];
  }
  // The axis with this label, or -1.
  static constexpr int position(char label) {
    for (int a = 0; a < rank; ++a)
      if (at(a) == label) return a;
    return -1;
  }
};

namespace detail {

// The axis that a policy distributes: -1 none, -2 several.
template <class P, int Rank>
constexpr int only_split_axis() {
  int found = -1;
  for (int a = 0; a < Rank; ++a)
    if (distributes<P, Rank>(a)) found = found == -1 ? a : -2;
  return found;
}

// What a policy does along one axis, when the others are gone.
template <class P, int Axis, int At>
struct AlongAxis : AlongAxis<propagated<RemoveAxis<At>, P>, Axis, At - 1> {};
template <class P, int Axis>
struct AlongAxis<P, Axis, Axis> : AlongAxis<P, Axis, Axis - 1> {};
template <class P, int Axis>
  requires(Axis >= 0)
struct AlongAxis<P, Axis, -1> { using type = P; };

// Such a policy with axes before and behind.
template <class P, int Before, int Behind>
struct AmongAxes { using type = propagated<InsertAxis<0>, typename AmongAxes<P, Before - 1, Behind>::type>; };
template <class P, int Behind>
struct AmongAxes<P, 0, Behind> { using type = propagated<InsertAxis<Behind>, typename AmongAxes<P, 0, Behind - 1>::type>; };
template <class P>
struct AmongAxes<P, 0, 0> { using type = P; };

// How an operand with these labels lies if `Label` is shared out as `Along`: Replicated if it has no such axis.
template <class Operand, char Label, class Along>
struct WithLabel { using type = typename AmongAxes<Along, Operand::position(Label), Operand::rank - 1 - Operand::position(Label)>::type; };
template <class Operand, char Label, class Along>
  requires(Operand::position(Label) < 0)
struct WithLabel<Operand, Label, Along> { using type = Replicated; };

// The label on which the operands are split ('\0': on none), and how the ranks share it; void if they do not agree.
template <class Left, class P, class Right, class Q>
struct ChosenLabel {
  static constexpr int left = only_split_axis<P, Left::rank>(), right = only_split_axis<Q, Right::rank>();
  static constexpr char value = left >= 0 ? Left::at(left) : right >= 0 ? Right::at(right) : '\0';

  static constexpr auto shared() {
    constexpr bool differ = left >= 0 && right >= 0 && Right::at(right < 0 ? 0 : right) != value;
    if constexpr (left == -2 || right == -2 || differ) return std::type_identity<void>{};
    else if constexpr (value == '\0') return std::type_identity<Replicated>{};
    else if constexpr (right < 0) return AlongAxis<P, left, Left::rank - 1>{};
    else if constexpr (left < 0) return AlongAxis<Q, right, Right::rank - 1>{};
    else {
      using one = typename AlongAxis<P, left, Left::rank - 1>::type;
      using other = typename AlongAxis<Q, right, Right::rank - 1>::type;
      return std::type_identity<std::conditional_t<join<one, other>::ok, one, void>>{};
    }
  }
  using type = typename decltype(shared())::type;
};

template <class Left, class Right, class Out, char Label, class Along>
struct ContractionParts {
  static constexpr bool ok = true;
  using left_part = typename WithLabel<Left, Label, Along>::type;
  using right_part = typename WithLabel<Right, Label, Along>::type;
  using policy = std::conditional_t<Label != '\0' && Out::position(Label) < 0, Partial<Summation>, typename WithLabel<Out, Label, Along>::type>;
};
template <class Left, class Right, class Out, char Label>
struct ContractionParts<Left, Right, Out, Label, void> {
  static constexpr bool ok = false;
};

}  // namespace detail

// Choose one label. Every split operand must be split on it, alike; a replicated operand that has it is sliced locally; an operand
// without it must be replicated. The result is split where the label survives and pending where it is summed. Nothing is sent.
//   ok; if so: policy (the result's), left_part and right_part (what a rank needs of the operands)
// Pending operands count as finished, windows as stored.
template <class Left, class P, class Right, class Q, class Out>
struct ContractionRule
    : detail::ContractionParts<Left, Right, Out, detail::ChosenLabel<Left, detail::stored_policy<P>, Right, detail::stored_policy<Q>>::value,
                               typename detail::ChosenLabel<Left, detail::stored_policy<P>, Right, detail::stored_policy<Q>>::type> {};

// The sentences. A deleted overload returns one of these, so that the compiler prints it with both policies.
struct or_write_matmul_ring_of_both {};
struct or_write_cdist_ring_of_both {};
struct or_of_the_left_one {};
template <class Left, class Right, class Write, class Or>
struct error_E05_operands_are_split_on_different_labels {};

namespace detail {

template <class Rule, class P, class A, class Q, class B, class Or>
struct contraction_refusal {
  static constexpr bool refused = !Rule::ok || !joined_backend<A, B>::ok;
  using sentence = std::conditional_t<Rule::ok, error_E11_operands_live_on_different_backends<A, B, write_to_host_or_to_device_of_one>,
                                      error_E05_operands_are_split_on_different_labels<P, Q, write_redistribute_right_operand_to<Replicated>, Or>>;
};

}  // namespace detail

// The return type of a deleted overload. Some compilers print this name, others what it stands for: both say it.
template <class Rule, class P, class A, class Q, class B, class Or>
  requires(detail::contraction_refusal<Rule, P, A, Q, B, Or>::refused)
using error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both =
    typename detail::contraction_refusal<Rule, P, A, Q, B, Or>::sentence;

// Two expressions that a contraction by Rule takes.
template <class Rule, class L, class R>
concept Contractible = Rule::ok && detail::joined_backend<backend_of<L>, backend_of<R>>::ok;

namespace detail {

template <int M, int N>
[[noreturn]] void refuse_extents(const char* name, const Shape<M>& left, const Shape<N>& right) {
  throw ShapeError(std::string(name) + ": the axes of " + to_string(left) + " and " + to_string(right) + " that are to meet differ in extent");
}

// e's elements as an array of T under Policy: e itself where it is that array. e is Replicated or Generated, or has the policy; nothing
// is sent but what e's own nodes send.
template <class T, class Policy, class Backend, class E>
Array<T, rank_of<E>, Policy, Backend> operand_part(const E& e, const Comm& comm) {
  using Result = Array<T, rank_of<E>, Policy, Backend>;
  if constexpr (std::is_same_v<E, Result>) return e;
  else {
    prepare_statement(e);
    if constexpr (requires { { e.result() } -> std::same_as<const Result&>; }) return e.result();
    else {
      Result result(e.shape(), comm);
      {
        const auto lease = result.local_mut();
        evaluate<Backend>(e, result.part(), lease.data());
      }
      return result;
    }
  }
}

// The plan of that.
template <class T, class Policy, class E>
void plan_operand(const E& e, Plan& plan) {
  if constexpr (requires { e.result(); } || requires { e.local(); }) plan_node(e, plan);
  else plan.loop("operand " + to_string(e.shape()), largest_part<Policy>(e.shape(), plan.ranks()), [&] { plan_statement(e, plan); });
}

}  // namespace detail
}  // namespace priel
