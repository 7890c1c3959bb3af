// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Finishing a pending reduction: Partial<Monoid> -> Replicated, once, wherever it meets anything but another pending sum.
#pragma once

#include <priel/expression.hpp>

#include <memory>
#include <optional>

namespace priel {

template <class T, int Rank, class Policy = Replicated, class Backend = default_backend>
class Array;

namespace detail {

// What the first evaluation of a heavy node fills and later statements reuse. Sound, because operands are snapshots.
// Copies of a node share the cell.
template <class T, int Rank, class Policy, class Backend>
class ResultCell {
 public:
  template <class Compute>
  const Array<T, Rank, Policy, Backend>& fill(Compute&& compute) const {
    if (!*value_) *value_ = std::make_unique<Array<T, Rank, Policy, Backend>>(compute());
    return **value_;
  }
  bool filled() const { return *value_ != nullptr; }
  const Array<T, Rank, Policy, Backend>& value() const { return **value_; }

 private:
  using Held = std::unique_ptr<Array<T, Rank, Policy, Backend>>;
  std::shared_ptr<Held> value_ = std::make_shared<Held>();
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
