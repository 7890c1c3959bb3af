// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// unique(x): the different elements, sorted; R -> R, S<k> -> S<0> rebalanced.
#pragma once

#include <priel/algorithms/nonzero.hpp>
#include <priel/algorithms/order.hpp>

namespace priel {

// The different elements of x, of any rank, in increasing order: one-dimensional. NaN is one value, zeros of both signs another.
// R and G: replicated, nothing is sent; split along any axis: S<0>. Every rank sends its different elements at most once, where
// they are cut is counted as for `sort`, then what changes owner is rebalanced. Runs when called, because the length is data.
template <Expression X>
  requires(Ordered<value_of<X>>)
auto unique(X&& x) {
  using namespace detail;
  using T = value_of<X>;
  using Backend = backend_or_default<backend_of<X>>;
  constexpr bool across = !std::is_same_v<stored_policy<policy_of<X>>, Replicated>;
  const order::finished_t<X> e(finished(std::forward<X>(x)));
  const Comm comm = comm_or_world(e.comm());
  e.prepare();
  const auto part = order::held(e, *comm);
  Buffer<T, Backend> values(part.size());
  evaluate<Backend>(e, part, values.data());
  const Size count = [&] {
    if constexpr (Backend::host_memory) return order::unique(values.data(), order::format_of<T>, part.size());
    else return order::LocalOrder<Backend>::unique(values.data(), part.size());
  }();
  if constexpr (!across) {
    Array<T, 1, Replicated, Backend> result(Shape<1>{count}, comm);
    const auto lease = result.local_mut();
    Backend::copy(lease.data(), values.data(), count * static_cast<Size>(sizeof(T)));
    return result;
  } else if constexpr (Backend::host_memory) {
    const auto range = order::unique_across(values.data(), order::format_of<T>, count, *comm);
    return rebalanced<T, 1, Backend>(reinterpret_cast<const T*>(range.data()), static_cast<Size>(range.size() / sizeof(T)), Shape<1>{0}, comm);
  } else {
    const auto range = order::LocalOrder<Backend>::unique_across(values.data(), count, *comm);
    return rebalanced<T, 1, Backend>(range->data(), range->size(), Shape<1>{0}, comm);
  }
}

}  // namespace priel
