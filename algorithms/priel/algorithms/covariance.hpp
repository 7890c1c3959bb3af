// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// cov, corrcoef: rows are variables, columns observations; R and S<1> -> R by one message.
#pragma once

#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/matmul.hpp>

namespace priel {

// Of cov and corrcoef: whether rows are the variables (NumPy's default) or columns, `cov(x, rowvar<false>)`.
template <bool Rows>
struct RowVar {};
template <bool Rows>
inline constexpr RowVar<Rows> rowvar{};

namespace detail {

// Of observations of v variables: their number, v, the means, the sums of the products of deviations. A plain block, so that ranks' can be merged.
class CoMoments {
 public:
  explicit CoMoments(Size v) : state_(static_cast<std::size_t>(2 + v + v * v)) { state_[1] = static_cast<double>(v); }
  double* means() { return state_.data() + 2; }
  double* products() { return means() + static_cast<Size>(state_[1]); }
  double& count() { return state_[0]; }
  void reduce(const Communicator& comm) { comm.all_reduce(state_.data(), 1, static_cast<Size>(state_.size() * sizeof(double)), &merge); }
  // Into covariances, or correlations.
  void finish(double ddof, bool correlated);

 private:
  static void merge(void* into, const void* from, Size count);
  std::vector<double> state_;
};

template <class E, bool Correlated>
struct Covariance {
  using value_type = double;
  using policy_type = Replicated;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = 2;
  static constexpr bool across = distributes<policy_of<E>, 2>(1);
  static constexpr Collectives collectives = across ? Collectives(Collective::all_reduce) : Collectives{};
  int ddof;

  Shape<2> shape(const E& e) const { return {e.shape()[0], e.shape()[0]}; }
  Array<double, 2, Replicated, backend_type> operator()(const E& e) const {
    using Local = Array<double, 2, Replicated, backend_type>;
    const Comm comm = comm_or_world(e.comm());
    prepare_statement(e);
    const auto part = held_box(e, comm->size(), comm->rank());
    const Size v = part.extent[0], n = part.extent[1];
    CoMoments moments(v);
    if (part.size() > 0) {
      Local mine(Shape<2>{v, n}, self());
      {
        const auto lease = mine.local_mut();
        evaluate<backend_type>(e, part, lease.data());
      }
      const auto means = eval(mean(mine, axis<1>, keepdims));
      const auto deviations = eval(mine - means);
      const auto products = eval(matmul(deviations, transpose(deviations)));
      moments.count() = static_cast<double>(n);
      backend_type::download(moments.means(), means.local().data(), v * static_cast<Size>(sizeof(double)));
      backend_type::download(moments.products(), products.local().data(), v * v * static_cast<Size>(sizeof(double)));
    }
    if constexpr (across) moments.reduce(*comm);
    moments.finish(ddof, Correlated);
    Local result(Shape<2>{v, v}, comm);
    {
      const auto lease = result.local_mut();
      backend_type::upload(lease.data(), moments.products(), v * v * static_cast<Size>(sizeof(double)));
    }
    return result;
  }
  void plan(Plan& plan, const E& e) const {
    const auto shape = e.shape();
    plan.loop("covariance", held_box(e, plan.ranks(), 0).size(), [&] { plan_statement(e, plan); });
    if constexpr (across)
      plan.message(Collective::all_reduce, "covariance",
                   [&](int) { return (2 + shape[0] + shape[0] * shape[0]) * static_cast<Size>(sizeof(double)); });
  }
};

template <bool Correlated, class X>
auto covariance(X&& x, int ddof) {
  using E = settled_t<X>;
  constexpr bool variables_split = distributes<policy_of<E>, 2>(0);
  if constexpr (variables_split)
    static_assert(!variables_split,
                  "error E17: the variables are split over the ranks: write redistribute(x, split<1>) for rows, split<0> for columns");
  else return computed(Covariance<E, Correlated>{ddof}, E(settled(std::forward<X>(x))));
}

}  // namespace detail

// The covariances of the rows of x (columns with rowvar<false>), which are variables, over its columns, the observations: double (v, v),
// divided by n - D. Of a single variable, x of rank 1, its variance. Real elements, split along the observations or not at all -> R;
// deviations are from each rank's own means, and the ranks' shares are merged (Chan, Golub, LeVeque 1983) by one Allreduce.
template <Expression X, int D = 1>
  requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
auto cov(X&& x, Ddof<D> = ddof<1>) { return detail::covariance<false>(std::forward<X>(x), D); }
template <Expression X, bool Rows, int D = 1>
  requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
auto cov(X&& x, RowVar<Rows>, Ddof<D> = ddof<1>) {
  if constexpr (Rows) return detail::covariance<false>(std::forward<X>(x), D);
  else return detail::covariance<false>(transpose(std::forward<X>(x)), D);
}
template <Expression X, int D = 1>
  requires(rank_of<X> == 1 && kind_of<value_of<X>> != Kind::complex)
auto cov(X&& x, Ddof<D> d = ddof<1>) { return var(astype<double>(std::forward<X>(x)), d); }
// Of two variables, or of the rows of both.
template <Expression X, Expression Y, int D = 1>
  requires(rank_of<X> == rank_of<Y> && rank_of<X> > 0 && rank_of<X> <= 2)
auto cov(X&& x, Y&& y, Ddof<D> = ddof<1>) { return detail::covariance<false>(vstack(std::forward<X>(x), std::forward<Y>(y)), D); }

// The correlations, covariances over the roots of both variances, limited to [-1, 1]. Policies and messages as those of cov.
template <Expression X>
  requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
auto corrcoef(X&& x) { return detail::covariance<true>(std::forward<X>(x), 1); }
template <Expression X, bool Rows>
  requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
auto corrcoef(X&& x, RowVar<Rows>) {
  if constexpr (Rows) return detail::covariance<true>(std::forward<X>(x), 1);
  else return detail::covariance<true>(transpose(std::forward<X>(x)), 1);
}
template <Expression X, Expression Y>
  requires(rank_of<X> == rank_of<Y> && rank_of<X> > 0 && rank_of<X> <= 2)
auto corrcoef(X&& x, Y&& y) { return detail::covariance<true>(vstack(std::forward<X>(x), std::forward<Y>(y)), 1); }

}  // namespace priel
