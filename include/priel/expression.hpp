// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What every node of an expression is, and the questions that can be asked of one.
#pragma once

#include <priel/buffer.hpp>
#include <priel/communicator.hpp>
#include <priel/element.hpp>
#include <priel/policy.hpp>

#include <cstring>
#include <type_traits>
#include <utility>

namespace priel {

namespace detail {
// A range along the axis that Policy distributes would leave some ranks without a share.
template <class Policy>
struct RangeOnSplitAxis {
  static_assert(sizeof(Policy) == 0, "error E08: a range on the split axis moves data; write redistribute(x, replicated) first");
  static constexpr Scope* refused = nullptr;
};

// Whether slice specs suit an operand, and whether one of them is a range on the distributed axis (slice.hpp).
template <class Policy, int Rank, class... Specs>
struct can_slice;
}  // namespace detail

// The base of every node (arrays are leaves). A node is a value: it owns its operands. Beside these types it has
//   Shape<rank> shape() const                global extents
//   const Comm& comm() const                 null if nothing below it names a communicator
//   void prepare() const                     collective: fills the result cells of heavy nodes below, in the tree's order;
//                                            is_prepared = true where there can be none
//   template <int Root> auto lower(const Frame<Root, rank>&, Scope&) const      the kernel; after prepare
//   int readers(const void* buffer) const    how many leaves below read `buffer` at the very index the root writes
template <class Derived, class T, int Rank, class Policy, class Backend>
struct Node : operand_tag<Policy, Rank, Backend> {
  using value_type = T;
  using policy_type = Policy;
  using backend_type = Backend;
  static constexpr int rank = Rank;
  static constexpr bool is_expression = true;
  static constexpr bool is_weak = false;   // a C++ scalar, which does not widen an array's element type
  static constexpr bool is_prepared = false;
  static constexpr int to_comm = 1;        // nodes between this one and its nearest array, which answers comm()

  // The elements where a mask of the same shape (or of the rows) holds: select.hpp. Collective; runs when called.
  template <class Mask>
    requires(std::remove_cvref_t<Mask>::is_expression && std::is_same_v<typename std::remove_cvref_t<Mask>::value_type, bool>)
  auto operator()(const Mask& mask) const { return select(static_cast<const Derived&>(*this), mask); }

  // Basic slicing, x(range(0, 10, 2), all, 3): a view as a value (slice.hpp).
  template <class... Specs>
    requires(detail::can_slice<Policy, Rank, Specs...>::value)
  auto operator()(const Specs&... specs) const {
    if constexpr (detail::can_slice<Policy, Rank, Specs...>::range_across) return detail::RangeOnSplitAxis<Policy>::refused;
    else return slice(static_cast<const Derived&>(*this), specs...);
  }

  // if (sum(x) > 0): of rank 0 only, finished first, so that every rank takes the same branch. Collective where item() is.
  explicit operator bool() const
    requires(Rank == 0)
  {
    return item(static_cast<const Derived&>(*this)) != T{};
  }
};

template <class E>
concept Expression = std::remove_cvref_t<E>::is_expression;

// A C++ number, as an operand.
template <class S>
concept Number = Element<std::remove_cvref_t<S>>;

template <class E>
concept Operand = Expression<E> || Number<E>;

template <class E>
using policy_of = typename std::remove_cvref_t<E>::policy_type;
template <class E>
using value_of = typename std::remove_cvref_t<E>::value_type;
template <class E>
using backend_of = typename std::remove_cvref_t<E>::backend_type;
template <class E>
inline constexpr int rank_of = std::remove_cvref_t<E>::rank;

namespace detail {
// Not ==: 0.0 and -0.0 are not the same operand.
template <class T>
bool same_bits(const T& a, const T& b) { return std::memcmp(&a, &b, sizeof(T)) == 0; }
}  // namespace detail

// A C++ scalar in an expression.
template <class T>
struct Scalar : Node<Scalar<T>, T, 0, Generated, void> {
  static constexpr bool is_weak = true;
  static constexpr bool is_prepared = true;
  static constexpr int to_comm = 1000;
  explicit constexpr Scalar(T v) : value(v) {}

  Shape<0> shape() const { return {}; }
  const Comm& comm() const { return detail::no_comm; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  bool same(const Scalar& other) const { return detail::same_bits(value, other.value); }
  template <int Root>
  auto lower(const Frame<Root, 0>&, Scope&) const { return kernel::Constant<T>{value}; }

  T value;
};

namespace detail {

// A place to assign to (place.hpp) is a value, too: nodes hold that.
template <class X>
concept has_value_form = requires { typename std::remove_cvref_t<X>::value_form; };

// An operand as a node: expressions as they are, numbers as Scalar.

template <class X>
decltype(auto) as_node(X&& x) {
  if constexpr (has_value_form<X>) return typename std::remove_cvref_t<X>::value_form(std::forward<X>(x));
  else if constexpr (Expression<X>) return std::forward<X>(x);
  else return Scalar<std::remove_cvref_t<X>>(x);
}
template <class X>
using node_of = std::remove_cvref_t<decltype(as_node(std::declval<X>()))>;

[[noreturn]] void extent_is_negative(const Size* extents, int rank);
[[noreturn]] void extents_are_too_many(const Size* extents, int rank);

// The shape, of something that is to be made.
template <int Rank>
const Shape<Rank>& possible(const Shape<Rank>& shape) {
  Size product = 1;
  bool countable = true;
  for (int a = 0; a < Rank; ++a) {
    if (shape[a] < 0) extent_is_negative(shape.begin(), Rank);
    if (__builtin_mul_overflow(product, shape[a], &product)) countable = false;
  }
  if (!countable) extents_are_too_many(shape.begin(), Rank);
  return shape;
}

[[noreturn, gnu::noinline, gnu::cold]] inline void communicators_differ() {
  throw ShapeError("the operands live on different communicators");
}
// The communicator of operands that name the same or none.
inline const Comm& joined_comm(const Comm& a, const Comm& b) {
  if (a && b && a != b) communicators_differ();
  return a ? a : b;
}
// Of operands that are known to agree.
inline const Comm& first_comm(const Comm& a) { return a; }
template <class... Rest>
const Comm& first_comm(const Comm& a, const Rest&... rest) { return a ? a : first_comm(rest...); }

inline Comm comm_or_world(const Comm& comm) { return comm ? comm : world(); }

}  // namespace detail

// The box of e that this rank holds under policy P.
template <class P, int Rank>
Box<Rank> part_of(const Shape<Rank>& shape, const Communicator& comm) {
  return P::template part<Rank>(shape, comm.size(), comm.rank());
}

// Operands that may stand in one point-wise expression.
template <class L, class R>
concept Combinable = Operand<L> && Operand<R> && (Expression<L> || Expression<R>) &&
    CanCombine<policy_of<detail::node_of<L>>, rank_of<detail::node_of<L>>, policy_of<detail::node_of<R>>, rank_of<detail::node_of<R>>> &&
    detail::joined_backend<backend_of<detail::node_of<L>>, backend_of<detail::node_of<R>>>::ok;

// The sentences. A deleted overload returns one of these, so that the compiler prints it with both policies.
template <class Policy>
struct write_redistribute_right_operand_to {};
struct write_to_host_or_to_device_of_one {};
template <class Left, class Right, class Write>
struct error_E01_operands_live_on_different_ranks {};
template <class Left, class Right, class Write>
struct error_E02_operands_live_on_different_ranks__axes_are_compared_from_the_right {};
template <class Left, class Right, class Write>
struct error_E11_operands_live_on_different_backends {};

namespace detail {

template <class P, int M, class A, class Q, int N, class B>
struct refusal {
  static constexpr bool refused = !CanCombine<P, M, Q, N> || !joined_backend<A, B>::ok;
  // What the right operand should be: the left one's policy where that is an axis of the right one.
  using joined = join<propagated<Lift<(M < N ? N - M : 0)>, finished_policy<P>>, propagated<Lift<(N < M ? M - N : 0)>, finished_policy<Q>>>;
  using on_ranks = std::conditional_t<M == N, error_E01_operands_live_on_different_ranks<P, Q, write_redistribute_right_operand_to<P>>,
                                      error_E02_operands_live_on_different_ranks__axes_are_compared_from_the_right<P, Q, write_redistribute_right_operand_to<Replicated>>>;
  // A rule may have a sentence of its own.
  static constexpr auto of_rule() {
    if constexpr (requires { typename joined::sentence; }) return std::type_identity<typename joined::sentence>{};
    else return std::type_identity<on_ranks>{};
  }
  static constexpr auto chosen() {
    if constexpr (CanCombine<P, M, Q, N>) return std::type_identity<error_E11_operands_live_on_different_backends<A, B, write_to_host_or_to_device_of_one>>{};
    else return of_rule();
  }
  using sentence = typename decltype(chosen())::type;
};

}  // namespace detail

// The return type of a deleted overload. Some compilers print this name, others what it stands for: both say it.
template <class P, int M, class A, class Q, int N, class B>
  requires(detail::refusal<P, M, A, Q, N, B>::refused)
using error_operands_live_on_different_ranks__write_redistribute_right_operand_to_policy_of_left__or_eval_of_the_range__or_on_different_backends =
    typename detail::refusal<P, M, A, Q, N, B>::sentence;

// C++'s && and || ask for truth values, of numbers: & and | are the element-wise ones.
template <class Left, class Right>
struct error_E13_an_array_has_no_truth_value__write_all_or_any_of_each_or_the_elementwise_operator;
template <class P, int M, class A, class Q, int N, class B>
  requires(M > 0 || N > 0)
error_E13_an_array_has_no_truth_value__write_all_or_any_of_each_or_the_elementwise_operator<P, Q> operator&&(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;   // all(a) && all(b), or a & b
template <class P, int M, class A, class Q, int N, class B>
  requires(M > 0 || N > 0)
error_E13_an_array_has_no_truth_value__write_all_or_any_of_each_or_the_elementwise_operator<P, Q> operator||(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;   // all(a) || all(b), or a | b

}  // namespace priel
