// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// outer and trace: R -> R; outer S<0> R -> S<0>, R S<0> -> S<1>; trace of a split matrix -> a pending sum.
#pragma once

#include <priel/algorithms/contraction.hpp>
#include <priel/computed_sum.hpp>
#include <priel/slice.hpp>

namespace priel {

namespace detail {

template <class P, class Q>
using OuterRule = ContractionRule<Labels<'i'>, P, Labels<'j'>, Q, Labels<'i', 'j'>>;

// For Computed and ComputedSum: the sum over the diagonal of a matrix, of which a rank adds up what it holds.
template <class E>
struct TraceOf {
  using value_type = sum_type<value_of<E>>;
  using policy_type = Replicated;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = 0;
  static constexpr Collectives collectives{};

  Shape<0> shape(const E&) const { return {}; }
  Array<value_type, 0, Replicated, backend_type> operator()(const E& e) const {
    const Comm comm = comm_or_world(e.comm());
    const std::vector<accumulate_type<value_type>> sum{local(*comm, e)};
    return array_from_host<Array<value_type, 0, Replicated, backend_type>>(Shape<0>{}, comm, sum);
  }
  SharedBuffer<accumulate_type<value_type>, backend_type> summands(const Comm& comm, const E& e) const {
    auto sum = make_buffer<accumulate_type<value_type>, backend_type>(1);
    const auto value = local(*comm, e);
    backend_type::upload(sum->data(), &value, static_cast<Size>(sizeof value));
    return sum;
  }
  void plan(Plan& plan, const E& e) const {
    plan.loop("trace", std::min(e.shape()[0], e.shape()[1]), [&] { plan_statement(e, plan); });
  }

 private:
  accumulate_type<value_type> local(const Communicator& comm, const E& e) const {
    prepare_statement(e);
    const auto box = held_box(e, comm.size(), comm.rank());
    const Size first = std::max(box.lower[0], box.lower[1]);
    const Size last = std::min(box.lower[0] + box.extent[0], box.lower[1] + box.extent[1]), count = std::max<Size>(last - first, 0);
    Frame<1, 2> diagonal{Shape<1>{count}, {{first, first}}, {{1, 1}}, {0, 0}};
    Buffer<value_of<E>, backend_type> values(count);
    Scope scope;
    if (count > 0) backend_type::fill(e.lower(diagonal, scope), diagonal.extent, values.data());
    const Bytes memory(count * static_cast<Size>(sizeof(value_of<E>)));
    backend_type::download(memory.data.get(), values.data(), count * static_cast<Size>(sizeof(value_of<E>)));
    accumulate_type<value_type> sum{};
    for (Size i = 0; i < count; ++i) sum += static_cast<accumulate_type<value_type>>(reinterpret_cast<const value_of<E>*>(memory.data.get())[i]);
    return sum;
  }
};

}  // namespace detail

// x_i y_j, lazily: (m,), (n,) -> (m, n). R R -> R, S<0> R -> S<0>, R S<0> -> S<1>; nothing is sent.
template <Expression X, Expression Y>
  requires(rank_of<X> == 1 && rank_of<Y> == 1 && Contractible<detail::OuterRule<policy_of<X>, policy_of<Y>>, X, Y>)
auto outer(X&& x, Y&& y) {
  return slice(detail::settled(std::forward<X>(x)), all, newaxis) * slice(detail::settled(std::forward<Y>(y)), newaxis, all);
}
template <class P, class A, class Q, class B>
error_E05_operands_of_a_contraction_are_split_on_different_labels__write_redistribute_right_operand_to_replicated__or_the_ring_of_both<detail::OuterRule<P, Q>, P, A, Q, B, or_of_the_left_one> outer(const operand_tag<P, 1, A>&, const operand_tag<Q, 1, B>&) = delete;

// The sum of x_ii of a matrix; integers 64-bit, floats accumulated in double. R: R, nothing is sent; S<k>: a pending sum.
template <Expression X>
  requires(rank_of<X> == 2)
auto trace(X&& x) {
  using E = detail::settled_t<X>;
  using Function = detail::TraceOf<E>;
  if constexpr (detail::only_split_axis<policy_of<E>, 2>() == -1) return Computed<Function, E>(Function{}, detail::settled(std::forward<X>(x)));
  else return ComputedSum<Function, E>(Function{}, detail::settled(std::forward<X>(x)));
}

}  // namespace priel
