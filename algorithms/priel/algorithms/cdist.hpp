// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// cdist: distances of all pairs of samples by the rule of contractions; cdist_ring: S<0> S<0> -> S<0>, blocks pass round.
#pragma once

#include <priel/algorithms/detail/pairs.hpp>
#include <priel/algorithms/ring.hpp>

namespace priel {

template <class Left, class Right, class Metric, class Write>
struct error_E05_the_metric_does_not_add_up_over_split_features {};
struct write_redistribute_both_so_that_features_are_whole {};

namespace detail {

template <class P, class Q>
using CdistRule = ContractionRule<Labels<'i', 'f'>, P, Labels<'j', 'f'>, Q, Labels<'i', 'j'>>;

template <class Rule>
constexpr bool features_are_split() {
  if constexpr (Rule::ok) return is_partial<typename Rule::policy>::value;
  else return false;
}

// Over split features the metric must be a sum, or a function of one.
template <class M>
constexpr bool adds_up() {
  if constexpr (SumsFeatures<M>) return M::additive || std::is_same_v<M, metric::Euclidean> || std::is_same_v<M, metric::Rbf>;
  else return false;
}
template <class Rule, class M>
inline constexpr bool measurable = !features_are_split<Rule>() || adds_up<M>();

template <class X, class Y>
using Distance = floating_type<promote<value_of<X>, value_of<Y>>>;

template <class M, class P, class A, class Q, class B>
struct cdist_refusal {
  using Rule = CdistRule<P, Q>;
  static constexpr bool refused = !Rule::ok || !joined_backend<A, B>::ok || !measurable<Rule, M>;
  using sentence = typename std::conditional_t<Rule::ok && joined_backend<A, B>::ok && !measurable<Rule, M>,
      std::type_identity<error_E05_the_metric_does_not_add_up_over_split_features<P, Q, M, write_redistribute_both_so_that_features_are_whole>>,
      std::type_identity<typename contraction_refusal<Rule, P, A, Q, B, or_write_cdist_ring_of_both>::sentence>>::type;
};

template <int Rank>
void check_features(const char* name, const Shape<Rank>& x, const Shape<Rank>& y) {
  if (x[1] != y[1])
    throw ShapeError(std::string(name) + ": samples of " + to_string(x) + " and " + to_string(y) + " have different numbers of features");
}

// For Computed and ComputedSum.
template <class M, class X, class Y>
struct PairDistances {
  M metric;

  using rule = CdistRule<policy_of<X>, policy_of<Y>>;
  using value_type = Distance<X, Y>;
  using policy_type = typename rule::policy;
  using backend_type = backend_or_default<typename joined_backend<backend_of<X>, backend_of<Y>>::type>;
  static constexpr int rank = 2;
  static constexpr Collectives collectives{};

  Shape<2> shape(const X& x, const Y& y) const {
    check_features("cdist", x.shape(), y.shape());
    return {x.shape()[0], y.shape()[0]};
  }
  Array<value_type, 2, policy_type, backend_type> operator()(const X& x, const Y& y) const {
    Array<value_type, 2, policy_type, backend_type> result(shape(x, y), comm_or_world(joined_comm(x.comm(), y.comm())));
    compute(result.comm(), x, y, result.local_mut().data());
    return result;
  }
  SharedBuffer<accumulate_type<value_type>, backend_type> summands(const Comm& comm, const X& x, const Y& y) const {
    auto values = make_buffer<value_type, backend_type>(shape(x, y).size());
    compute(comm, x, y, values->data());
    return widened<backend_type>(values);
  }
  void plan(Plan& plan, const X& x, const Y& y) const {
    plan_operand<value_type, typename rule::left_part>(x, plan);
    plan_operand<value_type, typename rule::right_part>(y, plan);
    Size elements = shape(x, y).size();
    if constexpr (!is_partial<policy_type>::value) elements = largest_part<policy_type>(shape(x, y), plan.ranks());
    plan.loop("cdist", elements, [&] { plan.fused("distance"); });
  }

 private:
  void compute(const Comm& comm, const X& x, const Y& y, value_type* out) const {
    const auto a = operand_part<value_type, typename rule::left_part, backend_type>(x, comm);
    const auto b = operand_part<value_type, typename rule::right_part, backend_type>(y, comm);
    const Size n = a.lshape()[0], m = b.lshape()[0];
    measure_pairs<backend_type, M, value_type>({n, m, a.lshape()[1], a.local().data(), b.local().data(), out, m, metric});
  }
};

// For Computed: each rank's samples to one block of the others after another.
template <class M, class X, class Y>
struct RingDistances {
  M metric;

  using value_type = Distance<X, Y>;
  using policy_type = policy_of<X>;
  using backend_type = backend_or_default<typename joined_backend<backend_of<X>, backend_of<Y>>::type>;
  static constexpr int rank = 2;
  static constexpr Collectives collectives = Collective::exchange;

  Shape<2> shape(const X& x, const Y& y) const {
    check_features("cdist_ring", x.shape(), y.shape());
    return {x.shape()[0], y.shape()[0]};
  }
  Array<value_type, 2, policy_type, backend_type> operator()(const X& x, const Y& y) const {
    Array<value_type, 2, policy_type, backend_type> result(shape(x, y), comm_or_world(joined_comm(x.comm(), y.comm())));
    const Comm& comm = result.comm();
    const auto a = operand_part<value_type, policy_of<X>, backend_type>(x, comm);
    const auto b = operand_part<value_type, policy_of<Y>, backend_type>(y, comm);
    const auto lease = result.local_mut();
    const auto part = [&](int q) { return policy_of<Y>::part(b.shape(), comm->size(), q); };
    const OnCpu<backend_type, value_type> mine(b.local().data(), b.lshape().size());
    pass_round(*comm, mine.data(), [&](int q) { return part(q).size(); }, [&](int q, const value_type* block) {
      const OnBackend<backend_type, value_type> here(block, part(q).size());
      measure_pairs<backend_type, M, value_type>({a.lshape()[0], part(q).extent[0], a.lshape()[1], a.local().data(), here.data(),
                                                  lease.data() + part(q).lower[0], b.shape()[0], metric});
    });
    return result;
  }
  void plan(Plan& plan, const X& x, const Y& y) const {
    plan_operand<value_type, policy_of<X>>(x, plan);
    plan_operand<value_type, policy_of<Y>>(y, plan);
    plan_round(plan, to_string(y.shape()), static_cast<Size>(sizeof(value_type)),
               [&](int q) { return policy_of<Y>::part(y.shape(), plan.ranks(), q).size(); });
    plan.loop("cdist_ring", largest_part<policy_type>(shape(x, y), plan.ranks()), [&] { plan.fused("distance"); });
  }
};

}  // namespace detail

// The return type of a deleted overload. Some compilers print this name, others what it stands for: both say it.
template <class M, class P, class A, class Q, class B>
  requires(detail::cdist_refusal<M, P, A, Q, B>::refused)
using error_E05_operands_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_cdist_ring_of_both__or_the_metric_does_not_add_up_over_split_features =
    typename detail::cdist_refusal<M, P, A, Q, B>::sentence;

// Distances of the samples (rows) of x (n, d) to those of y (m, d): (n, m). Integers in double; differences are added feature by feature
// in the element type, so d(x, y) = d(y, x) bit for bit and duplicates are exactly 0. Metrics: metric::euclidean (default),
// squared_euclidean, manhattan, chebyshev, cosine, rbf(sigma), a struct like these, or any callable of two samples that returns a number:
//   cdist(x, y, [](auto a, auto b) { double most = 0; for (Size f = 0; f < a.size(); ++f) most = std::max(most, a[f] * b[f]); return most; })
// R R -> R, S<0> R -> S<0>, R S<0> -> S<1>: nothing is sent. Features split, S<1> S<1>, S<1> R, R S<1>: squared_euclidean and manhattan are
// pending sums, euclidean and rbf functions of one that is finished (R). Beside the result a rank holds its parts only. Throws ShapeError if the numbers of features differ.
template <Expression X, Expression Y, class M = metric::Euclidean>
  requires(rank_of<X> == 2 && rank_of<Y> == 2 && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex &&
           Contractible<detail::CdistRule<policy_of<X>, policy_of<Y>>, X, Y> && PairMetric<M, detail::Distance<X, Y>> &&
           detail::measurable<detail::CdistRule<policy_of<X>, policy_of<Y>>, M>)
auto cdist(X&& x, Y&& y, M metric = {}) {
  using Left = detail::settled_t<X>;
  using Right = detail::settled_t<Y>;
  constexpr bool summed = detail::features_are_split<detail::CdistRule<policy_of<Left>, policy_of<Right>>>();
  if constexpr (summed && std::is_same_v<M, metric::Euclidean>) return sqrt(cdist(std::forward<X>(x), std::forward<Y>(y), metric::squared_euclidean));
  else if constexpr (summed && std::is_same_v<M, metric::Rbf>)
    return exp(cdist(std::forward<X>(x), std::forward<Y>(y), metric::squared_euclidean) * static_cast<detail::Distance<X, Y>>(-metric.decay()));
  else {
    using Function = detail::PairDistances<M, Left, Right>;
    using Node = std::conditional_t<summed, ComputedSum<Function, Left, Right>, Computed<Function, Left, Right>>;
    return Node(Function{std::move(metric)}, detail::settled(std::forward<X>(x)), detail::settled(std::forward<Y>(y)));
  }
}
template <class P, class A, class Q, class B, class M = metric::Euclidean>
error_E05_operands_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_cdist_ring_of_both__or_the_metric_does_not_add_up_over_split_features<M, P, A, Q, B> cdist(const operand_tag<P, 2, A>&, const operand_tag<Q, 2, B>&, M = {}) = delete;

// cdist of samples that are split both in x and y (where cdist is error E05): S<0> S<0> -> S<0>. Blocks of y go round; a rank holds its
// parts, the result's and two blocks. Each sends p - 1 blocks (Exchange). The same distances, bit for bit, as cdist's of
// gathered samples. Throws ShapeError if the numbers of features differ.
template <Expression X, Expression Y, class M = metric::Euclidean>
  requires(rank_of<X> == 2 && rank_of<Y> == 2 && PairMetric<M, detail::Distance<X, Y>> && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex &&
           detail::only_split_axis<detail::stored_policy<policy_of<X>>, 2>() == 0 &&
           detail::only_split_axis<detail::stored_policy<policy_of<Y>>, 2>() == 0 && detail::joined_backend<backend_of<X>, backend_of<Y>>::ok)
auto cdist_ring(X&& x, Y&& y, M metric = {}) {
  using Left = detail::settled_t<X>;
  using Right = detail::settled_t<Y>;
  return Computed<detail::RingDistances<M, Left, Right>, Left, Right>({std::move(metric)}, detail::settled(std::forward<X>(x)), detail::settled(std::forward<Y>(y)));
}

}  // namespace priel
