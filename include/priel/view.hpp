// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Views: which operand index a result index reads; transposes, S<k> -> S<k'> without a message.
#pragma once

#include <priel/redistribute.hpp>

namespace priel {

namespace detail {

// First index, step and count of a spec on an axis of extent n.
struct Selection {
  Size first = 0, step = 1, count = 0;
  friend bool operator==(const Selection&, const Selection&) = default;
};

// The axis that a policy distributes; -1 if none.
template <class P, int Rank>
constexpr int distributed_axis() {
  int found = -1;
  for (int a = Rank - 1; a >= 0; --a) found = distributes<P, Rank>(a) ? a : found;
  return found;
}

}  // namespace detail

// The sentence of `auto v = x(all, 0); v = 3;`, and of slices of what cannot be changed.
struct error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself {};

// A view of an expression: which operand index a result index reads, axis by axis.
template <Expression E, int Rank, class Policy>
class View : public Node<View<E, Rank, Policy>, value_of<E>, Rank, Policy, backend_of<E>> {
 public:
  // For every operand axis: selection, and the result axis that walks it (-1: none).
  struct Axis {
    detail::Selection selection;
    int result = -1;
    friend bool operator==(const Axis&, const Axis&) = default;
  };
  View(E operand, const Axis (&axes)[rank_of<E> == 0 ? 1 : rank_of<E>]) : operand_(std::move(operand)) {
    for (int r = 0; r < Rank; ++r) shape_[r] = 1;
    for (int a = 0; a < rank_of<E>; ++a) {
      axes_[a] = axes[a];
      if (axes[a].result >= 0) shape_[axes[a].result] = axes[a].selection.count;
    }
  }

  View(const View&) = default;
  View(View&&) = default;
  View& operator=(const View&) & = default;
  View& operator=(View&&) & = default;
  template <class X>
  error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself operator=(const X&) && = delete;
  error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself operator=(const View&) && = delete;

  Shape<Rank> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  void prepare() const { operand_.prepare(); }
  const E& viewed() const { return operand_; }
  int readers(const void*) const { return 0; }
  // Of a range of a split axis: along that axis, composed with the operand's if that is a window itself.
  SlicedAxis window() const {
    constexpr int across = detail::distributed_axis<policy_of<E>, rank_of<E>>();
    const detail::Selection& selection = axes_[across].selection;
    SlicedAxis below{operand_.shape()[across], 0, 1};
    if constexpr (detail::is_window<policy_of<E>>) below = operand_.window();
    return {below.extent, below.first + below.step * selection.first, below.step * selection.step};
  }

  static constexpr int statistics = detail::statistics_in<E>();
  auto pending_statistics() const { return detail::statistics_of(operand_); }
  static constexpr Collectives collectives = detail::collectives_of_node<E>();
  void plan(Plan& plan) const { detail::plan_node(operand_, plan); }
  bool same(const View& other) const {
    for (int a = 0; a < rank_of<E>; ++a)
      if (!(axes_[a] == other.axes_[a])) return false;
    return shape_ == other.shape_ && detail::same(operand_, other.operand_);
  }

  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope& scope) const {
    Frame<Root, rank_of<E>> below{frame.extent, {}, {}, {}};
    for (int a = 0; a < rank_of<E>; ++a) {
      const auto& [selection, r] = axes_[a];
      below.offset[a] = selection.first + (r >= 0 ? selection.step * frame.offset[r] : 0);
      below.step[a] = r >= 0 ? selection.step * frame.step[r] : 0;
      below.source[a] = r >= 0 ? frame.source[r] : -1;
    }
    return operand_.lower(below, scope);
  }

 private:
  E operand_;
  Axis axes_[rank_of<E> == 0 ? 1 : rank_of<E>];
  Shape<Rank> shape_;
};

// Result axis i is operand axis Axes[i]. S<k> -> S<position of k>; nothing is sent.
template <int... Axes, Expression E>
  requires(sizeof...(Axes) == rank_of<E>)
auto permute(E&& e) {
  using Kid = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  using Result = View<Kid, rank_of<E>, detail::propagated<PermuteAxes<Axes...>, policy_of<Kid>>>;
  const auto shape = e.shape();
  typename Result::Axis axes[rank_of<E> == 0 ? 1 : rank_of<E>];
  int result = 0;
  ((axes[Axes] = {detail::Selection{0, 1, shape[Axes]}, result++}), ...);
  return Result(Kid(finished(std::forward<E>(e))), axes);
}

// The axes in reverse order.
template <Expression E>
auto transpose(E&& e) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return permute<(rank_of<E> - 1 - I)...>(std::forward<E>(e));
  }(std::make_integer_sequence<int, rank_of<E>>{});
}

}  // namespace priel
