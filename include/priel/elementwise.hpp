// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The point-wise node: one operator on operands broadcast against each other, G ∘ X -> X, R ∘ S<k> -> S<k>, S<k> ∘ S<k> -> S<k>.
#pragma once

#include <priel/broadcast.hpp>

#include <tuple>

namespace priel {

// `Operator` is typed: it knows what each operand is converted to and what it returns (operators.hpp).
template <class Operator, class... Kids>
class Elementwise
    : public Node<Elementwise<Operator, Kids...>, typename Operator::result, detail::joined_rank<Kids...>,
                  typename detail::joined_policy<Kids...>::type, detail::joined_backend_of<Kids...>> {
 public:
  static constexpr int rank = detail::joined_rank<Kids...>;

  explicit Elementwise(Kids... kids) : kids_(std::move(kids)...) {
    for (int a = 0; a < rank; ++a) shape_[a] = 1;
    std::apply([&](const auto&... kid) {
      (detail::broadcast_into(shape_, kid.shape()), ...);
      (detail::check_stretch(kid, shape_), ...);
      ((comm_ = detail::joined_comm(comm_, kid.comm())), ...);
      if constexpr ((detail::is_window<policy_of<Kids>> || ...)) detail::joined_window(kid...);
    }, kids_);
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  void prepare() const {
    std::apply([](const auto&... kid) { (kid.prepare(), ...); }, kids_);
  }
  int readers(const void* buffer) const {
    return std::apply([&](const auto&... kid) { return (0 + ... + (same_extents(kid) ? kid.readers(buffer) : 0)); }, kids_);
  }
  // Where operands are windows.
  SlicedAxis window() const {
    return std::apply([](const auto&... kid) { return detail::joined_window(kid...); }, kids_);
  }

  // f(operands...), and the same operator on other operands (placement.hpp).
  template <class F>
  decltype(auto) with_kids(F&& f) const { return std::apply(std::forward<F>(f), kids_); }
  template <class... Others>
  static Elementwise<Operator, Others...> rebuilt(Others... others) { return Elementwise<Operator, Others...>(std::move(others)...); }

  static constexpr int statistics = detail::statistics_count<Kids...>;
  auto pending_statistics() const {
    return std::apply([](const auto&... kid) { return std::tuple_cat(detail::statistics_of(kid)...); }, kids_);
  }
  static constexpr Collectives collectives = (Collectives{} | ... | detail::collectives_of_node<Kids>());
  void plan(Plan& plan) const {
    std::apply([&](const auto&... kid) { (detail::plan_node(kid, plan), ...); }, kids_);
    plan.fused(name_of_type<typename Operator::op>());
  }
  bool same(const Elementwise& other) const { return same_kids(other, std::index_sequence_for<Kids...>{}); }

  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return make(kernel::pack(kernel::operand<typename Operator::template operand<I>>(
          std::get<I>(kids_).lower(broadcast_frame(frame, shape_, std::get<I>(kids_).shape()), scope))...));
    }(std::index_sequence_for<Kids...>{});
  }

 private:
  template <class... Kernels>
  static auto make(const kernel::Pack<Kernels...>& kernels) { return kernel::Apply<Operator, Kernels...>{kernels}; }

  template <class Kid>
  bool same_extents(const Kid& kid) const {
    if constexpr (Kid::rank == rank) return kid.shape() == shape_;
    else return false;
  }

  template <std::size_t... I>
  bool same_kids(const Elementwise& other, std::index_sequence<I...>) const {
    return (detail::same(std::get<I>(kids_), std::get<I>(other.kids_)) && ...);
  }
  std::tuple<Kids...> kids_;
  Shape<rank> shape_;
  Comm comm_;
};

}  // namespace priel
