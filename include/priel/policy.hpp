// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What core knows of policies: that they map ranks to boxes, and the rule templates that policies/ specialises.
#pragma once

#include <priel/shape.hpp>

#include <concepts>
#include <type_traits>

namespace priel {

struct Replicated;
template <int Axis>
struct Split;

// Computable anywhere from a global index: scalars, arange, zeros, a file. Only in expressions; stored as Replicated.
struct Generated {};

// Every rank holds a summand; the value is their combination. Only in expressions; stored as Replicated.
template <class Monoid>
struct Partial {};

// A stored policy is a stateless struct: which box of a global shape does rank `rank` of `size` hold?
//   template <int Rank> static constexpr Box<Rank> part(const Shape<Rank>&, int size, int rank);
//   template <int Rank> static constexpr bool fits;   whether an array of this rank can have it
template <class P, int Rank>
concept StoredPolicy = requires(const Shape<Rank>& shape) {
  { P::template part<Rank>(shape, 1, 0) } -> std::same_as<Box<Rank>>;
  { P::template fits<Rank> } -> std::convertible_to<bool>;
};

// The rules. Declared here, specialised beside the policies; core has no default, because a default that was used once
// could not be specialised later.

// Point-wise combination of two operands of equal rank: `ok`, and `type` if ok.
template <class P, class Q>
struct join;

// What an operation on axes does to a policy: `type`, or `across` = true where the operation works on the distributed axis.
template <class Operation, class P>
struct propagate;

// How From becomes To: `ok`, `sends`, and
//   template <class E, class T> static void run(const E& expression, T* shard);   collective; fills this rank's part under To
template <class From, class To>
struct redistribution;

// What an expression is stored as: `Array y = e` and `eval(e)`. A policy that only expressions have specialises it.
template <class P>
struct storing { using type = P; };
template <>
struct storing<Generated> { using type = Replicated; };
template <class Monoid>
struct storing<Partial<Monoid>> { using type = Replicated; };

// A run-time slice of a distributed axis of `extent` indices: index i of the slice is index first + step * i of the axis.
// What `window()` of an expression with a window policy returns; such a policy says which box a rank then holds:
//   template <int Rank> static constexpr Box<Rank> held(const Shape<Rank>&, const SlicedAxis&, int size, int rank);
struct SlicedAxis {
  Size extent = -1, first = 0, step = 1;
  friend constexpr bool operator==(const SlicedAxis&, const SlicedAxis&) = default;
};
inline std::string to_string(const SlicedAxis& window) {
  return "from " + std::to_string(window.first) + " in steps of " + std::to_string(window.step) + " of " + std::to_string(window.extent);
}

// The operations that `propagate` is asked for.
template <int By>
struct Lift {};           // broadcast to a rank higher by By: axes are counted from the right
template <int Axis>
struct RemoveAxis {};     // an integer index or a reduction on Axis
template <int Axis>
struct InsertAxis {};     // newaxis before Axis
template <int... Axes>
struct PermuteAxes {};    // result axis i is operand axis Axes[i]
template <int Axis>
struct RangeOfAxis {};    // a run-time slice of Axis, in place

namespace detail {

template <class P>
struct is_partial : std::false_type {};
template <class Monoid>
struct is_partial<Partial<Monoid>> : std::true_type {};

template <class P>
inline constexpr bool is_generated = std::is_same_v<P, Generated>;

// propagate, with the two policies that core owns.
template <class Operation, class P>
struct Propagated : propagate<Operation, P> {};
template <class Operation>
struct Propagated<Operation, Generated> {
  static constexpr bool across = false;
  using type = Generated;
};

template <class Operation, class P>
using propagated = typename Propagated<Operation, P>::type;

// join of operands of different rank, Generated included; pending reductions were finished before.
template <class P, int PRank, class Q, int QRank>
struct Joined {
  static constexpr int rank = PRank > QRank ? PRank : QRank;
  using left = propagated<Lift<rank - PRank>, P>;
  using right = propagated<Lift<rank - QRank>, Q>;
  static constexpr bool ok = join<left, right>::ok;
  template <class J>
  struct result { using type = typename J::type; };
  using type = typename std::conditional_t<ok, result<join<left, right>>, std::type_identity<void>>::type;
};
template <class P, int PRank, int QRank>
  requires(!is_generated<P>)
struct Joined<P, PRank, Generated, QRank> {
  static constexpr bool ok = true;
  using type = propagated<Lift<(PRank < QRank ? QRank - PRank : 0)>, P>;
};
template <int PRank, class Q, int QRank>
  requires(!is_generated<Q>)
struct Joined<Generated, PRank, Q, QRank> : Joined<Q, QRank, Generated, PRank> {};
template <int PRank, int QRank>
struct Joined<Generated, PRank, Generated, QRank> {
  static constexpr bool ok = true;
  using type = Generated;
};

// A pending reduction is finished to Replicated before it meets anything else.
template <class P>
using finished_policy = std::conditional_t<is_partial<P>::value, Replicated, P>;

template <class P>
using stored_policy = typename storing<P>::type;

// A run-time slice of a split axis, whose elements stay where they are: a policy of expressions only.
template <class P>
inline constexpr bool is_window = !is_generated<P> && !is_partial<P>::value && !std::is_same_v<stored_policy<P>, P>;

}  // namespace detail

// Whether operands of these policies (and ranks) may meet in one point-wise expression.
template <class P, int PRank, class Q, int QRank>
concept CanCombine = detail::Joined<detail::finished_policy<P>, PRank, detail::finished_policy<Q>, QRank>::ok;

// The empty base that lets the compiler name an operand's policy in an error without printing its whole type.
template <class P, int Rank, class Backend>
struct operand_tag {
  template <std::same_as<bool> error_E13_an_array_has_no_truth_value__write_all_of_it_or_any_of_it>
    requires(Rank > 0)
  explicit operator error_E13_an_array_has_no_truth_value__write_all_of_it_or_any_of_it() const = delete;   // if (all(a == b))
};

}  // namespace priel
