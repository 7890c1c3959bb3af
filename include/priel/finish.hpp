// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Finishing a pending reduction: Partial<Monoid> -> Replicated, once, wherever it meets anything but another pending sum.
#pragma once

#include <priel/expression.hpp>

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
  };

 public:
  template <class Compute>
  const Result& fill(Compute&& compute) const {
    const std::lock_guard lock(state_->filling);
    if (!state_->value) state_->value = std::make_unique<Result>(compute());
    return *state_->value;
  }
  bool filled() const { return state_->value != nullptr; }
  const Result& value() const { return *state_->value; }

 private:
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Whether a stored policy distributes this axis.
template <class P, int Rank>
constexpr bool distributes(int axis) {
  if constexpr (is_generated<P> || is_partial<P>::value) return false;
  else {
    Shape<Rank> shape;
    for (int a = 0; a < Rank; ++a) shape[a] = 2;
    return P::template part<Rank>(shape, 2, 0).extent[axis] != 2 || P::template part<Rank>(shape, 2, 1).extent[axis] != 2;
  }
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
  const auto& result() const { return pending_.finished(); }
  template <int Root>
  auto lower(const Frame<Root, rank_of<E>>& frame, Scope& scope) const { return pending_.finished().lower(frame, scope); }

 private:
  E pending_;
};

// The node itself, or its finished form.
template <class E>
decltype(auto) finished(E&& e) {
  if constexpr (detail::is_partial<policy_of<E>>::value) return Finish<std::remove_cvref_t<E>>(std::forward<E>(e));
  else return std::forward<E>(e);
}

}  // namespace priel
