// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Broadcasting: extents compared from the right, as NumPy does, and the joint rank, policy and backend of operands.
#pragma once

#include <priel/finish.hpp>

#include <string>

namespace priel {

namespace detail {

// Throw ShapeError; compiled once.
[[noreturn]] void extents_differ(const Size* result, int rank, const Size* operand, int operand_rank, int axis);
[[noreturn]] void stretched_on_the_split_axis(const Size* operand, int rank, int axis);

template <int N, int M>
[[gnu::always_inline]] inline void broadcast_into(Shape<N>& result, const Shape<M>& operand) {
  for (int a = 0; a < M; ++a) {
    Size& extent = result[a + N - M];
    if (extent == operand[a] || operand[a] == 1) continue;
    if (extent != 1) extents_differ(result.begin(), N, operand.begin(), M, a);
    extent = operand[a];
  }
}

// An operand that is split along an axis cannot be stretched along it: its one element lives on one rank.
template <class Kid, int N>
void check_stretch(const Kid& kid, const Shape<N>& result) {
  const auto shape = kid.shape();
  for (int a = 0; a < Kid::rank; ++a)
    if (shape[a] == 1 && result[a + N - Kid::rank] != 1 && distributes<policy_of<Kid>, Kid::rank>(a))
      stretched_on_the_split_axis(shape.begin(), Kid::rank, a);
}

// Rank, backend and policy of a point-wise combination.
template <class... Kids>
inline constexpr int joined_rank = [] {
  int rank = 0;
  ((rank = Kids::rank > rank ? Kids::rank : rank), ...);
  return rank;
}();

template <class... Backends>
struct fold_backend { using type = void; };
template <class First, class... Rest>
struct fold_backend<First, Rest...> { using type = typename joined_backend<First, typename fold_backend<Rest...>::type>::type; };
template <class... Kids>
using joined_backend_of = typename fold_backend<backend_of<Kids>...>::type;

template <class... Kids>
struct joined_policy;
template <class Kid>
struct joined_policy<Kid> { using type = policy_of<Kid>; };
template <class First, class... Rest>
struct joined_policy<First, Rest...> {
  using type = typename Joined<policy_of<First>, First::rank, typename joined_policy<Rest...>::type, joined_rank<Rest...>>::type;
};

}  // namespace detail

}  // namespace priel
