// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain(e): loops, messages and memory of a statement, for this run or any number of ranks, without running it.
#pragma once

#include <priel/array.hpp>
#include <priel/pending.hpp>

#include <iosfwd>

namespace priel {

// What a statement would do. Bytes are per rank, as in Message.
struct Explanation {
  int ranks = 1;
  std::string statement;   // "(300, 20) float as Split<1>"
  std::vector<FusedLoop> loops;
  std::vector<Message> messages;
  std::vector<Temporary> temporaries;
  std::vector<OperandMemory> operands;
  PerRank target;             // of the array that the statement makes or overwrites
  int already_computed = 0;   // results of earlier statements that are used again

  // The bytes of all messages of these kinds, on each rank.
  PerRank bytes(Collectives kinds) const;
  // The kinds of messages there are.
  Collectives collectives() const;
  // Operands, target and temporaries, as if all were there at once.
  PerRank memory() const;
};

// A table for people: "1.5 MiB", the rank with most.
std::string to_string(const Explanation& explanation);
std::ostream& operator<<(std::ostream& out, const Explanation& explanation);

// explain(e, ranks(4096)).
struct Ranks {
  int count = 0;   // 0: those of this run
};
inline Ranks ranks(int count) { return {count}; }

// explain(into(y), e): as `y = e` would be evaluated.
template <class A>
struct Into {
  const A& array;
};
template <class T, int Rank, class Policy, class Backend>
Into<Array<T, Rank, Policy, Backend>> into(const Array<T, Rank, Policy, Backend>& y) { return {y}; }

namespace detail {

template <class T, class Policy, class E>
Explanation explained(const E& e, Ranks wanted) {
  const int count = wanted.count > 0 ? wanted.count : comm_or_world(e.comm())->size();
  Plan plan(count);
  plan_stored<T, Policy>(e, plan);
  const auto shape = e.shape();
  // A result that the root keeps becomes the target.
  using Target = Array<T, rank_of<E>, Policy, backend_or_default<backend_of<E>>>;
  if constexpr (requires { { e.result() } -> std::same_as<const Target&>; }) plan.drop_temporary(described_result<T, Policy>(shape));
  else plan.target("into the target", largest_part<Policy>(shape, count));
  const std::string what = to_string(shape) + " " + name_of_element<T>() + " as " + policy_name<Policy>();
  Explanation result{count, what, plan.loops(), plan.messages(), plan.temporaries(), plan.operands(), {}, plan.already_computed()};
  for (int r = 0; r < count; ++r) result.target.bytes.push_back(Policy::part(shape, count, r).size() * static_cast<Size>(sizeof(T)));
  return result;
}

}  // namespace detail

// What `Array<..., Policy> y(e)` would do. Sends nothing.
template <Expression E, class Policy>
  requires(StoredPolicy<Policy, rank_of<E>> && detail::storable<policy_of<E>, Policy>())
Explanation explain(const E& e, Policy, Ranks ranks = {}) { return detail::explained<value_of<E>, Policy>(e, ranks); }

// What `eval(e)` would do.
template <Expression E>
Explanation explain(const E& e, Ranks ranks = {}) { return detail::explained<value_of<E>, detail::stored_policy<policy_of<E>>>(e, ranks); }

// What `y = e` would do.
template <class T, int Rank, class Policy, class Backend, Expression E>
  requires(Rank == rank_of<E> && Assignable<value_of<E>, T> && detail::storable<policy_of<E>, Policy>())
Explanation explain(Into<Array<T, Rank, Policy, Backend>>, const E& e, Ranks ranks = {}) { return detail::explained<T, Policy>(e, ranks); }

// The kinds of messages that evaluating an E under Policy (that of eval(e), if none is named) may send; known to the compiler.
template <class E, class Policy = detail::stored_policy<policy_of<E>>>
inline constexpr Collectives collectives_of = detail::collectives_of_storing<E, Policy>();

// Whether eval(e) sends nothing, whatever the extents: a function can demand it of its operands.
template <class E>
concept communication_free = Expression<E> && collectives_of<E>.empty();

namespace detail {

template <class P, class Q>
constexpr bool may_combine() {
  if constexpr (Expression<P> || Expression<Q>) return Combinable<P, Q>;
  else return CanCombine<P, 1, Q, 1>;
}

template <class Target, class E>
inline constexpr bool may_assign = false;
template <class T, int Rank, class Policy, class Backend, class E>
inline constexpr bool may_assign<Array<T, Rank, Policy, Backend>, E> = Rank == rank_of<E> && can_store<std::remove_cvref_t<E>, T, Policy, Backend>;

}  // namespace detail

// Whether two policies (of operands of one rank), or two expressions, may meet in one point-wise expression.
template <class P, class Q>
concept can_combine = detail::may_combine<P, Q>();

// Whether `y = e` compiles for a Target y. What it may send is collectives_of<E, policy_of<Target>>; where that is nothing, or only
// finishes a pending reduction, `Target y = e` compiles too.
template <class Target, class E>
concept can_assign = Expression<E> && detail::may_assign<std::remove_cvref_t<Target>, E>;

}  // namespace priel
