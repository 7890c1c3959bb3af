// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// qr and svd of matrices whose rows are whole: S<0> -> S<0> and R by tall-skinny QR, R -> R.
#pragma once

#include <priel/algorithms/detail/factors.hpp>
#include <priel/algorithms/detail/on_cpu.hpp>
#include <priel/algorithms/matmul.hpp>

namespace priel {

template <class Policy, class Write>
struct error_E05_a_factorisation_needs_whole_rows_on_one_rank {};

// a = Q R.
template <class T, class Policy, class Backend>
struct QrResult {
  Array<T, 2, Policy, Backend> Q;       // (m, k), k = min(m, n): orthonormal columns
  Array<T, 2, Replicated, Backend> R;   // (k, n): upper triangular, its diagonal >= 0
};

// a = U diag(S) Vh.
template <class T, class Policy, class Backend>
struct SvdResult {
  Array<T, 2, Policy, Backend> U;        // (m, k), k = min(m, n): orthonormal columns
  Array<T, 1, Replicated, Backend> S;    // (k,): falling
  Array<T, 2, Replicated, Backend> Vh;   // (k, n): orthonormal rows, in each of which the largest element is positive
};

namespace detail {

template <class P>
inline constexpr bool has_whole_rows = only_split_axis<stored_policy<P>, 2>() == -1 || only_split_axis<stored_policy<P>, 2>() == 0;

// The factors of this rank's rows: q (rows, k) and r (k, n) of the whole matrix, in CPU memory.
template <class T>
struct LocalFactors {
  Size rows, k, n;
  std::vector<T> q, r;
};

template <class T>
std::vector<T> plane(Size rows, Size columns) { return std::vector<T>(static_cast<std::size_t>(rows * columns)); }

// Each rank factors its rows; the triangles are gathered and factored again, by every rank alike (Demmel, Grigori, Hoemmen, Langou,
// Communication-optimal parallel and sequential QR and LU factorizations, 2012, section 4).
template <class Backend, class A>
LocalFactors<value_of<A>> tall_factors(const A& a) {
  using T = value_of<A>;
  const Size rows = a.lshape()[0], n = a.shape()[1], own = std::min(rows, n);
  const OnCpu<Backend, T> shard(a.local().data(), rows * n);
  LocalFactors<T> local{rows, own, n, plane<T>(rows, own), plane<T>(own, n)};
  qr_factors(rows, n, shard.data(), local.q.data(), local.r.data());
  if constexpr (std::is_same_v<policy_of<A>, Replicated>) return local;
  else {
    const Communicator& comm = *a.comm();
    if (comm.size() == 1) return local;
    std::vector<Size> bytes;
    Size height = 0, before = 0;
    for (int r = 0; r < comm.size(); ++r) {
      const Size triangle = std::min(policy_of<A>::part(a.shape(), comm.size(), r).extent[0], n);
      bytes.push_back(triangle * n * static_cast<Size>(sizeof(T)));
      if (r < comm.rank()) before += triangle;
      height += triangle;
    }
    auto stacked = plane<T>(height, n);
    comm.all_gather(local.r.data(), stacked.data(), bytes);
    const Size k = std::min(height, n);
    LocalFactors<T> all{rows, k, n, plane<T>(rows, k), plane<T>(k, n)};
    auto second = plane<T>(height, k);
    qr_factors(height, n, stacked.data(), second.data(), all.r.data());
    multiply(rows, k, own, {local.q.data(), own, 1}, {second.data() + before * k, k, 1}, all.q.data(), k, false);
    return all;
  }
}

// a's elements in a type that has factors.
template <class X>
auto factorable(X&& x) {
  using E = settled_t<X>;
  using B = backend_or_default<backend_of<E>>;
  return Array<floating_type<value_of<E>>, 2, stored_policy<policy_of<E>>, B>(settled(std::forward<X>(x)));
}

}  // namespace detail

// Q (m, k) and R (k, n) with a = Q R, k = min(m, n), NumPy's "reduced"; R's diagonal is >= 0, so that full-rank factors do not depend
// on the ranks but by rounding. Integers in double. R: both R, nothing is sent. S<0>, any number of rows a rank: Q is S<0>, R is
// R; each rank sends a triangle of at most n x n to every other (Allgather). Runs when called.
template <Expression X>
  requires(rank_of<X> == 2 && detail::has_whole_rows<policy_of<X>> && kind_of<value_of<X>> != Kind::complex)
auto qr(X&& x) {
  const auto a = detail::factorable(std::forward<X>(x));
  using A = std::remove_cvref_t<decltype(a)>;
  using T = value_of<A>;
  const auto factors = detail::tall_factors<backend_of<A>>(a);
  return QrResult<T, policy_of<A>, backend_of<A>>{
      detail::array_from_host<Array<T, 2, policy_of<A>, backend_of<A>>>(Shape<2>{a.shape()[0], factors.k}, a.comm(), factors.q),
      detail::array_from_host<Array<T, 2, Replicated, backend_of<A>>>(Shape<2>{factors.k, factors.n}, a.comm(), factors.r)};
}
template <class P, class A>
  requires(!detail::has_whole_rows<P>)
error_E05_a_factorisation_needs_whole_rows_on_one_rank<P, write_redistribute_to<Split<0>>> qr(const operand_tag<P, 2, A>&) = delete;

// U (m, k), S (k,) and Vh (k, n) with a = U diag(S) Vh, k = min(m, n), NumPy's with full_matrices=False, by qr and the singular values of R
// on every rank alike. Policies and messages as qr's. All NaN if an element is not finite.
template <Expression X>
  requires(rank_of<X> == 2 && detail::has_whole_rows<policy_of<X>> && kind_of<value_of<X>> != Kind::complex)
auto svd(X&& x) {
  const auto a = detail::factorable(std::forward<X>(x));
  using A = std::remove_cvref_t<decltype(a)>;
  using T = value_of<A>;
  const auto [rows, k, n, q, r] = detail::tall_factors<backend_of<A>>(a);
  auto rotation = detail::plane<T>(k, k), vh = detail::plane<T>(k, n), u = detail::plane<T>(rows, k), s = detail::plane<T>(k, 1);
  detail::svd_factors(k, n, r.data(), rotation.data(), s.data(), vh.data());
  detail::multiply(rows, k, k, {q.data(), k, 1}, {rotation.data(), k, 1}, u.data(), k, false);
  return SvdResult<T, policy_of<A>, backend_of<A>>{
      detail::array_from_host<Array<T, 2, policy_of<A>, backend_of<A>>>(Shape<2>{a.shape()[0], k}, a.comm(), u),
      detail::array_from_host<Array<T, 1, Replicated, backend_of<A>>>(Shape<1>{k}, a.comm(), s),
      detail::array_from_host<Array<T, 2, Replicated, backend_of<A>>>(Shape<2>{k, n}, a.comm(), vh)};
}
template <class P, class A>
  requires(!detail::has_whole_rows<P>)
error_E05_a_factorisation_needs_whole_rows_on_one_rank<P, write_redistribute_to<Split<0>>> svd(const operand_tag<P, 2, A>&) = delete;

}  // namespace priel
