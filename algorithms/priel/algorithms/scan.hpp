// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// cumsum, cumprod, cummax, cummin along one axis, S<k> -> S<k>; along the split axis one exclusive scan of the ranks' totals.
#pragma once

#include <priel/algorithms/detail/map_axis.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/op/arithmetic.hpp>

#include <omp.h>

namespace priel {

namespace kernel {

// How the elements of a shard lie round an axis: (outer, n, inner). Work is a stretch of the axis and `width` neighbouring columns;
// columns of a stretch are combined row by row, so that memory is read as it lies.
struct ScanLayout {
  Size outer, n, inner;
  Size stretches, width;

  PRIEL_DEVICE constexpr Size strips() const { return (inner + width - 1) / width; }
  PRIEL_DEVICE constexpr Size jobs() const { return outer * stretches * strips(); }
};

// With Total, totals[stretch][outer][inner] are written. Without it they hold the totals of all stretches up to and with each, and the
// elements are written; `before` is what the ranks before come to.
template <class Op, class T, class State, bool Total, int Most>
struct Scan {
  ScanLayout layout;
  T* data;
  State* totals;         // null: there is one stretch
  const State* before;   // null: nothing comes before

  PRIEL_DEVICE void operator()(Size job) const {
    const Size strip = job % layout.strips(), rest = job / layout.strips();
    const Size stretch = rest % layout.stretches, o = rest / layout.stretches;
    const Size column = strip * layout.width, columns = layout.inner - column < layout.width ? layout.inner - column : layout.width;
    const Size first = layout.n * stretch / layout.stretches, last = layout.n * (stretch + 1) / layout.stretches;
    const Size slab = layout.outer * layout.inner, place = o * layout.inner + column;
    State state[Most];
    for (State& first_state : state) first_state = Op::template unit<State>();
    if constexpr (!Total) {
      if (before)
        for (Size c = 0; c < columns; ++c) state[c] = before[place + c];
      if (stretch > 0)
        for (Size c = 0; c < columns; ++c) state[c] = Op::call(state[c], totals[(stretch - 1) * slab + place + c]);
    }
    T* row = data + (o * layout.n + first) * layout.inner + column;
    if constexpr (Most > 1)
      if (layout.inner == 1) {
        if constexpr (Total) totals[stretch * slab + place] = total(row, last - first);
        else sums(row, last - first, state[0]);
        return;
      }
    for (Size i = first; i < last; ++i, row += layout.inner)
      for (Size c = 0; c < columns; ++c) {
        state[c] = Op::call(state[c], static_cast<State>(row[c]));
        if constexpr (!Total) row[c] = static_cast<T>(state[c]);
      }
    if constexpr (Total)
      for (Size c = 0; c < columns; ++c) totals[stretch * slab + place + c] = state[c];
  }

 private:
  // A contiguous line, one by one.
  PRIEL_DEVICE static void sums(T* values, Size n, State state) {
    for (Size i = 0; i < n; ++i) {
      state = Op::call(state, static_cast<State>(values[i]));
      values[i] = static_cast<T>(state);
    }
  }
  // Its total, in several lanes.
  PRIEL_DEVICE static State total(const T* values, Size n) {
    constexpr int lanes = 8;
    State lane[lanes];
    for (State& state : lane) state = Op::template unit<State>();
    Size i = 0;
    for (; i + lanes <= n; i += lanes)
      for (int k = 0; k < lanes; ++k) lane[k] = Op::call(lane[k], static_cast<State>(values[i + k]));
    for (; i < n; ++i) lane[0] = Op::call(lane[0], static_cast<State>(values[i]));
    for (int k = 1; k < lanes; ++k) lane[0] = Op::call(lane[0], lane[k]);
    return lane[0];
  }
};

}  // namespace kernel

namespace detail {

// What such a function accumulates elements of T in, what it returns and what it begins with.
struct CumulativeSum : op::Add {
  static constexpr const char* name = "cumsum";
  template <class T>
  using result = sum_type<T>;
  template <class T>
  using state = accumulate_type<T>;
  template <class S>
  PRIEL_DEVICE static constexpr S unit() { return S{}; }
};
struct CumulativeProduct : op::Multiply {
  static constexpr const char* name = "cumprod";
  template <class T>
  using result = sum_type<T>;
  template <class T>
  using state = accumulate_type<T>;
  template <class S>
  PRIEL_DEVICE static constexpr S unit() { return S(1); }
};
struct CumulativeExtreme {
  template <class T>
  using result = T;
  template <class T>
  using state = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;   // std::vector<bool> is no memory
};
struct CumulativeMaximum : op::Maximum, CumulativeExtreme {
  static constexpr const char* name = "cummax";
  template <class S>
  PRIEL_DEVICE static constexpr S unit() { return statistic::Max<S>::identity(); }
};
struct CumulativeMinimum : op::Minimum, CumulativeExtreme {
  static constexpr const char* name = "cummin";
  template <class S>
  PRIEL_DEVICE static constexpr S unit() { return statistic::Min<S>::identity(); }
};

template <class Op, class State>
void combine_states(void* into, const void* from, std::int64_t count) {
  auto* const a = static_cast<State*>(into);
  const auto* const b = static_cast<const State*>(from);
  for (std::int64_t i = 0; i < count; ++i) a[i] = Op::call(a[i], b[i]);
}

template <class Op, int Axis, Expression E>
struct Cumulative {
  using value_type = typename Op::template result<value_of<E>>;
  using policy_type = stored_policy<policy_of<E>>;
  using backend_type = backend_or_default<backend_of<E>>;
  using State = typename Op::template state<value_of<E>>;
  static constexpr int rank = rank_of<E>;
  static constexpr bool across = distributes<policy_type, rank>(Axis);
  static constexpr Collectives collectives = across ? Collectives(Collective::scan) : Collectives{};

  Shape<rank> shape(const E& e) const { return e.shape(); }

  auto operator()(const E& e) const {
    Array<value_type, rank, policy_type, backend_type> result(e.shape(), comm_or_world(e.comm()));
    prepare_statement(e);
    const auto lease = result.local_mut();
    evaluate<backend_type>(e, result.part(), lease.data());
    run(lease.data(), result.lshape(), *result.comm());
    return result;
  }
  void plan(Plan& plan, const E& e) const {
    const auto shape = e.shape();
    plan.loop(Op::name, largest_part<policy_type>(shape, plan.ranks()), [&] { plan_statement(e, plan); });
    if constexpr (across) {
      const Size slab = with_extent(shape, 1).size() * static_cast<Size>(sizeof(State));
      if (plan.ranks() > 1 && slab > 0) plan.message(Collective::scan, Op::name, [&](int) { return slab; });
    }
  }

 private:
  // Jobs that keep the machine's threads busy, and elements that are worth one.
  static Size wide() {
    if constexpr (backend_type::host_memory) return omp_in_parallel() || omp_get_max_threads() == 1 ? 1 : 32 * omp_get_max_threads();
    else return Size{1} << 17;
  }
  static constexpr int most = backend_type::host_memory ? 64 : 1;
  static constexpr Size least = backend_type::host_memory ? 4096 : 64;

  static Shape<rank> with_extent(Shape<rank> shape, Size n) {
    shape[Axis] = n;
    return shape;
  }

  static void run(value_type* data, const Shape<rank>& extent, const Communicator& comm) {
    kernel::ScanLayout layout{1, extent[Axis], 1, 1, most};
    for (int a = 0; a < Axis; ++a) layout.outer *= extent[a];
    for (int a = Axis + 1; a < rank; ++a) layout.inner *= extent[a];
    if (layout.outer * layout.inner > 0) scan(data, layout, across && comm.size() > 1 ? &comm : nullptr);
  }

  // In place: totals of the stretches where there are several or other ranks come before, their scan, then the elements.
  template <class T>
  static void scan(T* data, kernel::ScanLayout layout, const Communicator* others) {
    // Long lines are cut where there are too few of them for the machine.
    const Size wanted = wide(), slab = layout.outer * layout.inner;
    while (layout.jobs() < wanted && layout.n / (2 * layout.stretches) >= least / std::min<Size>(layout.inner, most)) layout.stretches *= 2;
    if (layout.stretches == 1 && !others) {
      backend_type::for_each(layout.jobs(), kernel::Scan<Op, T, State, false, most>{layout, data, nullptr, nullptr});
      return;
    }
    Buffer<State, backend_type> totals(layout.stretches * slab), before(others ? slab : 0);
    backend_type::for_each(layout.jobs(), kernel::Scan<Op, T, State, true, most>{layout, data, totals.data(), nullptr});
    if (layout.stretches > 1) scan(totals.data(), kernel::ScanLayout{1, layout.stretches, slab, 1, most}, nullptr);
    const bool follows = others && others->rank() > 0;
    if (others) {
      std::vector<State> carry(static_cast<std::size_t>(slab));
      const Size bytes = slab * static_cast<Size>(sizeof(State));
      backend_type::download(carry.data(), totals.data() + (layout.stretches - 1) * slab, bytes);
      others->exclusive_scan(carry.data(), slab, sizeof(State), combine_states<Op, State>);
      if (follows) backend_type::upload(before.data(), carry.data(), bytes);
    }
    backend_type::for_each(layout.jobs(),
                           kernel::Scan<Op, T, State, false, most>{layout, data, totals.data(), follows ? before.data() : nullptr});
  }
};

template <class Op, int Axis, class X>
auto cumulative(X&& x) {
  using Kid = settled_t<X>;
  return computed(Cumulative<Op, Axis, Kid>{}, Kid(settled(std::forward<X>(x))));
}

}  // namespace detail

// The sums of the elements up to and with each along axis<a>; NaN stays from where it is on. Integers and bool: 64-bit (wrap),
// floats keep their type and are accumulated in double. The policy stays. Nothing is sent along other axes than the split one, and
// there one exclusive scan of a slab of totals.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto cumsum(X&& x, Axes<A...>) { return detail::cumulative<detail::CumulativeSum, detail::one_axis<rank_of<X>, A...>()>(std::forward<X>(x)); }

// Without an axis: of all elements in C order, rank 1. Sends what ravel does, too.
template <Expression X>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto cumsum(X&& x) { return detail::cumulative<detail::CumulativeSum, 0>(ravel(std::forward<X>(x))); }
template <class P, int M, class B>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> cumsum(const operand_tag<P, M, B>&) = delete;

// The same with products.
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto cumprod(X&& x, Axes<A...>) { return detail::cumulative<detail::CumulativeProduct, detail::one_axis<rank_of<X>, A...>()>(std::forward<X>(x)); }
template <Expression X>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto cumprod(X&& x) { return detail::cumulative<detail::CumulativeProduct, 0>(ravel(std::forward<X>(x))); }
template <class P, int M, class B>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> cumprod(const operand_tag<P, M, B>&) = delete;

// The largest and the smallest of the elements up to and with each, of real elements; NaN stays from where it is on. (NumPy's
// maximum.accumulate and minimum.accumulate.) The element type and the policy stay; messages as cumsum's.
template <Expression X, int... A>
  requires(rank_of<X> > 0 && kind_of<value_of<X>> != Kind::complex)
auto cummax(X&& x, Axes<A...>) { return detail::cumulative<detail::CumulativeMaximum, detail::one_axis<rank_of<X>, A...>()>(std::forward<X>(x)); }
template <Expression X, int... A>
  requires(rank_of<X> > 0 && kind_of<value_of<X>> != Kind::complex)
auto cummin(X&& x, Axes<A...>) { return detail::cumulative<detail::CumulativeMinimum, detail::one_axis<rank_of<X>, A...>()>(std::forward<X>(x)); }

}  // namespace priel
