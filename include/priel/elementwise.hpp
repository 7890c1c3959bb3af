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

  std::tuple<Kids...> kids_;
  Shape<rank> shape_;
  Comm comm_;
};

}  // namespace priel
