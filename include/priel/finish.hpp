// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Finishing a pending reduction: Partial<Monoid> -> Replicated, once, wherever it meets anything but another pending sum.
#pragma once

#include <priel/held.hpp>

#include <atomic>
#include <memory>
#include <mutex>

namespace priel {

template <class T, int Rank, class Policy = Replicated, class Backend = default_backend>
class Array;

namespace detail {

// What the first evaluation of a heavy node fills and later statements reuse. Sound, because operands are snapshots.
// Copies of a node share the cell, also between threads (kernels of a vmap that capture an expression).
template <class T, int Rank, class Policy, class Backend>
class ResultCell {
  using Result = Array<T, Rank, Policy, Backend>;
  struct State {
    std::mutex filling;
    std::unique_ptr<Result> value;
    std::atomic<bool> filled{false};
  };

 public:
  template <class Compute>
  const Result& fill(Compute&& compute) const {
    const std::lock_guard lock(state_->filling);
    if (!state_->value) {
      state_->value = std::make_unique<Result>(compute());
      state_->filled.store(true, std::memory_order_release);
    }
    return *state_->value;
  }
  bool filled() const { return state_->filled.load(std::memory_order_acquire); }
  const Result& value() const { return *state_->value; }
  // The same for all copies.
  const void* address() const { return state_.get(); }

 private:
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Whether a policy distributes this axis.
template <class P, int Rank>
constexpr bool distributes(int axis) {
  if constexpr (is_generated<P> || is_partial<P>::value) return false;
  else return [&]<int... A>(std::integer_sequence<int, A...>) {
    return ((axis == A && Propagated<RemoveAxis<A>, P>::across) || ...);
  }(std::make_integer_sequence<int, Rank>{});
}

}  // namespace detail

// A pending node E (policy Partial<...>) has `finish()`: collective at the first call, Allreduce of the result only;
// `finished()`: the result; both shared by all copies of the node.
template <Expression E>
class Finish : public Node<Finish<E>, value_of<E>, rank_of<E>, Replicated, backend_of<E>> {
 public:
  explicit Finish(E pending) : pending_(std::move(pending)) {}

  Shape<rank_of<E>> shape() const { return pending_.shape(); }
  const Comm& comm() const { return pending_.comm(); }
  void prepare() const { pending_.finish(); }
  int readers(const void*) const { return 0; }
  static constexpr int statistics = detail::statistics_in<E>();
  auto pending_statistics() const { return detail::statistics_of(pending_); }
  static constexpr Collectives collectives = detail::collectives_of_node<E>();
  void plan(Plan& plan) const { detail::plan_node(pending_, plan); }
  bool same(const Finish& other) const { return detail::same(pending_, other.pending_); }
  const auto& result() const { return pending_.finished(); }
  template <int Root>
  auto lower(const Frame<Root, rank_of<E>>& frame, Scope& scope) const { return pending_.finished().lower(frame, scope); }

 private:
  E pending_;
};

// The node itself, or its finished form; of a place to assign to, the value that is there.
template <class E>
decltype(auto) finished(E&& e) {
  if constexpr (detail::has_value_form<E>) return typename std::remove_cvref_t<E>::value_form(std::forward<E>(e));
  else if constexpr (detail::is_partial<policy_of<E>>::value) return Finish<std::remove_cvref_t<E>>(std::forward<E>(e));
  else return std::forward<E>(e);
}

}  // namespace priel
