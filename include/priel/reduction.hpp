// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node of a reduction: over axes that are not split S<k> -> S<k'> without a message; over the split axis, or all, -> Partial.
#pragma once

#include <priel/operators.hpp>
#include <priel/redistribute.hpp>
#include <priel/reduction_parts.hpp>

namespace priel {

namespace detail {

template <int Rank, int... A>
struct NormalAxes {
  static constexpr bool valid = ((A >= -Rank && A < Rank) && ...);
  static constexpr bool reduced(int axis) { return ((axis == (A < 0 ? A + Rank : A)) || ...); }
  static constexpr int count() {
    int n = 0;
    for (int a = 0; a < Rank; ++a) n += reduced(a) ? 1 : 0;
    return n;
  }
};
template <int Rank>
struct NormalAxes<Rank> {   // no axis named: all
  static constexpr bool valid = true;
  static constexpr bool reduced(int) { return true; }
  static constexpr int count() { return Rank; }
};

// Removes the reduced axes from a policy, from the last to the first; `across` if one of them is distributed.
template <class P, class N, int Axis, bool Keep>
struct ReducedPolicy {
  static constexpr bool here = N::reduced(Axis);
  static constexpr bool across_here = here && Propagated<RemoveAxis<Axis>, P>::across;
  template <bool Across>
  struct after {
    using removed = propagated<RemoveAxis<Axis>, P>;
    using type = std::conditional_t<Keep, propagated<InsertAxis<Axis>, removed>, removed>;
  };
  using next = typename std::conditional_t<here && !across_here, after<false>, std::type_identity<P>>::type;
  using rest = ReducedPolicy<next, N, Axis - 1, Keep>;
  static constexpr bool across = across_here || rest::across;
  using type = typename rest::type;
};
template <class P, class N, bool Keep>
struct ReducedPolicy<P, N, -1, Keep> {
  static constexpr bool across = false;
  using type = P;
};

template <class Statistic>
using Monoid = std::conditional_t<Statistic::linear, Summation, Statistic>;

template <class Statistic, class E, class N, bool Keep>
struct ReductionTypes {
  using reduced = ReducedPolicy<policy_of<E>, N, rank_of<E> - 1, Keep>;
  static constexpr int rank = Keep ? rank_of<E> : rank_of<E> - N::count();
  static constexpr bool across = reduced::across;
  using policy = std::conditional_t<across, Partial<Monoid<Statistic>>, stored_policy<typename reduced::type>>;
  using backend = backend_or_default<backend_of<E>>;
};

}  // namespace detail

// One statistic of an expression over some axes, evaluated in one pass when first needed; the result is shared by copies.
template <class Statistic, class E, class N, bool Keep>
class Reduce : public detail::PendingNode<Reduce<Statistic, E, N, Keep>, typename Statistic::result,
                                          detail::ReductionTypes<Statistic, E, N, Keep>::rank,
                                          typename detail::ReductionTypes<Statistic, E, N, Keep>::policy,
                                          typename detail::ReductionTypes<Statistic, E, N, Keep>::backend> {
  using Types = detail::ReductionTypes<Statistic, E, N, Keep>;
  using Backend = typename Types::backend;
  using State = typename Statistic::state;
  using Result = typename Statistic::result;

 public:
  static constexpr int rank = Types::rank;
  static constexpr bool across = Types::across;
  static constexpr unsigned axes = detail::axis_bits<N, rank_of<E>>();
  // Where the result is once it is finished.
  using FinalPolicy = std::conditional_t<across, Replicated, typename Types::policy>;

  explicit Reduce(E operand) : operand_(std::move(operand)), comm_(across ? detail::comm_or_world(operand_.comm()) : operand_.comm()) {
    const auto shape = operand_.shape();
    count_ = detail::reduced_shape(shape.begin(), rank_of<E>, axes, Keep, shape_.begin());
    if (Statistic::needs_elements && count_ == 0) detail::throw_no_elements(to_string(shape));
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  int readers(const void*) const { return 0; }
  void prepare() const { finish(); }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }

  bool is_finished() const { return cell_.filled(); }
  const Array<Result, rank, FinalPolicy, Backend>& result() const
    requires(!across)
  {
    return cell_.value();
  }
  const Array<Result, rank, FinalPolicy, Backend>& finished() const { return cell_.value(); }

  // Collective where the reduction crosses ranks: one Allreduce of the states.
  void finish() const {
    cell_.fill([&] {
      if constexpr (!across && Backend::host_memory)
        if (!has_states()) return array_from_part();
      auto states = local_states();
      if constexpr (across) comm_->all_reduce(states.data(), static_cast<Size>(states.size()), sizeof(State), &merge);
      return array_of(states);
    });
  }

  // For pending sums: this rank's summands, over the whole shape (everything is reduced but what is not split).
  std::vector<accumulate_type<Result>> local_values() const
    requires(Statistic::linear)
  {
    std::vector<accumulate_type<Result>> values;
    for (const State& state : local_states()) values.push_back(Statistic::summand(state, count_));
    return values;
  }
  void prepare_local() const
    requires(Statistic::linear)
  {
    kept_->keep_summands(local_values());
  }
  template <int Root>
  auto lower_local(const Frame<Root, rank>& frame, Scope& scope) const
    requires(Statistic::linear)
  {
    return kernel::strided(scope.hold(kept_->summands()), whole(shape_), frame);
  }

  // What statements that finish several reductions need (share.hpp).
  using operand_type = E;
  using statistic = Statistic;
  using Local = detail::States<Statistic>;
  static constexpr int statistics = 1;
  auto pending_statistics() const { return std::tuple<const Reduce*>(this); }
  auto summands() const { return pending_statistics(); }
  const E& operand() const { return operand_; }
  const void* address() const { return cell_.address(); }
  static void merge(void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) Statistic::merge(static_cast<State*>(into)[i], static_cast<const State*>(from)[i]);
  }
  // This rank's states, from a pass over its part or kept from a shared one.
  Local local_states() const {
    if (const auto known = kept_->copy()) return *known;
    return detail::states_of_part<Statistic>(operand_, comm_, axes);
  }
  ReduceJob<Statistic, rank_of<E>> job(const Box<rank_of<E>>& part, Local& states) const {
    return {detail::kept_strides(part, axes), states.data(), static_cast<Size>(states.size())};
  }
  Shape<rank_of<E>> kept_extents(const Box<rank_of<E>>& part) const { return detail::kept_extents(part, axes); }
  bool has_states() const { return kept_->has_states(); }
  void keep(Local&& states) const { kept_->keep(std::move(states)); }
  void finish_with(const Local& states) const {
    cell_.fill([&] { return array_of(states); });
  }

  static constexpr Collectives collectives = detail::collectives_of_node<E>() | (across ? Collectives{Collective::all_reduce} : Collectives{});
  std::string described() const { return name_of_type<Statistic>() + " of " + priel::described(operand_); }
  const void* pass() const { return kept_.get(); }
  Size message_bytes() const { return shape_.size() * static_cast<Size>(sizeof(State)); }
  void plan_local(Plan& plan) const {
    if (plan.known(pass(), has_states())) return;
    plan.loop(described(), detail::held_box(operand_, plan.ranks(), 0).size(), [&] { detail::plan_statement(operand_, plan); });
  }
  void plan(Plan& plan) const {
    if (plan.known(address(), is_finished())) return;
    plan_local(plan);
    if constexpr (across) plan.message(Collective::all_reduce, described(), [&](int) { return message_bytes(); });
  }
  bool same(const Reduce& other) const { return address() == other.address(); }

 private:
  auto array_of(const Local& states) const {
    kept_->drop();
    return detail::array_from_host<Array<Result, rank, FinalPolicy, Backend>>(shape_, detail::comm_or_world(comm_),
                                                                              detail::values_of<Statistic>(states, count_));
  }
  auto array_from_part() const {
    Array<Result, rank, FinalPolicy, Backend> result(shape_, detail::comm_or_world(comm_));
    const auto lease = result.local_mut();
    detail::results_of_part<Statistic>(operand_, comm_, axes, count_, lease.data());
    return result;
  }

  E operand_;
  Comm comm_;
  Shape<rank> shape_;
  Size count_ = 1;
  detail::ResultCell<Result, rank, FinalPolicy, Backend> cell_;
  std::shared_ptr<detail::KeptStates<Statistic, Backend>> kept_ = std::make_shared<detail::KeptStates<Statistic, Backend>>();
};

}  // namespace priel
