// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node for whole-array functions (sort, cumsum, matmul, ...): computed when the statement runs, once, and then read like an array.
#pragma once

#include <priel/array.hpp>
#include <priel/operands.hpp>
#include <priel/plan.hpp>

#include <tuple>

namespace priel {

// `Function` says what is computed of which operands:
//   using value_type, policy_type, backend_type; static constexpr int rank;        the result's
//   static constexpr Collectives collectives;                                      what computing it may send
//   Shape<rank> shape(const E&...) const;                                           throws ShapeError, on every rank alike
//   Array<value_type, rank, policy_type, backend_type> operator()(const E&...) const;   collective
//   void plan(Plan&, const E&...) const;                                            the messages, temporaries and loops of that call
// The result is kept: copies of the node share it, and later statements reuse it.
template <class Function, Expression... E>
class Computed : public Node<Computed<Function, E...>, typename Function::value_type, Function::rank, typename Function::policy_type,
                             typename Function::backend_type> {
  using Result = Array<typename Function::value_type, Function::rank, typename Function::policy_type, typename Function::backend_type>;

 public:
  static constexpr Collectives collectives = (Function::collectives | ... | detail::collectives_of_node<E>());

  explicit Computed(Function function, E... operands)
      : function_(std::move(function)), operands_(std::move(operands)...) {
    detail::with_all([&](const auto&... e) {
      shape_ = function_.shape(e...);
      ((comm_ = detail::joined_comm(comm_, e.comm())), ...);
    }, operands_);
    comm_ = detail::comm_or_world(comm_);
  }

  Shape<Function::rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  void prepare() const {
    cell_.fill([&] { return detail::with_all([&](const auto&... e) { return function_(e...); }, operands_); });
  }
  template <int Root>
  auto lower(const Frame<Root, Function::rank>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }
  const Result& result() const { return cell_.value(); }

  void plan(Plan& plan) const {
    if (plan.known(cell_.address(), cell_.filled())) return;
    detail::with_all([&](const auto&... e) { function_.plan(plan, e...); }, operands_);
    detail::plan_result<typename Function::value_type, typename Function::policy_type>(plan, shape_);
  }
  bool same(const Computed& other) const { return cell_.address() == other.cell_.address(); }

 private:
  Function function_;
  std::tuple<E...> operands_;
  Shape<Function::rank> shape_;
  Comm comm_;
  detail::ResultCell<typename Function::value_type, Function::rank, typename Function::policy_type, typename Function::backend_type> cell_;
};

namespace detail {

// Function's node on operands, which are Replicated, Split or Generated here.
template <class Function, class... E>
auto computed(Function function, E... operands) { return Computed<Function, E...>(std::move(function), std::move(operands)...); }

}  // namespace detail
}  // namespace priel
