// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node for whole-array functions whose result is a pending sum (products over a split axis): every rank computes its summands.
#pragma once

#include <priel/operands.hpp>
#include <priel/computed.hpp>
#include <priel/pending.hpp>

namespace priel {

// `Function` as for Computed, but instead of the call and the policy
//   SharedBuffer<accumulate_type<value_type>, Backend> summands(const Comm&, const E&...) const    of the whole shape, C order
// and `plan` without the Allreduce. It is computed once, finished by one Allreduce or stored to a split by one Reduce_scatter, and
// takes part in sums of pending sums.
template <class Function, Expression... E>
class ComputedSum : public detail::PendingNode<ComputedSum<Function, E...>, typename Function::value_type, Function::rank,
                                               Partial<Summation>, typename Function::backend_type> {
 public:
  static constexpr int rank = Function::rank;
  using Backend = typename Function::backend_type;
  using Sum = accumulate_type<typename Function::value_type>;
  using Result = Array<typename Function::value_type, rank, Replicated, Backend>;

  explicit ComputedSum(Function function, E... operands) : function_(std::move(function)), operands_(std::move(operands)...) {
    detail::with_all([&](const auto&... e) {
      shape_ = function_.shape(e...);
      ((comm_ = detail::joined_comm(comm_, e.comm())), ...);
    }, operands_);
    comm_ = detail::comm_or_world(comm_);
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  void prepare() const { finish(); }
  bool is_finished() const { return cell_.filled(); }
  const Result& finished() const { return cell_.value(); }
  void finish() const {
    cell_.fill([&] {
      auto values = local_values();
      comm_->all_reduce(values.data(), static_cast<Size>(values.size()), sizeof(Sum), &merge);
      return array_of(values);
    });
  }

  // This rank's summands of the whole shape.
  std::vector<Sum> local_values() const {
    const auto buffer = kept_summands();
    std::vector<Sum> values(static_cast<std::size_t>(shape_.size()));
    Backend::download(values.data(), buffer->data(), shape_.size() * static_cast<Size>(sizeof(Sum)));
    return values;
  }
  void prepare_local() const { kept_summands(); }
  template <int Root>
  auto lower_local(const Frame<Root, rank>& frame, Scope& scope) const {
    return kernel::strided(scope.hold(kept_summands()), whole(shape_), frame);
  }

  // What statements that finish several reductions need (share.hpp).
  using Local = std::vector<Sum>;
  static constexpr bool across = true;
  static constexpr int statistics = 1;
  auto pending_statistics() const { return std::tuple<const ComputedSum*>(this); }
  auto summands() const { return std::tuple<>(); }
  const void* address() const { return cell_.address(); }
  static void merge(void* into, const void* from, Size count) { detail::add_all<Sum>(into, from, count); }
  void finish_with(const Local& values) const {
    cell_.fill([&] { return array_of(values); });
  }

  static constexpr Collectives collectives = ((Function::collectives | Collective::all_reduce) | ... | detail::collectives_of_node<E>());
  std::string described() const { return "sum of " + to_string(shape_); }
  Size message_bytes() const { return shape_.size() * static_cast<Size>(sizeof(Sum)); }
  void plan_local(Plan& plan) const {
    if (plan.known(kept_.get(), is_finished())) return;
    detail::with_all([&](const auto&... e) { function_.plan(plan, e...); }, operands_);
    plan.temporary("summands " + to_string(shape_), [&](int) { return message_bytes(); });
  }
  void plan(Plan& plan) const {
    if (plan.known(address(), is_finished())) return;
    plan_local(plan);
    plan.message(Collective::all_reduce, described(), [&](int) { return message_bytes(); });
  }
  bool same(const ComputedSum& other) const { return address() == other.address(); }

 private:
  using Buffer = detail::SharedBuffer<Sum, Backend>;
  struct Kept {
    std::mutex changing;
    Buffer summands;
  };

  Buffer kept_summands() const {
    const std::lock_guard lock(kept_->changing);
    if (!kept_->summands)
      kept_->summands = detail::with_all([&](const auto&... e) { return function_.summands(comm_, e...); }, operands_);
    return kept_->summands;
  }
  Result array_of(const Local& values) const { return detail::array_from_host<Result>(shape_, comm_, values); }

  Function function_;
  std::tuple<E...> operands_;
  Shape<rank> shape_;
  Comm comm_;
  detail::ResultCell<typename Function::value_type, rank, Replicated, Backend> cell_;
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

namespace detail {

// Memory of T in the type of its sums.
template <class Backend, class T>
SharedBuffer<accumulate_type<T>, Backend> widened(const SharedBuffer<T, Backend>& values) {
  using Sum = accumulate_type<T>;
  if constexpr (std::is_same_v<T, Sum>) return values;
  else {
    auto sums = make_buffer<Sum, Backend>(values->size());
    const Shape<1> extent{values->size()};
    const T* const from = values->data();
    if (values->size() > 0) Backend::fill(kernel::strided(from, whole(extent), frame_of(whole(extent))), extent, sums->data());
    return sums;
  }
}

}  // namespace detail
}  // namespace priel
