// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The point-wise node: one operator on operands broadcast against each other, G ∘ X -> X, R ∘ S<k> -> S<k>, S<k> ∘ S<k> -> S<k>.
#pragma once

#include <priel/broadcast.hpp>
#include <priel/operands.hpp>

namespace priel {

// `Operator` is typed: it knows what each operand is converted to and what it returns (operators.hpp).
template <class Operator, class... Kids>
class Elementwise
    : public Node<Elementwise<Operator, Kids...>, typename Operator::result, detail::joined_rank<Kids...>,
                  typename detail::joined_policy<Kids...>::type, detail::joined_backend_of<Kids...>> {
 public:
  static constexpr int rank = detail::joined_rank<Kids...>;

  // Each operand is made in its place from what is given: every move more would be paid again at every level of a tree.
  template <class... Xs>
  explicit Elementwise(std::in_place_t, Xs&&... xs) : kids_{Kids(std::forward<Xs>(xs))...} { combine(); }

  Shape<rank> shape() const { return shape_; }
  // Asked of the operands: a share of its own would cost every node of every statement two atomic counts.
  const Comm& comm() const {
    return kids_.with_all([](const Kids&... kid) -> const Comm& { return detail::first_comm(kid.comm()...); });
  }
  void prepare() const {
    kids_.with_all([](const Kids&... kid) { (kid.prepare(), ...); });
  }
  int readers(const void* buffer) const {
    return kids_.with_all([&](const Kids&... kid) { return (0 + ... + (same_extents(kid) ? kid.readers(buffer) : 0)); });
  }
  // Where operands are windows.
  SlicedAxis window() const {
    return kids_.with_all([](const Kids&... kid) { return detail::joined_window(kid...); });
  }

  // f(operands...), and the same operator on other operands (placement.hpp).
  template <class F>
  decltype(auto) with_kids(F&& f) const { return kids_.with_all(f); }
  template <class... Others>
  static Elementwise<Operator, Others...> rebuilt(Others... others) { return Elementwise<Operator, Others...>(std::in_place, std::move(others)...); }

  static constexpr int statistics = detail::statistics_count<Kids...>;
  auto pending_statistics() const {
    return kids_.with_all([](const Kids&... kid) { return std::tuple_cat(detail::statistics_of(kid)...); });
  }
  static constexpr Collectives collectives = (Collectives{} | ... | detail::collectives_of_node<Kids>());
  void plan(Plan& plan) const {
    kids_.with_all([&](const Kids&... kid) { (detail::plan_node(kid, plan), ...); });
    plan.fused(name_of_type<typename Operator::op>());
  }
  bool same(const Elementwise& other) const {
    return kids_.with_all([&](const Kids&... mine) {
      return other.kids_.with_all([&](const Kids&... theirs) { return (detail::same(mine, theirs) && ...); });
    });
  }

  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    return kids_.with_all([&](const Kids&... kid) {
      return lowered(std::index_sequence_for<Kids...>{}, kid.lower(broadcast_frame(frame, shape_, kid.shape()), scope)...);
    });
  }

 private:
  // Extents and communicators.
  void combine() {
    for (int a = 0; a < rank; ++a) shape_[a] = 1;
    kids_.with_all([&](const Kids&... kid) {
      (detail::broadcast_into(shape_, kid.shape()), ...);
      (detail::check_stretch(kid, shape_), ...);
      const Comm* joined = &detail::no_comm;
      ((joined = &detail::joined_comm(*joined, kid.comm())), ...);
      if constexpr ((detail::is_window<policy_of<Kids>> || ...)) detail::joined_window(kid...);
    });
  }

  template <std::size_t... I, class... Kernels>
  static auto lowered(std::index_sequence<I...>, const Kernels&... kernels) {
    return make(kernel::pack(kernel::operand<typename Operator::template operand<I>>(kernels)...));
  }
  template <class... Kernels>
  static auto make(const kernel::Pack<Kernels...>& kernels) { return kernel::Apply<Operator, Kernels...>{kernels}; }

  template <class Kid>
  bool same_extents(const Kid& kid) const {
    if constexpr (Kid::rank == rank) return kid.shape() == shape_;
    else return false;
  }

  detail::Operands<Kids...> kids_;
  Shape<rank> shape_;
};

}  // namespace priel
