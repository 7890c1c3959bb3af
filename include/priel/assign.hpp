// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How an expression becomes a shard: P -> R, P -> S<k>, G and R -> anything without a message, the rest by redistribution<From, To>.
#pragma once

#include <priel/buffer.hpp>
#include <priel/finish.hpp>
#include <priel/held.hpp>
#include <priel/placement.hpp>

namespace priel::detail {

// `Generated` and `Partial` belong to core; the pair (From, To) of stored policies is asked of redistribution<From, To>.
template <class From, class To>
constexpr bool sends() {
  if constexpr (is_generated<From> || is_partial<From>::value || std::is_same_v<From, To>) return false;
  else return redistribution<From, To>::sends;
}
// Storing a window as the split that it is a range of is what `Array y = x(range(...))` says; it moves what changes owner.
template <class From, class To>
inline constexpr bool store_sends = sends<From, To>() && !(is_window<From> && std::is_same_v<stored_policy<From>, To>);

template <class From, class To>
constexpr bool storable() {
  if constexpr (is_generated<From> || is_partial<From>::value || std::is_same_v<From, To>) return true;
  else return redistribution<From, To>::ok;
}

template <class P>
concept known_policy = !is_generated<P> && !is_partial<P>::value;

template <class E, class T, class Policy, class Backend>
concept can_store = Assignable<value_of<E>, T> && storable<policy_of<E>, Policy>() &&
    (std::is_void_v<backend_of<E>> || (std::is_same_v<backend_of<E>, Backend> && !std::is_same_v<Backend, Nowhere>));

// One fused loop: the values of a prepared expression on a box, C order, into memory of the backend.
template <class Backend, Expression E, class T>
void evaluate(const E& e, const Box<rank_of<E>>& box, T* out) {
  if (box.size() == 0) return;
  Scope scope;
  Backend::fill(e.lower(frame_of(box), scope), box.extent, out);
}

// This rank's part of e under Policy. Collective where the policies differ.
template <class T, class Policy, class Backend, class E>
SharedShard<T, rank_of<E>, Backend> stored(E&& e, const Comm& comm) {
  using From = policy_of<E>;
  if constexpr (!is_partial<From>::value && sends<From, Policy>() && moves_lighter<E, T>) {
    if (can_be_placed(e)) return stored<T, Policy, Backend>(placed<Policy>(e), comm);
  }
  const auto shape = e.shape();
  const auto part = part_of<Policy>(shape, *comm);
  if constexpr (is_partial<From>::value) {
    return std::remove_cvref_t<E>::template store_pending<T, Policy, Backend>(e, comm, part);
  } else {
    prepare_statement(e);
    auto shard = make_shard<T, Backend>(shape, part);
    if constexpr (is_generated<From> || std::is_same_v<From, Policy>) evaluate<Backend>(e, part, shard->data());
    else redistribution<From, Policy>::template run<Backend>(e, *comm, part, shard->data());
    return shard;
  }
}

// "Split<0> -> Split<1> of (300, 20) float".
template <class T, class To, class E>
std::string described_move(const E& e) {
  return policy_name<policy_of<E>>() + " -> " + policy_name<To>() + " of " + to_string(e.shape()) + " " + name_of_element<T>();
}

// What `stored` would do.
template <class T, class Policy, class E>
void plan_stored(const E& e, Plan& plan) {
  using From = policy_of<E>;
  if constexpr (is_partial<From>::value) {
    E::template plan_store_pending<Policy>(e, plan);
  } else {
    if constexpr (sends<From, Policy>() && moves_lighter<E, T>) {
      if (can_be_placed(e)) return plan_stored<T, Policy>(plan.keep(placed<Policy>(e)), plan);
    }
    plan_statement(e, plan);
    if constexpr (is_window<From>)
      redistribution<From, Policy>::plan_of(e, plan, described_move<T, Policy>(e), static_cast<Size>(sizeof(T)));
    else if constexpr (!is_generated<From> && !std::is_same_v<From, Policy>)
      redistribution<From, Policy>::plan(plan, described_move<T, Policy>(e), e.shape(), static_cast<Size>(sizeof(T)));
  }
}

// What it may send. A pending sum that is stored as a split is reduced and scattered, or finished if it is to be anyway.
template <class E, class Policy>
constexpr Collectives collectives_of_storing() {
  using From = policy_of<E>;
  constexpr Collectives below = collectives_of_node<std::remove_cvref_t<E>>();
  if constexpr (is_partial<From>::value && !std::is_same_v<Policy, Replicated>) return below | Collective::reduce_scatter;
  else if constexpr (is_generated<From> || is_partial<From>::value || std::is_same_v<From, Policy>) return below;
  else return below | redistribution<From, Policy>::collectives;
}

// "Split<1> (300, 20) float, kept": the memory of a node's result.
template <class T, class Policy, int Rank>
std::string described_result(const Shape<Rank>& shape) { return policy_name<Policy>() + " " + to_string(shape) + " " + name_of_element<T>() + ", kept"; }
template <class T, class Policy, int Rank>
void plan_result(Plan& plan, const Shape<Rank>& shape) {
  plan.temporary(described_result<T, Policy>(shape), [&](int r) { return Policy::part(shape, plan.ranks(), r).size() * static_cast<Size>(sizeof(T)); });
}

// Elements that the rank with most evaluates of e where it is.
template <class E>
Size largest_held(const E& e, int ranks) {
  Size largest = 0;
  for (int r = 0; r < ranks; ++r) largest = std::max(largest, held_box(e, ranks, r).size());
  return largest;
}

}  // namespace priel::detail
