// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// diagonal, diag, tril, triu: diagonals and triangles of matrices; a diagonal across ranks is a range of the split axis.
#pragma once

#include <priel/algorithms/broadcasting.hpp>
#include <priel/algorithms/nonzero.hpp>
#include <priel/algorithms/pad.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/matrices.hpp>
#include <priel/operators.hpp>

namespace priel {

namespace detail {

// The policy when the last two axes have given way to one.
template <class P, int Rank>
constexpr auto diagonal_policy() {
  if constexpr (distributes<P, Rank>(Rank - 2)) return std::type_identity<typename propagate<RangeOfAxis<Rank - 2>, P>::type>{};
  else if constexpr (distributes<P, Rank>(Rank - 1))
    return std::type_identity<propagated<RemoveAxis<Rank - 2>, typename propagate<RangeOfAxis<Rank - 1>, P>::type>>{};
  else return std::type_identity<propagated<RemoveAxis<Rank - 2>, propagated<RemoveAxis<Rank - 1>, P>>>{};
}

// The order of axes that has A and B last.
template <int Rank>
constexpr std::array<int, Rank> with_last(int a, int b) {
  std::array<int, Rank> axes{};
  std::size_t next = 0;
  for (int c = 0; c < Rank; ++c)
    if (c != a && c != b) axes[next++] = c;
  axes[next++] = a;
  axes[next] = b;
  return axes;
}

// A number of a diagonal that can be computed with: outside of every matrix, as it was.
inline Size diagonal_number(Size k) {
  constexpr Size far = Size{1} << 62;
  return std::clamp(k, -far, far);
}

// Elements (.., r + i, c + i) of an expression.
template <class E>
auto last_diagonal(E e, Size number) {
  const Size k = diagonal_number(number);
  constexpr int rank = rank_of<E>;
  using Policy = typename decltype(diagonal_policy<policy_of<E>, rank>())::type;
  using Result = View<E, rank - 1, Policy>;
  const auto shape = e.shape();
  const Size row = k < 0 ? -k : 0, column = k > 0 ? k : 0;
  const Size count = std::max<Size>(0, std::min(shape[rank - 2] - row, shape[rank - 1] - column));
  typename Result::Axis axes[rank];
  for (int a = 0; a < rank - 2; ++a) axes[a] = {Selection{0, 1, shape[a]}, a};
  axes[rank - 2] = {Selection{count > 0 ? row : 0, 1, count}, rank - 2};
  axes[rank - 1] = {Selection{count > 0 ? column : 0, 1, count}, rank - 2};
  return Result(std::move(e), axes);
}

}  // namespace detail

// Elements (i, i + k) of axes A and B, the first two if none are named, along a new last axis: diagonal(x), diagonal(x, 1),
// diagonal(x, 0, axis<0, 2>). A view; if A or B is the split axis a range of it: a window, stored as a split of the last axis. Nothing
// is sent before it is stored.
template <Expression X, int A = 0, int B = 1>
  requires(rank_of<X> > 1)
auto diagonal(X&& x, Size k = 0, Axes<A, B> = {}) {
  constexpr int rank = rank_of<X>;
  static_assert(detail::NormalAxes<rank, A, B>::valid, "the axis does not exist: axis<a> needs -rank <= a < rank");
  constexpr auto order = detail::with_last<rank>(detail::counted_from_front(A, rank), detail::counted_from_front(B, rank));
  return detail::last_diagonal(detail::permuted<order>(detail::settled_t<X>(detail::settled(std::forward<X>(x)))), k);
}

// Of a vector the matrix with it on diagonal k: S<0> -> S<0>, and unless k is named nothing is sent. Of a matrix its diagonal.
template <Expression X>
  requires(rank_of<X> == 1 || rank_of<X> == 2)
auto diag(X&& x, Size k) {
  if constexpr (rank_of<X> == 2) return diagonal(std::forward<X>(x), k);
  else {
    const Size widths[1][2] = {{k < 0 ? -k : 0, k > 0 ? k : 0}}, n = x.shape()[0] + widths[0][0] + widths[0][1];
    return where(eye<bool>(n, n, k), expand_dims<1>(pad(std::forward<X>(x), widths)), value_of<X>{});
  }
}
template <Expression X>
  requires(rank_of<X> == 1 || rank_of<X> == 2)
auto diag(X&& x) {
  if constexpr (rank_of<X> == 2) return diagonal(std::forward<X>(x));
  else {
    const Size n = x.shape()[0];
    return where(eye<bool>(n), expand_dims<1>(std::forward<X>(x)), value_of<X>{});
  }
}
// The matrix with all elements, in C order, on diagonal k.
template <Expression X>
  requires(rank_of<X> > 0)
auto diagflat(X&& x, Size k = 0) { return diag(ravel(std::forward<X>(x)), k); }

namespace detail {

template <class X>
auto below(const X& x, Size k) {
  const auto shape = x.shape();
  return tri<bool>(shape[rank_of<X> > 1 ? rank_of<X> - 2 : 0], shape[rank_of<X> - 1], k);
}

}  // namespace detail

// Matrices of the last two axes with zeros above diagonal k, below it; a vector is every row. The policy stays, nothing is sent.
template <Expression X>
  requires(rank_of<X> > 0)
auto tril(X&& x, Size k = 0) {
  const auto kept = detail::below(x, k);
  return where(kept, std::forward<X>(x), value_of<X>{});
}
template <Expression X>
  requires(rank_of<X> > 0)
auto triu(X&& x, Size k = 0) {
  const auto lost = detail::below(x, detail::diagonal_number(k) - 1);
  return where(lost, value_of<X>{}, std::forward<X>(x));
}

// The indices of these triangles of an (n, m) matrix, as nonzero gives them: int64 (N, 2), replicated.
template <class Backend = default_backend>
auto tril_indices(Size n, Size k, Size m) { return nonzero(Array<bool, 2, Replicated, Backend>(tri<bool>(n, m, k))); }
template <class Backend = default_backend>
auto tril_indices(Size n, Size k = 0) { return tril_indices<Backend>(n, k, n); }
template <class Backend = default_backend>
auto triu_indices(Size n, Size k, Size m) { return nonzero(Array<bool, 2, Replicated, Backend>(!tri<bool>(n, m, detail::diagonal_number(k) - 1))); }
template <class Backend = default_backend>
auto triu_indices(Size n, Size k = 0) { return triu_indices<Backend>(n, k, n); }

}  // namespace priel
