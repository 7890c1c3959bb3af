// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node of a reduction: over axes that are not split S<k> -> S<k'> without a message; over the split axis, or all, -> Partial.
#pragma once

#include <priel/operators.hpp>
#include <priel/redistribute.hpp>
#include <priel/statistic.hpp>

#include <mutex>

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

// The states of this rank's part, as plain memory, which std::vector<bool> has not.
template <class Statistic>
class States {
  using State = typename Statistic::state;
  struct Held {
    State state;
    operator const State&() const { return state; }
  };

 public:
  explicit States(Size count) : held_(static_cast<std::size_t>(count), Held{Statistic::identity()}) {}
  State* data() { return held_.empty() ? nullptr : &held_.front().state; }
  std::size_t size() const { return held_.size(); }
  auto begin() const { return held_.begin(); }
  auto end() const { return held_.end(); }

 private:
  std::vector<Held> held_;
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
  // Where the result is once it is finished.
  using FinalPolicy = std::conditional_t<across, Replicated, typename Types::policy>;

  explicit Reduce(E operand) : operand_(std::move(operand)), comm_(across ? detail::comm_or_world(operand_.comm()) : operand_.comm()) {
    const auto shape = operand_.shape();
    int b = 0;
    for (int a = 0; a < rank_of<E>; ++a) {
      if (N::reduced(a)) count_ *= shape[a];
      if (!N::reduced(a)) shape_[b++] = shape[a];
      else if (Keep) shape_[b++] = 1;
    }
    if (Statistic::needs_elements && count_ == 0)
      throw ShapeError("min or max over zero elements: the operand has shape " + to_string(shape));
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
        if (!has_states()) return array_in_blocks();
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
    const auto values = local_values();
    auto buffer = detail::make_buffer<accumulate_type<Result>, Backend>(shape_.size());
    Backend::upload(buffer->data(), values.data(), shape_.size() * static_cast<Size>(sizeof(accumulate_type<Result>)));
    const std::lock_guard lock(kept_->changing);
    kept_->summands = buffer;
  }
  template <int Root>
  auto lower_local(const Frame<Root, rank>& frame, Scope& scope) const
    requires(Statistic::linear)
  {
    const std::lock_guard lock(kept_->changing);
    return kernel::strided(scope.hold(kept_->summands), whole(shape_), frame);
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
    {
      const std::lock_guard lock(kept_->changing);
      if (kept_->states) return *kept_->states;
    }
    detail::prepare_statement(operand_);
    const Comm comm = detail::comm_or_world(comm_);
    const auto part = detail::held_box(operand_, comm->size(), comm->rank());
    Local states(kept_extents(part).size());
    Scope scope;
    if (part.size() > 0) Backend::reduce(operand_.lower(frame_of(part), scope), part.extent, job(part, states));
    return states;
  }
  ReduceJob<Statistic, rank_of<E>> job(const Box<rank_of<E>>& part, Local& states) const {
    const auto kept = kept_extents(part);
    Index<rank_of<E>> strides = strides_of(kept);
    for (int a = 0; a < rank_of<E>; ++a)
      if (N::reduced(a)) strides[a] = 0;
    return {strides, states.data(), kept.size()};
  }
  Shape<rank_of<E>> kept_extents(const Box<rank_of<E>>& part) const {
    Shape<rank_of<E>> kept;
    for (int a = 0; a < rank_of<E>; ++a) kept[a] = N::reduced(a) ? 1 : part.extent[a];
    return kept;
  }
  bool has_states() const {
    const std::lock_guard lock(kept_->changing);
    return kept_->states != nullptr;
  }
  void keep(Local&& states) const {
    const std::lock_guard lock(kept_->changing);
    kept_->states = std::make_unique<Local>(std::move(states));
  }
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
  using Value = std::conditional_t<std::is_same_v<Result, bool>, unsigned char, Result>;

  auto array_of(const Local& states) const {
    std::vector<Value> values;
    values.reserve(states.size());
    for (const State& state : states) values.push_back(static_cast<Value>(Statistic::value(state, count_)));
    const std::lock_guard lock(kept_->changing);
    kept_->states.reset();
    return detail::array_from_host<Array<Result, rank, FinalPolicy, Backend>>(shape_, detail::comm_or_world(comm_), values);
  }

  // The same without states for more than a block of the first axis, where that stays: they would be larger than the result.
  auto array_in_blocks() const {
    constexpr Size block = Size{1} << 20;   // elements of the operand
    detail::prepare_statement(operand_);
    const Comm comm = detail::comm_or_world(comm_);
    const auto part = detail::held_box(operand_, comm->size(), comm->rank());
    Array<Result, rank, FinalPolicy, Backend> result(shape_, comm);
    if (kept_extents(part).size() == 0) return result;
    const auto lease = result.local_mut();
    Result* out = lease.data();
    auto box = part;
    Size length = 1;
    if constexpr (rank_of<E> > 0 && !N::reduced(0)) length = part.extent[0];
    const Size step = part.size() <= block ? length : block * length / part.size() + 1;
    for (Size at = 0; at < length; at += step) {
      if constexpr (rank_of<E> > 0 && !N::reduced(0)) {
        box.lower[0] = part.lower[0] + at;
        box.extent[0] = length - at < step ? length - at : step;
      }
      Local states(kept_extents(box).size());
      Scope scope;
      if (box.size() > 0) Backend::reduce(operand_.lower(frame_of(box), scope), box.extent, job(box, states));
      for (const State& state : states) *out++ = static_cast<Result>(Statistic::value(state, count_));
    }
    return result;
  }
  // What is known before the end; shared by copies of the node.
  struct Kept {
    std::mutex changing;
    std::unique_ptr<Local> states;
    detail::SharedBuffer<accumulate_type<Result>, Backend> summands;
  };

  E operand_;
  Comm comm_;
  Shape<rank> shape_;
  Size count_ = 1;
  detail::ResultCell<Result, rank, FinalPolicy, Backend> cell_;
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace priel
