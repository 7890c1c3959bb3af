// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// topk, argtopk: the k largest along an axis; S<k> -> S<k> along another axis without a message, along the split one -> R.
#pragma once

#include <priel/algorithms/order.hpp>

namespace priel {

namespace detail::order {

template <class E, bool Indices>
struct TopLast {
  using value_type = std::conditional_t<Indices, Size, value_of<E>>;
  using policy_type = std::conditional_t<Last<E>::across, Replicated, typename Last<E>::policy>;
  using backend_type = typename Last<E>::backend;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = Last<E>::across ? Collectives(Collective::all_gather) : Collectives{};
  Size k;

  Shape<rank> shape(const E& e) const {
    auto shape = e.shape();
    if (k < 0 || k > shape[rank - 1])
      throw ShapeError("topk: there are no " + std::to_string(k) + " largest among " + std::to_string(shape[rank - 1]) + " elements of an axis");
    shape[rank - 1] = k;
    return shape;
  }

  Array<value_type, rank, policy_type, backend_type> operator()(const E& e) const {
    using T = value_of<E>;
    e.prepare();
    Array<value_type, rank, policy_type, backend_type> result(shape(e), comm_or_world(e.comm()));
    const Communicator& comm = *result.comm();
    const Lines lines = Last<E>::lines(e, comm);
    Buffer<T, backend_type> values(lines.size());
    evaluate<backend_type>(e, held(e, comm), values.data());
    const auto lease = result.local_mut();
    T* largest = nullptr;
    Size* indices = nullptr;
    if constexpr (Indices) indices = lease.data();
    else largest = lease.data();
    if constexpr (backend_type::host_memory) top(values.data(), format_of<T>, lines, k, largest, indices);
    else LocalOrder<backend_type>::top(values.data(), lines, k, largest, indices);
    return result;
  }

  void plan(Plan& plan, const E& e) const {
    plan_loop(plan, "topk", e);
    if constexpr (Last<E>::across) plan_top(plan, Last<E>::count(e.shape()), Last<E>::length(e.shape()), k);
  }
};

template <bool Indices, int Axis, class X>
auto largest(X&& x, Size k) {
  constexpr int axis = front_axis<rank_of<X>, Axis>;
  auto lines = axis_last<axis>(std::forward<X>(x));
  using E = decltype(lines);
  return axis_back<axis>(computed(TopLast<E, Indices>{k}, std::move(lines)));
}

}  // namespace detail::order

// The k largest elements of every line along the axis (the last, if none is named), the largest first; NaN counts as the largest,
// as it is last in a sort. x's extents, but k along the axis. Along another axis than the split one: x's policy, nothing is sent;
// along it: replicated, and only k pairs of element and index of each rank are gathered. ShapeError if a line has fewer than k.
template <Expression X, int A = -1>
  requires(Ordered<value_of<X>> && rank_of<X> > 0)
auto topk(X&& x, Size k, Axes<A> = {}) { return detail::order::largest<false, A>(std::forward<X>(x), k); }

// The global indices along the axis of those elements, int64; of equal elements the smaller index comes first.
template <Expression X, int A = -1>
  requires(Ordered<value_of<X>> && rank_of<X> > 0)
auto argtopk(X&& x, Size k, Axes<A> = {}) { return detail::order::largest<true, A>(std::forward<X>(x), k); }

}  // namespace priel
