// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// kron and vdot, lazily; linalg::matrix_power and multi_dot: products of several matrices.
#pragma once

#include <priel/algorithms/linalg.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/algorithms/repeat.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/create.hpp>

#include <vector>

namespace priel {

// The Kronecker product of two vectors or of two matrices: every element of a times all of b. Policies as those of a * b; a split operand's
// elements go where they are needed, each once.
template <Expression A, Expression B>
  requires(rank_of<A> == rank_of<B> && (rank_of<A> == 1 || rank_of<A> == 2))
auto kron(A&& a, B&& b) {
  const auto outer = a.shape();
  const auto inner = b.shape();
  if constexpr (rank_of<A> == 1) return repeat(std::forward<A>(a), inner[0], axis<0>) * tile(std::forward<B>(b), {outer[0]});
  else {
    auto blocks = repeat(repeat(std::forward<A>(a), inner[0], axis<0>), inner[1], axis<1>);
    return std::move(blocks) * tile(std::forward<B>(b), {outer[0], outer[1]});
  }
}

// The sum of the products of all elements, conjugates of a's where it is complex, in C order of each operand. Policies and messages as those of ravel and matmul.
template <Expression A, Expression B>
  requires(requires(A&& a, B&& b) { matmul(ravel(std::forward<A>(a)), ravel(std::forward<B>(b))); })
auto vdot(A&& a, B&& b) { return matmul(conj(ravel(std::forward<A>(a))), ravel(std::forward<B>(b))); }

namespace detail {

template <class T, int Rank>
struct UnitMatrices {
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const { return T(i[Rank - 1] == i[Rank - 2] ? 1 : 0); }
};

template <class First, class... Rest>
struct chain_element { using type = First; };
template <class First, class Second, class... Rest>
struct chain_element<First, Second, Rest...> : chain_element<promote<First, Second>, Rest...> {};

// The product of matrices first to last, multiplied where `cut` says.
template <class A>
A product_of_chain(const std::vector<A>& matrices, const std::vector<std::vector<Size>>& cut, Size first, Size last) {
  if (first == last) return matrices[static_cast<std::size_t>(first)];
  const Size middle = cut[static_cast<std::size_t>(first)][static_cast<std::size_t>(last)];
  return A(matmul(product_of_chain(matrices, cut, first, middle), product_of_chain(matrices, cut, middle + 1, last)));
}

// Where chains are to be cut so that the fewest multiplications are done (Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, chapter
// on dynamic programming); extents: of the matrices' rows, and the last one's columns.
inline std::vector<std::vector<Size>> cheapest_cuts(const std::vector<Size>& extents) {
  const std::size_t n = extents.size() - 1;
  std::vector<std::vector<Size>> cut(n, std::vector<Size>(n));
  std::vector<std::vector<double>> cost(n, std::vector<double>(n));
  for (std::size_t length = 2; length <= n; ++length)
    for (std::size_t i = 0; i + length <= n; ++i) {
      const std::size_t j = i + length - 1;
      for (std::size_t k = i; k < j; ++k) {
        const double product = static_cast<double>(extents[i]) * static_cast<double>(extents[k + 1]) * static_cast<double>(extents[j + 1]);
        const double total = cost[i][k] + cost[k + 1][j] + product;
        if (k > i && total >= cost[i][j]) continue;
        cost[i][j] = total;
        cut[i][j] = static_cast<Size>(k);
      }
    }
  return cut;
}

}  // namespace detail

namespace linalg {

// The matrix in the last two axes to a power, by squarings; the inverse first if the power is negative (InputError if singular, or of
// integers). The element type stays: integers wrap. Policies as inv's. Runs when called.
template <detail::Matrices X>
auto matrix_power(X&& x, Size power) {
  using E = detail::settled_t<X>;
  using A = Array<value_of<E>, rank_of<E>, detail::stored_policy<policy_of<E>>, detail::backend_or_default<backend_of<E>>>;
  A base(detail::settled(std::forward<X>(x)));
  detail::refuse_oblong("linalg::matrix_power", base.shape());
  if (power < 0) {
    if constexpr (kind_of<value_of<A>> <= Kind::integer)
      throw InputError("linalg::matrix_power: a negative power of integers; take astype<double>(x)");
    else base = inv(base);
  }
  std::uint64_t left = power < 0 ? 0 - static_cast<std::uint64_t>(power) : static_cast<std::uint64_t>(power);
  A result(base.shape(), base.comm());
  result = generate<value_of<A>>(base.shape(), detail::UnitMatrices<value_of<A>, A::rank>{});
  for (bool first = true; left > 0; left /= 2) {
    if (left % 2 == 1) result = first ? base : A(matmul(result, base));
    if (left % 2 == 1) first = false;
    if (left > 1) base = A(matmul(base, base));
  }
  return result;
}

// The product of several matrices, in the order of fewest multiplications. Replicated; runs when called. ShapeError if inner extents differ.
template <Expression First, Expression... Rest>
  requires(sizeof...(Rest) > 0 && rank_of<First> == 2 && std::is_same_v<detail::stored_policy<policy_of<First>>, Replicated> &&
           ((rank_of<Rest> == 2 && std::is_same_v<detail::stored_policy<policy_of<Rest>>, Replicated>) && ...))
auto multi_dot(const First& first, const Rest&... rest) {
  using T = typename detail::chain_element<value_of<First>, value_of<Rest>...>::type;
  using A = Array<T, 2, Replicated, detail::backend_or_default<backend_of<First>>>;
  const std::vector<A> matrices{A(first), A(rest)...};
  std::vector<Size> extents;
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    extents.push_back(matrices[i].shape()[0]);
    if (i > 0 && matrices[i - 1].shape()[1] != extents.back())
      detail::refuse_extents("linalg::multi_dot", matrices[i - 1].shape(), matrices[i].shape());
  }
  extents.push_back(matrices.back().shape()[1]);
  return detail::product_of_chain(matrices, detail::cheapest_cuts(extents), 0, static_cast<Size>(matrices.size()) - 1);
}

}  // namespace linalg
}  // namespace priel
