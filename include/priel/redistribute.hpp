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

  // What is moved; vmap moves it panel by panel instead of at once.
  const E& operand() const { return operand_; }
  bool filled() const { return cell_.filled(); }

 private:
  E operand_;
  Comm comm_;
  detail::ResultCell<value_of<E>, rank_of<E>, To, detail::backend_or_default<backend_of<E>>> cell_;
};

// e under another policy. Sends what policies.md's table of redistributions says (nothing from Replicated or Generated,
// nothing if the policy is the same); collective when the statement is evaluated. Throws ShapeError never.
template <Expression E, class To>
  requires(StoredPolicy<To, rank_of<E>> && To::template fits<rank_of<E>> && detail::storable<policy_of<E>, To>())
auto redistribute(E&& e, To) {
  if constexpr (std::is_same_v<policy_of<E>, To>) return std::remove_cvref_t<E>(std::forward<E>(e));
  else return Redistribute<std::remove_cvref_t<E>, To>(std::forward<E>(e));
}

}  // namespace priel
