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

// The operations that `propagate` is asked for.
template <int By>
struct Lift {};           // broadcast to a rank higher by By: axes are counted from the right
template <int Axis>
struct RemoveAxis {};     // an integer index or a reduction on Axis
template <int Axis>
struct InsertAxis {};     // newaxis before Axis
template <int... Axes>
struct PermuteAxes {};    // result axis i is operand axis Axes[i]

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

// `Array y = e` and `eval(e)`.
template <class P>
using stored_policy = std::conditional_t<is_partial<P>::value || is_generated<P>, Replicated, P>;

}  // namespace detail

// Whether operands of these policies (and ranks) may meet in one point-wise expression.
template <class P, int PRank, class Q, int QRank>
concept CanCombine = detail::Joined<detail::finished_policy<P>, PRank, detail::finished_policy<Q>, QRank>::ok;

// The empty base that lets the compiler name an operand's policy in an error without printing its whole type.
template <class P, int Rank, class Backend>
struct operand_tag {};

}  // namespace priel
