// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions of square matrices, which every rank has whole, and of batches of them, S<k> -> S<k>: their node.
#pragma once

#include <priel/algorithms/detail/linear.hpp>
#include <priel/algorithms/detail/on_cpu.hpp>
#include <priel/algorithms/detail/product_node.hpp>
#include <priel/first_error.hpp>

namespace priel {

template <class Policy, class Write>
struct error_E05_a_matrix_is_needed_whole_on_its_rank {};

namespace detail {

// Whether the matrices in the last two axes are whole.
template <class P, int Rank>
inline constexpr bool whole_matrices = Rank >= 2 && !distributes<stored_policy<P>, Rank>(Rank - 1) && !distributes<stored_policy<P>, Rank>(Rank - 2);

template <class X>
concept Matrices = Expression<X> && rank_of<X> >= 2 && whole_matrices<policy_of<X>, rank_of<X>>;

template <class P, int Rank>
inline constexpr bool cuts_matrices = Rank >= 2 && !whole_matrices<P, Rank>;
template <int Rank>
using whole_policy = std::conditional_t<(Rank > 2), Split<0>, Replicated>;

// f(i) for every i; the first error is thrown by all ranks that share the work.
template <class Policy, class F>
void each_matrix(const Comm& comm, Size count, const F& f) {
  FirstError failed;
  failed.guard(0, [&] { for_each_matrix(count, [](const void* function, Size i) { (*static_cast<const F*>(function))(i); }, &f); });
  if constexpr (std::is_same_v<Policy, Replicated>) failed.rethrow();
  else agree(*comm, failed.error());
}
template <class Policy>
void plan_agreement(Plan& plan) {
  if constexpr (!std::is_same_v<Policy, Replicated>)
    plan.message(Collective::all_reduce, "agreement on errors", [](int) { return static_cast<Size>(sizeof(std::int32_t)); });
}

template <int Rank>
void refuse_oblong(const char* name, const Shape<Rank>& shape) {
  if (shape[Rank - 1] != shape[Rank - 2]) throw ShapeError(std::string(name) + ": " + to_string(shape) + " is not square");
}

// The elements in a type that linear algebra has, stored.
template <class E>
using MatricesOf = Array<floating_type<value_of<E>>, rank_of<E>, stored_policy<policy_of<E>>, backend_or_default<backend_of<E>>>;

// For Computed: Function of every matrix. It has `rank`, 0, 1 or 2: that of its result, whose extents are the matrix's; `result<T>`;
// and call(n, matrix, result).
template <class Function, class E>
struct OfMatrices {
  using T = floating_type<value_of<E>>;
  using value_type = typename Function::template result<T>;
  using policy_type = stored_policy<policy_of<E>>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = rank_of<E> - 2 + Function::rank;
  static constexpr Collectives collectives = std::is_same_v<policy_type, Replicated> ? Collectives{} : Collectives(Collective::all_reduce);

  Shape<rank> shape(const E& e) const {
    const auto from = e.shape();
    refuse_oblong(Function::name, from);
    Shape<rank> to;
    for (int a = 0; a < rank; ++a) to[a] = from[a];
    return to;
  }
  Array<value_type, rank, policy_type, backend_type> operator()(const E& e) const {
    Array<value_type, rank, policy_type, backend_type> result(shape(e), comm_or_world(e.comm()));
    const auto matrices = operand_part<T, policy_type, backend_type>(e, result.comm());
    const Size n = e.shape()[rank_of<E> - 1], size = Function::rank == 0 ? 1 : Function::rank == 1 ? n : n * n;
    const Size count = extents(Shape<rank_of<E>>(matrices.lshape()), 0, rank_of<E> - 2);
    const OnCpu<backend_type, T> from(matrices.local().data(), count * n * n);
    fill_on_cpu(result, [&](value_type* to) {
      each_matrix<policy_type>(result.comm(), count, [&](Size i) { Function::call(n, from.data() + i * n * n, to + i * size); });
    });
    return result;
  }
  void plan(Plan& plan, const E& e) const {
    plan_operand<T, policy_type>(e, plan);
    plan_agreement<policy_type>(plan);
  }
};

template <class Function, class X>
auto of_matrices(X&& x) {
  using E = settled_t<X>;
  return computed(OfMatrices<Function, E>{}, E(settled(std::forward<X>(x))));
}

}  // namespace detail
}  // namespace priel
