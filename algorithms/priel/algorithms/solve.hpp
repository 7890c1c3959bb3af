// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// linalg::solve: linear systems, R R -> R, batches S<k> S<k> -> S<k>, columns R S<k> -> S<k>.
#pragma once

#include <priel/algorithms/detail/matrices.hpp>

namespace priel {

namespace detail {

// a x = b as a product: the labels of a's inverse times b.
template <int M, int N>
using SolutionAxes = ProductAxes<M - 2, (N == M - 1 ? M - 2 : N - 2), 1, 1, (N == M - 1 ? 0 : 1)>;
template <int M, class P, int N, class Q>
inline constexpr bool solvable = M >= 2 && (N >= 2 || M == 2) && N >= M - 1 && whole_matrices<P, M> &&
                                 !distributes<stored_policy<Q>, N>(SolutionAxes<M, N>::right_batch) &&
                                 SolutionAxes<M, N>::template rule<P, Q>::ok;

// For Computed: the solutions of linear systems.
template <class L, class R>
struct SolutionOf {
  using Axes = SolutionAxes<rank_of<L>, rank_of<R>>;
  using rule = typename Axes::template rule<policy_of<L>, policy_of<R>>;
  using value_type = promote<floating_type<value_of<L>>, floating_type<value_of<R>>>;
  using policy_type = typename rule::policy;
  using backend_type = backend_or_default<typename joined_backend<backend_of<L>, backend_of<R>>::type>;
  static constexpr int rank = Axes::rank;
  static constexpr Collectives collectives = std::is_same_v<policy_type, Replicated> ? Collectives{} : Collectives(Collective::all_reduce);

  Shape<rank> shape(const L& l, const R& r) const {
    refuse_oblong("linalg::solve", l.shape());
    return ProductOf<Axes, L, R>{"linalg::solve"}.shape(l, r);
  }
  Array<value_type, rank, policy_type, backend_type> operator()(const L& l, const R& r) const {
    using T = value_type;
    Array<T, rank, policy_type, backend_type> result(shape(l, r), comm_or_world(joined_comm(l.comm(), r.comm())));
    const auto a = operand_part<T, typename rule::left_part, backend_type>(l, result.comm());
    const auto b = operand_part<T, typename rule::right_part, backend_type>(r, result.comm());
    const Shape<rank> out = result.lshape();
    const Size n = l.shape()[rank_of<L> - 1], columns = extents(out, Axes::batch + 1, Axes::columns), count = extents(out, 0, Axes::batch);
    const Size systems = std::max<Size>(a.lshape().size() / std::max<Size>(n * n, 1), 1);   // one for all, or one each
    const OnCpu<backend_type, T> matrices(a.local().data(), a.lshape().size()), right(b.local().data(), b.lshape().size());
    const Size given = std::max<Size>(b.lshape().size() / std::max<Size>(n * columns, 1), 1);
    fill_on_cpu(result, [&](T* to) {
      each_matrix<policy_type>(result.comm(), count, [&](Size i) {
        T* const x = to + i * n * columns;
        std::copy_n(right.data() + i % given * n * columns, n * columns, x);
        solve_matrix("linalg::solve", n, columns, matrices.data() + i % systems * n * n, x);
      });
    });
    return result;
  }
  void plan(Plan& plan, const L& l, const R& r) const {
    plan_operand<value_type, typename rule::left_part>(l, plan);
    plan_operand<value_type, typename rule::right_part>(r, plan);
    plan_agreement<policy_type>(plan);
  }
};

}  // namespace detail

namespace linalg {

// x with a x = b: a (..., n, n), b (..., n, m), or vectors b (..., n) if it has one axis less than a; one of them may have no batch. R R -> R,
// batches S<k> S<k>, S<k> R, R S<k> -> S<k>, columns R S<k> -> S<k>. InputError if a matrix is singular.
template <Expression A, Expression B>
  requires(detail::solvable<rank_of<A>, policy_of<A>, rank_of<B>, policy_of<B>> && detail::joined_backend<backend_of<A>, backend_of<B>>::ok)
auto solve(A&& a, B&& b) {
  using L = detail::settled_t<A>;
  using R = detail::settled_t<B>;
  return Computed<detail::SolutionOf<L, R>, L, R>({}, detail::settled(std::forward<A>(a)), detail::settled(std::forward<B>(b)));
}
template <class P, int M, class A, class Q, int N, class B>
  requires(!detail::solvable<M, P, N, Q>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<Replicated>> solve(const operand_tag<P, M, A>&, const operand_tag<Q, N, B>&) = delete;

}  // namespace linalg
}  // namespace priel
