// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// take_along_axis, compress, extract, choose, put: elements by indices and conditions of their own.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/reshape.hpp>
#include <priel/algorithms/select.hpp>
#include <priel/algorithms/take.hpp>
#include <priel/create.hpp>
#include <priel/operators.hpp>

namespace priel {

namespace kernel {

// Reads an index with one kernel and the source, whose box begins at `lower`, there on one axis and at the same place on the others.
template <class T, int Root, int Rank, int Axis, class Source, class Indices>
struct TakenAlong {
  using value_type = T;
  Source source;
  Indices indices;
  Frame<Root, Rank> frame;
  Index<Rank> lower;
  Size extent;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const {
    Index<Rank> from = frame.at(i);
    const Size index = static_cast<Size>(indices.at(i));
    from[Axis] = index < 0 ? index + extent : index;
    for (int a = 0; a < Rank; ++a) from[a] -= lower[a];
    return source.at(from);
  }
};

}  // namespace kernel

// A node, because an element comes from another place than its own index, which each element names itself (Take: each row).
template <int Axis, Expression E, Expression I>
class TakeAlong : public Node<TakeAlong<Axis, E, I>, value_of<E>, rank_of<E>, typename detail::joined_policy<E, I>::type, detail::joined_backend_of<E, I>> {
 public:
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = detail::collectives_of_node<E>() | detail::collectives_of_node<I>();

  TakeAlong(E source, I indices) : source_(std::move(source)), indices_(std::move(indices)), comm_(detail::joined_comm(source_.comm(), indices_.comm())) {
    const auto from = source_.shape(), by = indices_.shape();
    for (int a = 0; a < rank; ++a)
      if (a != Axis && from[a] != by[a])
        throw ShapeError("take_along_axis: " + to_string(from) + " and indices " + to_string(by) + " differ on axis " + std::to_string(a));
  }

  Shape<rank> shape() const { return indices_.shape(); }
  const Comm& comm() const { return comm_; }
  void prepare() const {
    source_.prepare();
    indices_.prepare();
  }
  int readers(const void*) const { return 0; }
  void plan(Plan& plan) const {
    detail::plan_node(source_, plan);
    detail::plan_node(indices_, plan);
    plan.fused("take_along_axis");
  }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    Box<rank> read = frame.box();
    read.lower[Axis] = 0;
    read.extent[Axis] = source_.shape()[Axis];
    return make(frame, read.lower, source_.lower(frame_of(read), scope), indices_.lower(frame, scope));
  }

 private:
  template <int Root, class Source, class Indices>
  auto make(const Frame<Root, rank>& frame, const Index<rank>& lower, const Source& source, const Indices& indices) const {
    return kernel::TakenAlong<value_of<E>, Root, rank, Axis, Source, Indices>{source, indices, frame, lower, source_.shape()[Axis]};
  }

  E source_;
  I indices_;
  Comm comm_;
};

// x[.., i[.., j, ..], ..] along axis<a>: one index for each element of the result, whose shape is i's; the other extents are x's
// (ShapeError). Negative indices count from the end; they are not checked. Policies join as in x + i, nothing is sent; along the split
// axis x and i are exchanged for another split and the result back (of one axis: as take).
template <Expression X, Expression I, int... A>
  requires(rank_of<X> > 0 && rank_of<I> == rank_of<X> && kind_of<value_of<I>> == Kind::integer)
auto take_along_axis(X&& x, I&& i, Axes<A...> along) {
  constexpr int rank = rank_of<X>, a = detail::one_axis<rank, A...>();
  using Source = detail::settled_t<X>;
  using By = detail::settled_t<I>;
  static_assert(Combinable<Source, By>, "error E01: x and the indices of take_along_axis live on different ranks; write redistribute(indices, x.policy())");
  if constexpr (rank == 1) return take<0>(std::forward<X>(x), std::forward<I>(i));
  else if constexpr (detail::distributes<policy_of<Source>, rank>(a)) {
    constexpr Split<a == 0 ? 1 : 0> other{};
    return redistribute(take_along_axis(redistribute(detail::settled(std::forward<X>(x)), other), redistribute(detail::settled(std::forward<I>(i)), other), along), split<a>);
  } else return TakeAlong<a, Source, By>(Source(detail::settled(std::forward<X>(x))), By(detail::settled(std::forward<I>(i))));
}

// Without an axis: of the elements in C order. Sends what ravel and take<0> do.
template <Expression E, Expression I>
  requires(rank_of<E> > 0 && kind_of<value_of<I>> == Kind::integer)
auto take(E&& x, I&& indices) { return take<0>(ravel(std::forward<E>(x)), std::forward<I>(indices)); }

// The slabs of axis<a> where the mask, of rank 1, is true. As x(mask) of rows: moved so that they are.
template <Expression M, Expression X, int... A>
  requires(rank_of<M> == 1 && rank_of<X> > 0)
auto compress(M&& mask, X&& x, Axes<A...>) {
  static_assert(std::is_same_v<value_of<M>, bool>, "the condition of compress is a mask: write condition != 0");
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  return moveaxis<0, a>(select(moveaxis<a, 0>(std::forward<X>(x)), std::forward<M>(mask)));
}
// The elements where the mask, of x's shape, is true; as x(mask).
template <Expression M, Expression X>
  requires(rank_of<M> == rank_of<X>)
auto extract(M&& mask, X&& x) {
  static_assert(std::is_same_v<value_of<M>, bool>, "the condition of extract is a mask: write condition != 0");
  return select(std::forward<X>(x), std::forward<M>(mask));
}
// The places of the elements that are not zero, in C order, of rank 1. Sends what ravel and nonzero do.
template <Expression X>
  requires(rank_of<X> > 0)
auto flatnonzero(X&& x) { return eval(nonzero(ravel(std::forward<X>(x)))(all, 0)); }

namespace detail {

template <class I, class Choice>
decltype(auto) chosen(const I&, int, Choice&& choice) { return std::forward<Choice>(choice); }
template <class I, class First, class Second, class... Rest>
auto chosen(const I& i, int n, First&& first, Second&& second, Rest&&... rest) {
  return where(i <= n, std::forward<First>(first), chosen(i, n + 1, std::forward<Second>(second), std::forward<Rest>(rest)...));
}

}  // namespace detail

// Element by element the first choice where i is 0, the second where it is 1, ...; beyond them the nearest. Shapes broadcast,
// policies join, nothing is sent.
template <Expression I, Operand First, Operand Second, Operand... Rest>
  requires(kind_of<value_of<I>> <= Kind::integer)
auto choose(const I& i, First&& first, Second&& second, Rest&&... rest) {
  return detail::chosen(i, 0, std::forward<First>(first), std::forward<Second>(second), std::forward<Rest>(rest)...);
}

// The place in C order of the element at indices (i, j, ...) of an array of that shape, and back: a tuple. Lazy; nothing is checked.
template <Expression... I>
auto ravel_multi_index(const std::tuple<I...>& indices, const Shape<sizeof...(I)>& shape) {
  const auto stride = strides_of(shape);
  return [&]<std::size_t... A>(std::index_sequence<A...>) {
    const auto counted = [&]<std::size_t B>(std::integral_constant<std::size_t, B>) {
      const auto& i = std::get<B>(indices);
      return astype<Size>(where(i < 0, i + shape[B], i)) * stride[B];
    };
    return (counted(std::integral_constant<std::size_t, A>{}) + ...);
  }(std::index_sequence_for<I...>{});
}
template <Expression I, int Rank>
auto unravel_index(const I& i, const Shape<Rank>& shape) {
  const auto stride = strides_of(shape);
  return [&]<int... A>(std::integer_sequence<int, A...>) {
    return std::tuple(floor_divide(astype<Size>(i), std::max<Size>(stride[A], 1)) % std::max<Size>(shape[A], 1)...);
  }(std::make_integer_sequence<int, Rank>{});
}

}  // namespace priel
