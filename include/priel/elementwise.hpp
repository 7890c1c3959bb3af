// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The point-wise node: one operator on operands broadcast against each other, G ∘ X -> X, R ∘ S<k> -> S<k>, S<k> ∘ S<k> -> S<k>.
#pragma once

#include <priel/broadcast.hpp>
#include <priel/operands.hpp>

#include <algorithm>

namespace priel {

namespace detail {
template <int Root, int Rank, int KidRank>
[[gnu::noinline]] Frame<Root, KidRank> stretched_frame(const Frame<Root, Rank>& frame, const Shape<Rank>& shape, const Shape<KidRank>& kid) {
  return broadcast_frame(frame, shape, kid);
}
}  // namespace detail

// `Operator` is typed: it knows what each operand is converted to and what it returns (operators.hpp).
template <class Operator, class... Kids>
class Elementwise
    : public Node<Elementwise<Operator, Kids...>, typename Operator::result, detail::joined_rank<Kids...>,
                  typename detail::joined_policy<Kids...>::type, detail::joined_backend_of<Kids...>> {
 public:
  static constexpr int rank = detail::joined_rank<Kids...>;

  // Each operand is made in its place from what is given: every move more would be paid again at every level of a tree.
  template <class... Xs>
  explicit Elementwise(std::in_place_t, Xs&&... xs) : kids_(std::in_place, std::forward<Xs>(xs)...) { combine(); }

  Shape<rank> shape() const { return shape_; }
  // Asked of the operands: a share of its own would cost every node of every statement two atomic counts.
  // The nearest array's, since every level of a tree asks those below it.
  const Comm& comm() const {
    return kids_->with_all([](const Kids&... kid) -> const Comm& {
      const Comm* found = &detail::no_comm;
      return (... || (Kids::to_comm + 1 == to_comm && *(found = &kid.comm()))) ? *found : first_comm(kid...);
    });
  }
  static constexpr int to_comm = 1 + std::min({Kids::to_comm...});
  static constexpr bool is_relocatable = (detail::Relocatable<Kids> && ...);
  static constexpr int arrays = (0 + ... + detail::arrays_in<Kids>());
  void end_with(detail::EndingShares& others)
    requires(is_relocatable)
  {
    kids_.end_with(others);
  }
  static constexpr bool is_prepared = (Kids::is_prepared && ...);
  void prepare() const {
    kids_->with_all([](const Kids&... kid) { (kid.prepare(), ...); });
  }
  int readers(const void* buffer) const {
    return kids_->with_all([&](const Kids&... kid) { return (0 + ... + (same_extents(kid) ? kid.readers(buffer) : 0)); });
  }
  // Where operands are windows.
  SlicedAxis window() const {
    return kids_->with_all([](const Kids&... kid) { return detail::joined_window(kid...); });
  }

  // f(operands...), and the same operator on other operands (placement.hpp).
  template <class F>
  decltype(auto) with_kids(F&& f) const { return kids_->with_all(f); }
  template <class... Others>
  static Elementwise<Operator, Others...> rebuilt(Others... others) { return Elementwise<Operator, Others...>(std::in_place, std::move(others)...); }

  static constexpr int statistics = detail::statistics_count<Kids...>;
  auto pending_statistics() const {
    return kids_->with_all([](const Kids&... kid) { return std::tuple_cat(detail::statistics_of(kid)...); });
  }
  static constexpr Collectives collectives = (Collectives{} | ... | detail::collectives_of_node<Kids>());
  void plan(Plan& plan) const {
    kids_->with_all([&](const Kids&... kid) { (detail::plan_node(kid, plan), ...); });
    plan.fused(name_of_type<typename Operator::op>());
  }
  bool same(const Elementwise& other) const {
    return kids_->with_all([&](const Kids&... mine) {
      return other.kids_->with_all([&](const Kids&... theirs) { return (detail::same(mine, theirs) && ...); });
    });
  }

  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    return kids_->with_all([&](const Kids&... kid) {
      return kernel::ApplyTo<Operator, decltype(packed<0>(frame, scope, kid...))>{packed<0>(frame, scope, kid...)};
    });
  }

 private:
  // Rarely called, and not in place, or the code of every node would hold that of all below it.
  [[gnu::noinline]] static const Comm& first_comm(const Kids&... kid) { return detail::first_comm(kid.comm()...); }

  // Extents and communicators.
  void combine() {
    for (int a = 0; a < rank; ++a) shape_[a] = 1;
    kids_->with_all([&](const Kids&... kid) {
      (detail::broadcast_into(shape_, kid.shape()), ...);
      (detail::check_stretch(kid, shape_), ...);
      const Comm* joined = &detail::no_comm;
      ((joined = &detail::joined_comm(*joined, kid.comm())), ...);
      if constexpr ((detail::is_window<policy_of<Kids>> || ...)) detail::joined_window(kid...);
    });
  }

  // The operands' kernels, each made in its place: a tree of kernels is copied for every statement otherwise.
  template <int I, int Root>
  kernel::Pack<> packed(const Frame<Root, rank>&, Scope&) const { return {}; }
  template <int I, int Root, class Kid, class... Rest>
  auto packed(const Frame<Root, rank>& frame, Scope& scope, const Kid& kid, const Rest&... rest) const {
    using Head = decltype(operand<I>(frame, scope, kid));
    return [&]<class... Tail>(std::type_identity<kernel::Pack<Tail...>>) {
      return kernel::Pack<Head, Tail...>{operand<I>(frame, scope, kid), packed<I + 1>(frame, scope, rest...)};
    }(std::type_identity<decltype(packed<I + 1>(frame, scope, rest...))>{});
  }
  // A constant in the type of the operator's operand, so that it is not converted once per element; other kernels as they are. Operands of
  // the node's own extents see its frame.
  template <int I, int Root, class Kid>
  auto operand(const Frame<Root, rank>& frame, Scope& scope, const Kid& kid) const {
    using Below = Frame<Root, Kid::rank>;
    using Kernel = decltype(kid.lower(std::declval<const Below&>(), scope));
    const auto lowered = [&](const Below& below) {
      if constexpr (kernel::is_constant<Kernel>) return kernel::as<typename Operator::template operand<I>>(kid.lower(below, scope));
      else return kid.lower(below, scope);
    };
    if constexpr (Kid::rank == rank) {
      union Place {   // nothing, but for an operand that is stretched
        Place() {}
        Below frame;
      } stretched;
      const Below* below = &frame;
      if (!(kid.shape() == shape_)) below = new (&stretched.frame) Below(detail::stretched_frame(frame, shape_, kid.shape()));
      return lowered(*below);
    } else return lowered(detail::stretched_frame(frame, shape_, kid.shape()));
  }

  template <class Kid>
  bool same_extents(const Kid& kid) const {
    if constexpr (Kid::rank == rank) return kid.shape() == shape_;
    else return false;
  }

  detail::OperandsInPlace<Kids...> kids_;
  Shape<rank> shape_;
};

}  // namespace priel
