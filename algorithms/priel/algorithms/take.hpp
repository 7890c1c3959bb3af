// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// take<a>(x, indices): the entries of x at given places of axis a; x replicated, the result has the policy of the indices.
#pragma once

#include <priel/array.hpp>
#include <priel/finish.hpp>

namespace priel {

namespace kernel {

// Reads an index with one kernel and the source at it with another (whose box starts at global index 0).
template <class T, int Root, int SourceRank, int IndexRank, int Axis, class Source, class Indices>
struct Taken {
  using value_type = T;
  Source source;
  Indices indices;
  Frame<Root, SourceRank - 1 + IndexRank> frame;
  Size extent;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const {
    const auto wanted = frame.at(i);
    Index<SourceRank> from;
    for (int a = 0; a < SourceRank; ++a) from[a] = a < Axis ? wanted[a] : wanted[a + IndexRank - 1];
    const Size index = static_cast<Size>(indices.at(i));
    from[Axis] = index < 0 ? index + extent : index;
    return source.at(from);
  }
};

}  // namespace kernel

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

// Replicated values under Generated indices are Replicated.
template <class Source, class Indices, int Axis, int After>
using taken_policy = typename std::conditional_t<is_generated<Indices>, std::type_identity<Source>, TakenPolicy<Indices, Axis, After>>::type;

}  // namespace detail

template <int Axis, Expression E, Expression I>
class Take : public Node<Take<Axis, E, I>, value_of<E>, rank_of<E> - 1 + rank_of<I>,
                         detail::taken_policy<policy_of<E>, policy_of<I>, Axis, rank_of<E> - 1 - Axis>,
                         typename detail::joined_backend<backend_of<E>, backend_of<I>>::type> {
 public:
  static constexpr int rank = rank_of<E> - 1 + rank_of<I>;
  Take(E source, I indices) : source_(std::move(source)), indices_(std::move(indices)) {
    const auto from = source_.shape();
    const auto by = indices_.shape();
    for (int a = 0; a < rank; ++a)
      shape_[a] = a < Axis ? from[a] : a < Axis + rank_of<I> ? by[a - Axis] : from[a - rank_of<I> + 1];
    comm_ = detail::joined_comm(source_.comm(), indices_.comm());
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  void prepare() const {
    source_.prepare();
    indices_.prepare();
  }
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    Frame<Root, rank_of<I>> below{frame.extent, {}, {}, {}};
    for (int a = 0; a < rank_of<I>; ++a) {
      below.offset[a] = frame.offset[a + Axis];
      below.step[a] = frame.step[a + Axis];
      below.source[a] = frame.source[a + Axis];
    }
    return make(frame, source_.lower(frame_of(whole(source_.shape())), scope), indices_.lower(below, scope));
  }

 private:
  template <int Root, class Source, class Indices>
  auto make(const Frame<Root, rank>& frame, const Source& source, const Indices& indices) const {
    return kernel::Taken<value_of<E>, Root, rank_of<E>, rank_of<I>, Axis, Source, Indices>{source, indices, frame, source_.shape()[Axis]};
  }

  E source_;
  I indices_;
  Shape<rank> shape_;
  Comm comm_;
};

// x(..., indices, ...): rank(x) - 1 + rank(indices) axes. x Replicated or Generated; indices of any policy; nothing is sent.
// Negative indices count from the end. Indices outside are not checked: they are data, not metadata.
template <int Axis, Expression E, Expression I>
  requires(Axis >= 0 && Axis < rank_of<E> && kind_of<value_of<I>> == Kind::integer &&
           (std::is_same_v<detail::finished_policy<policy_of<E>>, Replicated> || detail::is_generated<policy_of<E>>))
auto take(E&& x, I&& indices) {
  using Source = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  using By = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<I>>()))>;
  return Take<Axis, Source, By>(Source(finished(std::forward<E>(x))), By(finished(std::forward<I>(indices))));
}

}  // namespace priel
