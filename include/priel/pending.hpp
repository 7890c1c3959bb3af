// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sums that stay pending: -P, P times or over a scalar, P ± P are summed over the ranks once, at their end.
#pragma once

#include <priel/array.hpp>
#include <priel/broadcast.hpp>
#include <priel/exchange.hpp>
#include <priel/op/arithmetic.hpp>
#include <priel/operands.hpp>

#include <tuple>
#include <vector>

namespace priel {

// The monoid of sums: what every rank holds adds up to the value.
struct Summation {};

namespace detail {

template <class Node>
inline constexpr bool is_pending_sum = std::is_same_v<policy_of<Node>, Partial<Summation>>;

// Sums of integers stay pending only where all is integers: a quotient rounded on each rank would not add up.
template <class Op, class First, class... Rest>
constexpr bool stays_integer() {
  constexpr bool integers = kind_of<value_of<First>> == Kind::integer && ((kind_of<value_of<Rest>> == Kind::integer) && ...);
  if constexpr (integers && sizeof...(Rest) == 1)
    return !std::is_base_of_v<op::Floating, Op> && kind_of<decltype(promote_weak<value_of<First>, First::is_weak, value_of<Rest>..., (Rest::is_weak && ...)>())> == Kind::integer;
  else return integers;
}

template <class Op, class First, class... Rest>
constexpr bool keeps_pending() {
  constexpr bool any = is_pending_sum<First> || (is_pending_sum<Rest> || ...);
  constexpr bool only = (is_pending_sum<First> || First::is_weak) && ((is_pending_sum<Rest> || Rest::is_weak) && ...);
  constexpr bool real = kind_of<value_of<First>> != Kind::boolean && sizeof...(Rest) <= 1;
  if constexpr (any && only && real) {
    constexpr bool floating = (kind_of<value_of<First>> >= Kind::floating || First::is_weak) &&
                              ((kind_of<value_of<Rest>> >= Kind::floating || Rest::is_weak) && ...);
    return (floating || stays_integer<Op, First, Rest...>()) && Op::linear(is_pending_sum<First>, (is_pending_sum<Rest> || ...));
  } else return false;
}

// An array whose local part is given in CPU memory.
template <class A, class T>
A array_from_host(const Shape<A::rank>& shape, const Comm& comm, const std::vector<T>& values) {
  using Value = value_of<A>;
  A array(shape, comm);
  std::vector<Value> converted;
  const Size bytes = array.lshape().size() * static_cast<Size>(sizeof(Value));
  if constexpr (std::is_same_v<Value, bool>) {
    const auto lease = array.local_mut();
    Bytes staged(bytes);
    auto* flags = reinterpret_cast<bool*>(staged.data.get());
    for (std::size_t i = 0; i < values.size(); ++i) flags[i] = static_cast<bool>(values[i]);
    backend_of<A>::upload(lease.data(), flags, bytes);
  } else {
    for (const T& value : values) converted.push_back(static_cast<Value>(value));
    const auto lease = array.local_mut();
    backend_of<A>::upload(lease.data(), converted.data(), bytes);
  }
  return array;
}

template <class T>
void add_all(void* into, const void* from, Size count) {
  for (Size i = 0; i < count; ++i) static_cast<T*>(into)[i] += static_cast<const T*>(from)[i];
}

// Reduce_scatter of pending sums given in CPU memory over a whole shape: leaves this rank's part under Policy. Returns it.
template <class Policy, int Rank, class T>
std::vector<T> reduce_scatter_parts(const Shape<Rank>& shape, const Communicator& comm, const std::vector<T>& values) {
  std::vector<Size> counts;
  std::vector<T> packed;
  packed.reserve(values.size());
  for (int r = 0; r < comm.size(); ++r) {
    const auto box = Policy::part(shape, comm.size(), r);
    counts.push_back(box.size());
    for_each_run(box, whole(shape), [&](Size offset, Size, Size n) {
      packed.insert(packed.end(), values.begin() + offset, values.begin() + offset + n);
    });
  }
  std::vector<T> mine(static_cast<std::size_t>(counts[static_cast<std::size_t>(comm.rank())]));
  comm.reduce_scatter(packed.data(), mine.data(), counts, sizeof(T), &add_all<T>);
  return mine;
}

// Every pending node: stored to R it is finished (once), to S<k> a pending sum is reduced and scattered.
template <class Derived, class T, int Rank, class Policy, class Backend>
struct PendingNode : Node<Derived, T, Rank, Policy, Backend> {
  template <class Value, class To, class B>
  static SharedShard<Value, Rank, B> store_pending(const Derived& e, const Comm& comm, const Box<Rank>& part) {
    if constexpr (is_pending_sum<Derived> && !std::is_same_v<To, Replicated>) {
      if (!e.is_finished()) {
        const auto sums = reduce_scatter_parts<To>(e.shape(), *comm, e.local_values());
        auto shard = make_shard<Value, B>(e.shape(), part);
        std::vector<Value> converted;
        converted.reserve(sums.size());
        for (const auto& sum : sums) converted.push_back(static_cast<Value>(static_cast<T>(sum)));
        B::upload(shard->data(), converted.data(), part.size() * static_cast<Size>(sizeof(Value)));
        return shard;
      }
    }
    e.finish();
    auto shard = make_shard<Value, B>(e.shape(), part);
    evaluate<B>(e.finished(), part, shard->data());
    return shard;
  }

  // What that would do.
  template <class To>
  static void plan_store_pending(const Derived& e, Plan& plan) {
    if constexpr (is_pending_sum<Derived> && !std::is_same_v<To, Replicated>) {
      if (!e.is_finished()) {
        if constexpr (requires { e.plan_local(plan); }) e.plan_local(plan);
        const auto shape = e.shape();
        const auto bytes = [&](int r) { return To::part(shape, plan.ranks(), r).size() * static_cast<Size>(sizeof(accumulate_type<T>)); };
        plan.message(Collective::reduce_scatter, "sum of " + to_string(shape), [&](int r) {
          Size others = 0;
          for (int q = 0; q < plan.ranks(); ++q) others += q == r ? 0 : bytes(q);
          return others;
        });
        return;
      }
    }
    plan_node(e, plan);
  }
};

}  // namespace detail

namespace detail {
// Evaluates the local parts of reductions of one operand in one pass (share.hpp).
template <class... Node>
void share_passes(const std::tuple<const Node*...>& nodes);
template <class... Node>
void plan_passes(const std::tuple<const Node*...>& nodes, Plan& plan);
}  // namespace detail

// Op applied to the ranks' summands. Values are accumulated in double (or 64-bit integers) and rounded to T once, at the end.
template <class Operator, class T, class... Kids>
class PendingSum
    : public detail::PendingNode<PendingSum<Operator, T, Kids...>, T, detail::joined_rank<Kids...>, Partial<Summation>,
                                 detail::joined_backend_of<Kids...>> {
 public:
  static constexpr int rank = detail::joined_rank<Kids...>;
  using Backend = detail::backend_or_default<detail::joined_backend_of<Kids...>>;
  using Sum = accumulate_type<T>;

  explicit PendingSum(Kids... kids) : kids_{std::move(kids)...} {
    for (int a = 0; a < rank; ++a) shape_[a] = 1;
    kids_.with_all([&](const Kids&... kid) {
      (detail::broadcast_into(shape_, kid.shape()), ...);
      ((comm_ = detail::joined_comm(comm_, kid.comm())), ...);
    });
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  void prepare() const { finish(); }
  bool is_finished() const { return cell_.filled(); }
  const Array<T, rank, Replicated, Backend>& finished() const { return cell_.value(); }
  void finish() const {
    cell_.fill([&] {
      auto values = local_values();
      comm_->all_reduce(values.data(), static_cast<Size>(values.size()), sizeof(Sum), &merge);
      return array_of(values);
    });
  }

  // For statements that finish several: how this rank's values add up, and the finishing with the total.
  using Local = std::vector<Sum>;
  static constexpr bool across = true;
  static constexpr int statistics = 1;
  auto pending_statistics() const { return std::tuple<const PendingSum*>(this); }
  auto summands() const {
    return kids_.with_all([](const Kids&... kid) { return std::tuple_cat(summands_of(kid)...); });
  }
  static void merge(void* into, const void* from, Size count) { detail::add_all<Sum>(into, from, count); }
  const void* address() const { return cell_.address(); }
  void finish_with(const Local& values) const {
    cell_.fill([&] { return array_of(values); });
  }

  static constexpr Collectives collectives = (Collectives{Collective::all_reduce} | ... | detail::collectives_of_node<Kids>());
  Size message_bytes() const { return shape_.size() * static_cast<Size>(sizeof(Sum)); }
  std::string described() const { return "sum of " + to_string(shape_); }
  void plan_local(Plan& plan) const {
    if constexpr (detail::statistics_count<Kids...> > 1) detail::plan_passes(summands(), plan);
    kids_.with_all([&](const Kids&... kid) { (plan_kid(kid, plan), ...); });
    plan.fused(name_of_type<typename Operator::op>());
  }
  void plan(Plan& plan) const {
    if (plan.known(address(), is_finished())) return;
    plan_local(plan);
    plan.message(Collective::all_reduce, described(), [&](int) { return message_bytes(); });
  }
  bool same(const PendingSum& other) const { return address() == other.address(); }

  // This rank's summands of the whole shape.
  std::vector<Sum> local_values() const {
    prepare_local();
    std::vector<Sum> values(static_cast<std::size_t>(shape_.size()));
    detail::Buffer<Sum, Backend> staged(shape_.size());
    Scope scope;
    if (shape_.size() > 0) Backend::fill(lower_local(frame_of(whole(shape_)), scope), shape_, staged.data());
    Backend::download(values.data(), staged.data(), shape_.size() * static_cast<Size>(sizeof(Sum)));
    return values;
  }
  void prepare_local() const {
    if constexpr (detail::statistics_count<Kids...> > 1) detail::share_passes(summands());
    kids_.with_all([](const Kids&... kid) { (prepare_kid(kid), ...); });
  }
  template <int Root>
  auto lower_local(const Frame<Root, rank>& frame, Scope& scope) const {
    return kids_.with_all([&](const Kids&... kid) {
      return make(kernel::pack(lower_kid(kid, broadcast_frame(frame, shape_, kid.shape()), scope)...));
    });
  }

 private:
  auto array_of(const Local& values) const {
    return detail::array_from_host<Array<T, rank, Replicated, Backend>>(shape_, comm_, values);
  }
  template <class... Kernels>
  static auto make(const kernel::Pack<Kernels...>& kernels) { return kernel::Apply<Operator, Kernels...>{kernels}; }
  template <class Kid>
  static void prepare_kid(const Kid& kid) {
    if constexpr (detail::is_pending_sum<Kid>) kid.prepare_local();
  }
  template <class Kid>
  static void plan_kid(const Kid& kid, Plan& plan) {
    if constexpr (requires { kid.plan_local(plan); }) kid.plan_local(plan);
  }
  template <class Kid>
  static auto summands_of(const Kid& kid) {
    if constexpr (requires { kid.summands(); }) return kid.summands();
    else return std::tuple<>();
  }
  template <class Kid, class F>
  static auto lower_kid(const Kid& kid, const F& frame, Scope& scope) {
    if constexpr (detail::is_pending_sum<Kid>) return kid.lower_local(frame, scope);
    else return kid.lower(frame, scope);
  }

  detail::Operands<Kids...> kids_;
  Shape<rank> shape_;
  Comm comm_;
  detail::ResultCell<T, rank, Replicated, Backend> cell_;
};

namespace detail {

// An operator in the type of the sums.
template <class Op, class Sum>
struct OnSums {
  using op = Op;
  using result = Sum;
  template <std::size_t>
  using operand = Sum;
  template <class... V>
  PRIEL_DEVICE static constexpr Sum function(V... values) { return Op::call(values...); }
};

template <class Op, class Operator, class... Nodes>
auto make_pending(Nodes... nodes) {
  using T = typename Operator::result;
  return PendingSum<OnSums<Op, accumulate_type<T>>, T, Nodes...>(std::move(nodes)...);
}

}  // namespace detail
}  // namespace priel
