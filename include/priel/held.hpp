// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which part of an expression a rank can compute: by its policy, or for a window by where the sliced array's elements are.
#pragma once

#include <priel/expression.hpp>
#include <priel/plan.hpp>

#include <tuple>

namespace priel::detail {

// The global box that `rank` of `size` holds. Known to every rank.
template <class E>
Box<rank_of<E>> held_box(const E& e, int size, int rank) {
  if constexpr (is_window<policy_of<E>>) return policy_of<E>::held(e.shape(), e.window(), size, rank);
  else if constexpr (is_generated<policy_of<E>>) return whole(e.shape());
  else return policy_of<E>::part(e.shape(), size, rank);
}

// The window of operands that meet: they are one, or ShapeError.
template <class... E>
SlicedAxis joined_window(const E&... operands) {
  SlicedAxis joined;
  const auto join_one = [&](const auto& e) {
    if constexpr (is_window<policy_of<decltype(e)>>) {
      const SlicedAxis window = e.window();
      if (joined.extent >= 0 && !(joined == window))
        throw ShapeError("ranges of split axes that do not start at the same index of equal arrays lie on different ranks: " + to_string(joined) +
                         " and " + to_string(window) + "; write eval(x(range(...))) for one of them");
      joined = window;
    }
  };
  (join_one(operands), ...);
  return joined;
}

// How many reductions a statement finishes at its own level; two or more share passes and a message (share.hpp).
template <class E>
constexpr int statistics_in() {
  if constexpr (requires { E::statistics; }) return E::statistics;
  else return 0;
}
template <class... E>
inline constexpr int statistics_count = (0 + ... + statistics_in<E>());

// Pointers to these reductions.
template <class E>
auto statistics_of(const E& e) {
  if constexpr (statistics_in<E>() > 0) return e.pending_statistics();
  else return std::tuple<>();
}

template <class... Node>
void share(const std::tuple<const Node*...>& nodes);
template <class... Node>
void plan_share(const std::tuple<const Node*...>& nodes, Plan& plan);

// Makes an expression ready to be lowered, as the root of a loop. Collective where its nodes are.
template <class E>
void prepare_statement(const E& e) {
  if constexpr (statistics_in<E>() > 1) share(statistics_of(e));
  e.prepare();
}
template <class E>
void plan_statement(const E& e, Plan& plan) {
  if constexpr (statistics_in<E>() > 1) plan_share(statistics_of(e), plan);
  plan_node(e, plan);
}

// Whether two expressions of one type are known to have the same values: the same operators on the same memory.
template <class E>
bool same(const E& a, const E& b) {
  if constexpr (requires { a.same(b); }) return a.same(b);
  else return false;
}

}  // namespace priel::detail
