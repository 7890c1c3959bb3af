// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// unique(x): the different elements, sorted, with their places and numbers; R -> R, S<k> -> S<0> rebalanced.
#pragma once

#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/diff.hpp>
#include <priel/algorithms/order.hpp>
#include <priel/algorithms/scan.hpp>
#include <priel/algorithms/select.hpp>
#include <priel/algorithms/sort.hpp>
#include <priel/algorithms/take.hpp>

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

// What unique is to return beside the values.
struct ReturnIndex {};
struct ReturnInverse {};
struct ReturnCounts {};
inline constexpr ReturnIndex return_index{};
inline constexpr ReturnInverse return_inverse{};
inline constexpr ReturnCounts return_counts{};

namespace detail {

template <class W, class... Tags>
inline constexpr bool is_wanted = (std::is_same_v<W, Tags> || ...);

// A tuple with the value of f, or an empty one.
template <bool Wanted, class F>
auto if_wanted(F&& f) {
  if constexpr (Wanted) return std::tuple(f());
  else return std::tuple<>();
}

}  // namespace detail

// The tuple of them and what is named, in NumPy's order, int64: where in C order each stands first (return_index), which of them each
// element of x is, in x's shape (return_inverse), and how often each occurs (return_counts): auto [values, counts] = unique(x,
// return_counts). R and G: replicated, nothing is sent; S<0>: S<0>, sends what argsort and a few take do; other splits have no C order
// (E03). Runs when called.
template <Expression X, class... Tags>
  requires(Ordered<value_of<X>> && rank_of<X> > 0 && sizeof...(Tags) > 0 &&
           (detail::is_wanted<Tags, ReturnIndex, ReturnInverse, ReturnCounts> && ...) && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto unique(X&& x, Tags...) {
  const auto shape = x.shape();
  const Size n = shape.size();
  const auto flat = eval(ravel(std::forward<X>(x)));
  const auto order = eval(argsort(flat));
  const auto sorted = eval(take<0>(flat, order));
  const auto later = eval(sorted(from<1>)), earlier = eval(sorted(until<-1>));
  const auto differ = (later != earlier) & ((later == later) | (earlier == earlier));   // NaN is one value
  const auto begins = eval(concatenate(axis<0>, full<bool>({std::min<Size>(n, 1)}, true), differ));
  using namespace detail;
  auto index = if_wanted<is_wanted<ReturnIndex, Tags...>>([&] { return select(order, begins); });
  auto inverse = if_wanted<is_wanted<ReturnInverse, Tags...>>([&] { return eval(reshape(take<0>(cumsum(begins, axis<0>) - 1, argsort(order)), shape)); });
  auto counts = if_wanted<is_wanted<ReturnCounts, Tags...>>([&] {
    const auto starts = eval(nonzero(begins)(all, 0));
    return eval(diff(concatenate(axis<0>, starts, full<Size>({1}, n)), axis<0>));
  });
  return std::tuple_cat(std::tuple(select(sorted, begins)), std::move(index), std::move(inverse), std::move(counts));
}
template <class P, int M, class B, class... Tags>
  requires(sizeof...(Tags) > 0 && (detail::is_wanted<Tags, ReturnIndex, ReturnInverse, ReturnCounts> && ...))
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> unique(const operand_tag<P, M, B>&, Tags...) = delete;

}  // namespace priel
