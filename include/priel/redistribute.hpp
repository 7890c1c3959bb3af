// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// redistribute(x, policy): the one function that moves an expression to another policy, From -> To.
#pragma once

#include <priel/array.hpp>
#include <priel/exchange.hpp>

namespace priel {

// A redistribution within an expression. Evaluated when the statement is; its result cell is shared by copies of the node.
template <Expression E, class To>
class Redistribute
    : public Node<Redistribute<E, To>, value_of<E>, rank_of<E>, To, detail::backend_or_default<backend_of<E>>> {
  using Stored = Array<value_of<E>, rank_of<E>, To, detail::backend_or_default<backend_of<E>>>;

 public:
  explicit Redistribute(E operand) : operand_(std::move(operand)), comm_(detail::comm_or_world(operand_.comm())) {}

  Shape<rank_of<E>> shape() const { return operand_.shape(); }
  const Comm& comm() const { return comm_; }
  void prepare() const {
    cell_.fill([&] { return Stored(operand_); });
  }
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, rank_of<E>>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }

  const Stored& result() const { return cell_.value(); }

  static constexpr Collectives collectives = detail::collectives_of_storing<E, To>();
  void plan(Plan& plan) const {
    if (plan.known(cell_.address(), cell_.filled())) return;
    const std::string what = detail::described_move<value_of<E>, To>(operand_);
    plan.loop(what, detail::largest_held(operand_, plan.ranks()), [&] { detail::plan_stored<value_of<E>, To>(operand_, plan); });
    detail::plan_result<value_of<E>, To>(plan, operand_.shape());
  }
  bool same(const Redistribute& other) const { return cell_.address() == other.cell_.address(); }

  // What is moved; vmap moves it panel by panel instead of at once.
  const E& operand() const { return operand_; }
  bool filled() const { return cell_.filled(); }

 private:
  E operand_;
  Comm comm_;
  detail::ResultCell<value_of<E>, rank_of<E>, To, detail::backend_or_default<backend_of<E>>> cell_;
};

// What every rank can compute, under a policy that gives it a part: nothing is sent and nothing is stored.
template <Expression E, class To>
class Restrict : public Node<Restrict<E, To>, value_of<E>, rank_of<E>, To, backend_of<E>> {
 public:
  explicit Restrict(E operand) : operand_(std::move(operand)), comm_(detail::comm_or_world(operand_.comm())) {}

  Shape<rank_of<E>> shape() const { return operand_.shape(); }
  const Comm& comm() const { return comm_; }
  void prepare() const { operand_.prepare(); }
  const E& viewed() const { return operand_; }
  int readers(const void*) const { return 0; }
  static constexpr int statistics = detail::statistics_in<E>();
  auto pending_statistics() const { return detail::statistics_of(operand_); }
  static constexpr Collectives collectives = detail::collectives_of_node<E>();
  void plan(Plan& plan) const { detail::plan_node(operand_, plan); }
  bool same(const Restrict& other) const { return detail::same(operand_, other.operand_); }
  template <int Root>
  auto lower(const Frame<Root, rank_of<E>>& frame, Scope& scope) const { return operand_.lower(frame, scope); }

 private:
  E operand_;
  Comm comm_;
};

// e under another policy. Sends what policies.md's table of redistributions says (nothing from Replicated or Generated,
// nothing if the policy is the same); collective when the statement is evaluated. Throws ShapeError never.
template <Expression E, class To>
  requires(StoredPolicy<To, rank_of<E>> && To::template fits<rank_of<E>> && detail::storable<policy_of<E>, To>())
auto redistribute(E&& e, To) {
  using Operand = detail::node_of<E>;
  if constexpr (std::is_same_v<policy_of<E>, To>) return Operand(std::forward<E>(e));
  else if constexpr (detail::is_partial<policy_of<E>>::value || detail::sends<policy_of<E>, To>())
    return Redistribute<Operand, To>(std::forward<E>(e));
  else return Restrict<Operand, To>(std::forward<E>(e));
}

namespace detail {

// The expression under a policy that arrays can have, or Generated: a pending reduction is finished, a window redistributed.
template <class E>
decltype(auto) settled(E&& e) {
  using P = policy_of<E>;
  if constexpr (is_partial<P>::value) return finished(std::forward<E>(e));
  else if constexpr (is_window<P>) return redistribute(std::forward<E>(e), stored_policy<P>{});
  else return as_node(std::forward<E>(e));
}
template <class E>
using settled_t = std::remove_cvref_t<decltype(settled(std::declval<std::remove_cvref_t<E>>()))>;

}  // namespace detail
}  // namespace priel
