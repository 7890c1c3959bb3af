// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// select(x, mask), which is x(mask): the elements or rows where the mask is true, R -> R, S<0> -> S<0> rebalanced.
#pragma once

#include <priel/algorithms/nonzero.hpp>

namespace priel {

namespace detail {

// What x and a mask of its shape, or of its first axis, have in common.
template <class P, int Rank, class Q, int MaskRank>
struct Masked {
  static constexpr bool rows = MaskRank == 1 && Rank > 1;
  static constexpr auto joined() {
    using Left = stored_policy<P>;
    using Right = stored_policy<Q>;
    if constexpr (!rows) {
      if constexpr (MaskRank != Rank) return std::type_identity<void>{};
      else return std::type_identity<typename Joined<Left, Rank, Right, Rank>::type>{};
    } else if constexpr (std::is_same_v<Right, Replicated>) return std::type_identity<Left>{};
    else if constexpr (std::is_same_v<Right, Split<0>> && (std::is_same_v<Left, Replicated> || std::is_same_v<Left, Split<0>>))
      return std::type_identity<Split<0>>{};
    else return std::type_identity<void>{};
  }
  using policy = typename decltype(joined())::type;
  static constexpr bool together = !std::is_void_v<policy>;
  // Whole rows of a replicated mask keep their order on every rank; single elements do on axis 0 only.
  static constexpr bool ordered = std::is_same_v<policy, Replicated> || std::is_same_v<policy, Split<0>> ||
                                  (together && rows && std::is_same_v<stored_policy<Q>, Replicated>);
};

template <class X, class M>
using masked = Masked<policy_of<X>, rank_of<X>, policy_of<M>, rank_of<M>>;

// Operands that x(mask) is for.
template <class X, class M>
constexpr bool maskable() {
  if constexpr (Expression<X> && Expression<M>)
    return std::is_same_v<value_of<M>, bool> && rank_of<X> > 0 && (rank_of<M> == rank_of<X> || rank_of<M> == 1) &&
           joined_backend<backend_of<X>, backend_of<M>>::ok && masked<X, M>::ordered;
  else return false;
}

// A mask has the shape of the array, or of its first axis.
template <int MaskRank, int Rank>
void check_mask(const Shape<MaskRank>& mask, const Shape<Rank>& shape) {
  bool fits = mask[0] == shape[0];
  if constexpr (MaskRank == Rank) fits = mask == shape;
  if (!fits) throw ShapeError("a mask of shape " + to_string(mask) + " for an array of shape " + to_string(shape) + "; expected that or its first extent");
}

// Which are marked.
template <class Backend>
SharedBuffer<Size, Backend> marked_places(const bool* marks, Size count) {
  if constexpr (!Backend::host_memory) return LocalChoice<Backend>::places(marks, count);
  else {
    Size kept = 0;
    for (Size i = 0; i < count; ++i) kept += marks[i] ? 1 : 0;
    auto places = make_buffer<Size, Backend>(kept);
    Size* place = places->data();
    for (Size i = 0; i < count; ++i)
      if (marks[i]) *place++ = i;
    return places;
  }
}

// The rows of some elements each that are marked.
template <class Backend, class T>
Chosen<T, Backend> marked_rows(const bool* marks, Size count, const T* rows, Size length) {
  if constexpr (!Backend::host_memory) return LocalChoice<Backend>::marked(marks, count, rows, length);
  else {
    Size kept = 0;
    for (Size i = 0; i < count; ++i) kept += marks[i] ? 1 : 0;
    Chosen<T, Backend> chosen{make_buffer<T, Backend>(kept * length), kept};
    T* out = chosen.rows->data();
    for (Size i = 0; i < count; ++i)
      if (marks[i]) out = std::copy(rows + i * length, rows + (i + 1) * length, out);
    return chosen;
  }
}

}  // namespace detail

// A mask of x's shape: the elements where it is true, in C order, one-dimensional. A mask (n) of x's first axis: those rows, whole.
// R and G: replicated, nothing is sent; S<0>: S<0>, rebalanced (counts, then what changes owner); rows of S<k>, k > 0, by a replicated
// mask: S<k>, nothing is sent. Elements of S<k>, k > 0, do not compile (E04). Runs when called, because the length is data.
// ShapeError if the extents do not fit.
template <class X, class M, std::enable_if_t<detail::maskable<X, M>(), int> = 0>   // said in fewer lines than a constraint
auto select(X&& x, M&& mask) {
  using Rule = detail::masked<X, M>;
  using Policy = typename Rule::policy;
  using MaskPolicy = std::conditional_t<std::is_same_v<Policy, Split<0>>, Split<0>, std::conditional_t<Rule::rows, Replicated, Policy>>;
  using T = value_of<X>;
  using Backend = detail::backend_or_default<typename detail::joined_backend<backend_of<X>, backend_of<M>>::type>;
  constexpr int rank = rank_of<X>, result_rank = Rule::rows ? rank : 1;

  const auto shape = x.shape();
  detail::check_mask(mask.shape(), shape);

  const Comm comm = detail::comm_or_world(detail::joined_comm(x.comm(), mask.comm()));
  const auto values = redistribute(std::forward<X>(x), Policy{});
  const auto marks = redistribute(std::forward<M>(mask), MaskPolicy{});
  values.prepare();
  marks.prepare();
  const auto part = part_of<Policy>(shape, *comm);
  const auto marked = part_of<MaskPolicy>(marks.shape(), *comm);
  const Size count = marked.size(), row = Rule::rows && count > 0 ? part.size() / count : 1;
  auto kept = [&] {
    detail::Buffer<T, Backend> rows(part.size());
    detail::Buffer<bool, Backend> flags(count);
    detail::evaluate<Backend>(values, part, rows.data());
    detail::evaluate<Backend>(marks, marked, flags.data());
    return detail::marked_rows<Backend>(flags.data(), count, static_cast<const T*>(rows.data()), row);
  }();

  Shape<result_rank> result_shape;
  if constexpr (Rule::rows) result_shape = shape;
  result_shape[0] = kept.count;
  if constexpr (std::is_same_v<Policy, Split<0>>)
    return detail::rebalanced<T, result_rank, Backend>(kept.rows->data(), kept.count, result_shape, comm);
  else return Array<T, result_rank, Policy, Backend>(result_shape, comm, std::move(kept.rows));
}

template <class P, int Rank, class A, class Q, int MaskRank, class B>
  requires(!detail::joined_backend<A, B>::ok)
error_E11_operands_live_on_different_backends<A, B, write_to_host_or_to_device_of_one> select(const operand_tag<P, Rank, A>&, const operand_tag<Q, MaskRank, B>&) = delete;

// What the deleted overload returns: some compilers print this name, others what it stands for.
template <class P, int Rank, class Q, int MaskRank>
  requires((Rank == MaskRank || MaskRank == 1) && !detail::Masked<P, Rank, Q, MaskRank>::ordered)
using error_E04_the_global_order_is_not_the_local_one__write_redistribute_x_or_use_where =
    std::conditional_t<detail::Masked<P, Rank, Q, MaskRank>::together,
                       error_E04_the_global_order_is_not_the_local_one<P, write_redistribute_x_or_use_where<Split<0>>>,
                       error_E01_operands_live_on_different_ranks<P, Q, write_redistribute_right_operand_to<P>>>;
template <class P, int Rank, class A, class Q, int MaskRank, class B>
error_E04_the_global_order_is_not_the_local_one__write_redistribute_x_or_use_where<P, Rank, Q, MaskRank> select(const operand_tag<P, Rank, A>& /* to Split<0> */, const operand_tag<Q, MaskRank, B>&) = delete;

}  // namespace priel
