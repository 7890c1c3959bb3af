// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// take<a>(x, indices): the entries of x at given places of axis a. Along an axis of which every rank has all nothing is sent; along
// the split axis, indices R -> R, S<0> -> S<k>.
#pragma once

#include <priel/algorithms/detail/take_across.hpp>

namespace priel {

namespace detail {

// The policy of indices of rank I, placed from axis A on, in a result of rank R.
template <class P, int Axis, int After>
struct TakenPolicy {
  template <int N, class Q>
  static constexpr auto append() {   // axes of x behind the taken one lie to the right: none of them is split
    if constexpr (N == 0) return std::type_identity<Q>{};
    else return append<N - 1, propagated<InsertAxis<1000>, Q>>();
  }
  template <int N, class Q>
  static constexpr auto prepend() {
    if constexpr (N == 0) return std::type_identity<Q>{};
    else return prepend<N - 1, propagated<InsertAxis<0>, Q>>();
  }
  using type = typename decltype(prepend<Axis, typename decltype(append<After, P>())::type>())::type;
};

// The policy of a source whose axis A gives way to those of I indices that every rank has.
template <class P, int Axis, int I>
struct TakenOfSplit {
  template <int N, class Q>
  static constexpr auto insert() {
    if constexpr (N == 0) return std::type_identity<Q>{};
    else return insert<N - 1, propagated<InsertAxis<Axis>, Q>>();
  }
  using type = typename decltype(insert<I, propagated<RemoveAxis<Axis>, P>>())::type;
};

template <class P>
inline constexpr bool on_every_rank = is_generated<P> || std::is_same_v<P, Replicated>;

// Replicated values under Generated indices are Replicated.
template <int Axis, class E, class I>
using taken_policy = typename std::conditional_t<
    on_every_rank<policy_of<E>>,
    std::conditional_t<is_generated<policy_of<I>>, std::type_identity<policy_of<E>>, TakenPolicy<policy_of<I>, Axis, rank_of<E> - 1 - Axis>>,
    TakenOfSplit<policy_of<E>, Axis, rank_of<I>>>::type;

}  // namespace detail

template <int Axis, Expression E, Expression I>
class Take : public Node<Take<Axis, E, I>, value_of<E>, rank_of<E> - 1 + rank_of<I>, detail::taken_policy<Axis, E, I>,
                         typename detail::joined_backend<backend_of<E>, backend_of<I>>::type> {
 public:
  static constexpr int rank = rank_of<E> - 1 + rank_of<I>;
  Take(E source, I indices)
      : source_(std::move(source)), indices_(std::move(indices)), shape_(detail::taken_shape<Axis>(source_.shape(), indices_.shape())),
        comm_(detail::joined_comm(source_.comm(), indices_.comm())) {}

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  void prepare() const {
    source_.prepare();
    indices_.prepare();
  }
  int readers(const void*) const { return 0; }
  static constexpr Collectives collectives = detail::collectives_of_node<E>() | detail::collectives_of_node<I>();
  void plan(Plan& plan) const {
    detail::plan_node(source_, plan);
    detail::plan_node(indices_, plan);
    plan.fused("take");
  }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    Frame<Root, rank_of<I>> below{frame.extent, {}, {}, {}};
    for (int a = 0; a < rank_of<I>; ++a) {
      below.offset[a] = frame.offset[a + Axis];
      below.step[a] = frame.step[a + Axis];
      below.source[a] = frame.source[a + Axis];
    }
    // Of the source, all of the axis that is taken from, and what is asked for of the others.
    const Box<rank> asked = frame.box();
    Box<rank_of<E>> read = whole(source_.shape());
    for (int a = 0; a < rank_of<E>; ++a)
      if (a != Axis) {
        read.lower[a] = asked.lower[a < Axis ? a : a + rank_of<I> - 1];
        read.extent[a] = asked.extent[a < Axis ? a : a + rank_of<I> - 1];
      }
    return make(frame, read.lower, source_.lower(frame_of(read), scope), indices_.lower(below, scope));
  }

 private:
  template <int Root, class Source, class Indices>
  auto make(const Frame<Root, rank>& frame, const Index<rank_of<E>>& lower, const Source& source, const Indices& indices) const {
    return kernel::Taken<value_of<E>, Root, rank_of<E>, rank_of<I>, Axis, Source, Indices>{source, indices, frame, lower, source_.shape()[Axis]};
  }

  E source_;
  I indices_;
  Shape<rank> shape_;
  Comm comm_;
};

namespace detail {

template <class E, int Axis>
inline constexpr bool takes_across = distributes<policy_of<E>, rank_of<E>>(Axis);

// Which operands go together.
template <class E, class I, int Axis>
concept Takable = kind_of<value_of<I>> == Kind::integer && Axis >= 0 && Axis < rank_of<E> && joined_backend<backend_of<E>, backend_of<I>>::ok &&
    (on_every_rank<policy_of<I>> || (on_every_rank<policy_of<E>> && !takes_across<E, Axis>) ||
     (takes_across<E, Axis> && rank_of<I> == 1 && std::is_same_v<policy_of<I>, Split<0>>));

}  // namespace detail

// x(..., indices, ...): rank(x) - 1 + rank(indices) axes; a counts from the end where it is negative, as do negative indices.
//   x R or G, indices of any policy: the policy of the indices, nothing is sent
//   x S<k>, k != a, indices R or G: S<k>, moved with its axis, nothing is sent
//   x S<a>, indices R or G: R; the owners send the rows that are asked for to all
//   x S<a>, indices S<0> of rank 1: S<a>; the indices go to the owners (after their number) and the rows come back
// Where something is sent, ShapeError on every rank for an index outside; else indices are not checked: they are data.
template <int A, Expression E, Expression I>
  requires(A >= -rank_of<E> && detail::Takable<detail::settled_t<E>, detail::settled_t<I>, (A < 0 ? A + rank_of<E> : A)>)
auto take(E&& x, I&& indices) {
  constexpr int a = A < 0 ? A + rank_of<E> : A;
  using Source = detail::settled_t<E>;
  using By = detail::settled_t<I>;
  Source source(detail::settled(std::forward<E>(x)));
  By by(detail::settled(std::forward<I>(indices)));
  if constexpr (!detail::takes_across<Source, a>) return Take<a, Source, By>(std::move(source), std::move(by));
  else if constexpr (detail::on_every_rank<policy_of<By>>)
    return detail::computed(detail::TakeToAll<a, Source, By>{}, std::move(source), std::move(by));
  else return detail::computed(detail::TakeBack<a, Source, By>{}, std::move(source), std::move(by));
}

template <int A, class P, int M, class From, class Q, int N, class By>
  requires(!detail::joined_backend<From, By>::ok)
error_E11_operands_live_on_different_backends<From, By, write_to_host_or_to_device_of_one> take(const operand_tag<P, M, From>&, const operand_tag<Q, N, By>&) = delete;

}  // namespace priel
