// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions: over axes that are not split S<k> -> S<k'> without a message; over the split axis, or all, -> Partial.
#pragma once

#include <priel/operators.hpp>
#include <priel/statistic.hpp>

#include <array>

namespace priel {

// The axes of a reduction, `sum(x, axis<0>)`; negative ones count from the end.
template <int... A>
struct Axes {};
template <int... A>
inline constexpr Axes<A...> axis{};

struct KeepDims {};
inline constexpr KeepDims keepdims{};

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
  // Where the result is once it is finished.
  using FinalPolicy = std::conditional_t<across, Replicated, typename Types::policy>;

  explicit Reduce(E operand) : operand_(std::move(operand)), comm_(detail::comm_or_world(operand_.comm())) {
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
      auto states = local_states();
      if constexpr (across)
        comm_->all_reduce(states.data(), static_cast<Size>(states.size()), sizeof(State), &merge_all);
      std::vector<Value> values;
      values.reserve(states.size());
      for (const State& state : states) values.push_back(static_cast<Value>(Statistic::value(state, count_)));
      return detail::array_from_host<Array<Result, rank, FinalPolicy, Backend>>(shape_, comm_, values);
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
    if (*local_) return;
    const auto values = local_values();
    auto buffer = detail::make_buffer<accumulate_type<Result>, Backend>(shape_.size());
    Backend::upload(buffer->data(), values.data(), shape_.size() * static_cast<Size>(sizeof(values[0])));
    *local_ = buffer;
  }
  template <int Root>
  auto lower_local(const Frame<Root, rank>& frame, Scope&) const
    requires(Statistic::linear)
  {
    return kernel::strided(static_cast<const accumulate_type<Result>*>((*local_)->data()), whole(shape_), frame);
  }

 private:
  using Value = std::conditional_t<std::is_same_v<Result, bool>, unsigned char, Result>;

  static void merge_all(void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) Statistic::merge(static_cast<State*>(into)[i], static_cast<const State*>(from)[i]);
  }

  // The states of this rank's part, as plain memory, which std::vector<bool> has not.
  class States {
   public:
    explicit States(Size count) : held_(static_cast<std::size_t>(count), Held{Statistic::identity()}) {}
    State* data() { return held_.empty() ? nullptr : &held_.front().state; }
    std::size_t size() const { return held_.size(); }
    auto begin() const { return held_.begin(); }
    auto end() const { return held_.end(); }

   private:
    struct Held {
      State state;
      operator const State&() const { return state; }
    };
    std::vector<Held> held_;
  };

  States local_states() const {
    operand_.prepare();
    Box<rank_of<E>> part = whole(operand_.shape());
    if constexpr (!detail::is_generated<policy_of<E>>) part = part_of<policy_of<E>>(operand_.shape(), *comm_);
    Shape<rank_of<E>> kept;
    for (int a = 0; a < rank_of<E>; ++a) kept[a] = N::reduced(a) ? 1 : part.extent[a];
    Index<rank_of<E>> strides = strides_of(kept);
    for (int a = 0; a < rank_of<E>; ++a)
      if (N::reduced(a)) strides[a] = 0;
    States states(kept.size());
    Scope scope;
    if (part.size() > 0)
      Backend::template reduce<Statistic>(operand_.lower(frame_of(part), scope), part.extent, strides, states.data(), kept.size());
    return states;
  }

  E operand_;
  Comm comm_;
  Shape<rank> shape_;
  Size count_ = 1;
  detail::ResultCell<Result, rank, FinalPolicy, Backend> cell_;
  using Local = detail::SharedBuffer<accumulate_type<Result>, Backend>;
  std::shared_ptr<Local> local_ = std::make_shared<Local>();
};

namespace detail {

template <template <class> class Statistic, bool Keep, int... A, class X>
auto reduced(X&& x) {
  using Operand = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<X>>()))>;
  using N = NormalAxes<rank_of<X>, A...>;
  static_assert(N::valid, "the axis does not exist: axis<a> needs -rank <= a < rank");
  return Reduce<Statistic<value_of<X>>, Operand, N, Keep>(Operand(finished(std::forward<X>(x))));
}

}  // namespace detail

// Each: the statistic over the named axes, all if none is named; `keepdims` leaves them with extent 1. Nothing is sent unless the
// reduction crosses ranks: then the result is pending and one Allreduce of it follows where it is used.

// Integers and bool: 64-bit. Floats are accumulated in double.
template <Expression X, int... A>
auto sum(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Sum, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto sum(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Sum, true, A...>(std::forward<X>(x)); }

template <Expression X, int... A>
auto prod(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Product, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto prod(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Product, true, A...>(std::forward<X>(x)); }

// Integers: double.
template <Expression X, int... A>
auto mean(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Mean, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto mean(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Mean, true, A...>(std::forward<X>(x)); }

// Divided by n (ddof 0).
template <Expression X, int... A>
auto var(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Variance, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto var(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Variance, true, A...>(std::forward<X>(x)); }

// NaN propagates; throws ShapeError over zero elements.
template <Expression X, int... A>
auto min(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Min, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto min(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Min, true, A...>(std::forward<X>(x)); }

// NaN propagates; throws ShapeError over zero elements.
template <Expression X, int... A>
auto max(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Max, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto max(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Max, true, A...>(std::forward<X>(x)); }

template <Expression X, int... A>
auto any(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Any, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto any(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Any, true, A...>(std::forward<X>(x)); }

template <Expression X, int... A>
auto count_nonzero(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::CountNonzero, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto count_nonzero(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::CountNonzero, true, A...>(std::forward<X>(x)); }

// The square root of var.
template <Expression X, class... Options>
auto stddev(X&& x, Options... options) { return sqrt(var(std::forward<X>(x), options...)); }

// Both the full range of a slice, x(all, 0), and the reduction, all(x > 0).
struct AllRange {
  template <Expression X, int... A>
  auto operator()(X&& x, Axes<A...> = {}) const { return detail::reduced<statistic::All, false, A...>(std::forward<X>(x)); }
  template <Expression X, int... A>
  auto operator()(X&& x, Axes<A...>, KeepDims) const { return detail::reduced<statistic::All, true, A...>(std::forward<X>(x)); }
};
inline constexpr AllRange all{};

}  // namespace priel
