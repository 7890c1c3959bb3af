// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// sort, argsort: S<k> -> S<k>; nothing is sent along another axis than k, along k the elements to where they belong in order.
#pragma once

#include <priel/algorithms/order.hpp>

namespace priel {

namespace detail::order {

// The last axis of E sorted, or the indices that sort it.
template <class E, bool Indices>
struct SortLast {
  using value_type = std::conditional_t<Indices, Size, value_of<E>>;
  using policy_type = typename Last<E>::policy;
  using backend_type = typename Last<E>::backend;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives =
      Last<E>::across ? Collectives(Collective::all_reduce) | Collective::scan | Collective::exchange : Collectives{};

  Shape<rank> shape(const E& e) const { return e.shape(); }

  Array<value_type, rank, policy_type, backend_type> operator()(const E& e) const {
    using T = value_of<E>;
    e.prepare();
    Array<value_type, rank, policy_type, backend_type> result(e.shape(), comm_or_world(e.comm()));
    const Lines lines = Last<E>::lines(e, *result.comm());
    const auto lease = result.local_mut();
    if constexpr (Indices) {
      Buffer<T, backend_type> values(lines.size());
      evaluate<backend_type>(e, result.part(), values.data());
      if constexpr (backend_type::host_memory) argsort(values.data(), format_of<T>, lines, lease.data());
      else LocalOrder<backend_type>::argsort(values.data(), lines, lease.data());
    } else {
      evaluate<backend_type>(e, result.part(), lease.data());
      if constexpr (backend_type::host_memory) sort(lease.data(), format_of<T>, lines);
      else LocalOrder<backend_type>::sort(lease.data(), lines);
    }
    return result;
  }

  void plan(Plan& plan, const E& e) const {
    const char* what = Indices ? "argsort" : "sort";
    constexpr int bytes = static_cast<int>(sizeof(value_of<E>));
    plan_loop(plan, what, e);
    if constexpr (Last<E>::across)
      (Indices ? plan_argsort : plan_sort)(plan, Last<E>::count(e.shape()), Last<E>::length(e.shape()), bytes, bytes);
  }
};

template <bool Indices, int Axis, class X>
auto sorted(X&& x) {
  constexpr int axis = front_axis<rank_of<X>, Axis>;
  auto lines = axis_last<axis>(std::forward<X>(x));
  using E = decltype(lines);
  return axis_back<axis>(computed(SortLast<E, Indices>{}, std::move(lines)));
}

}  // namespace detail::order

// x with every line along the axis (the last, if none is named) in increasing order, NaN last. x's shape and policy. Along
// another axis than the split one nothing is sent. Along it, of a one-dimensional array (or of fewer lines than ranks) each rank
// sends at most what it holds, once: the values at which the sorted line is cut are found by counting (Allreduce of 15(p-1) counts
// for each 4 bits of an element); else the lines go to ranks that sort them whole, and back (Exchange, twice).
template <Expression X, int A = -1>
  requires(Ordered<value_of<X>> && rank_of<X> > 0)
auto sort(X&& x, Axes<A> = {}) { return detail::order::sorted<false, A>(std::forward<X>(x)); }

// The global indices along the axis that sort x: int64, x's shape and policy; equal elements keep their order (NumPy's
// kind="stable"). Sends as `sort` does, an index with every element.
template <Expression X, int A = -1>
  requires(Ordered<value_of<X>> && rank_of<X> > 0)
auto argsort(X&& x, Axes<A> = {}) { return detail::order::sorted<true, A>(std::forward<X>(x)); }

}  // namespace priel
