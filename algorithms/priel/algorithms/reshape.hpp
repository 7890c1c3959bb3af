// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// reshape and ravel: the same elements, in C order, under other extents: R -> R, S<0> -> S<0>; other splits have no such order.
#pragma once

#include <priel/algorithms/detail/rows.hpp>
#include <priel/array.hpp>
#include <priel/computed.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/redistribute.hpp>

namespace priel {

template <class Policy, class Write>
struct error_E03_the_elements_of_a_rank_are_not_contiguous_in_C_order {};

namespace kernel {

// Reads a source, lowered over its whole box, at the same place in C order.
template <class T, int Root, int Rank, int SourceRank, class Source>
struct Reshaped {
  using value_type = T;
  Source source;
  Frame<Root, Rank> frame;
  Index<Rank> strides;
  Shape<SourceRank> extent;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const {
    const Index<Rank> index = frame.at(i);
    Size linear = 0;
    for (int a = 0; a < Rank; ++a) linear += strides[a] * index[a];
    return source.at(position_of(extent, linear));
  }

  template <class Out>
  void copy(const Index<Root>& first, const Shape<Root>& box, int n, Out* out) const { copy_rows(*this, first, box, n, out); }
  template <class Out>
  void row(const Index<Root>& first, const Index<Root>& step, Size count, Out* out) const {
    const Index<Rank> steps = steps_of(frame, step), index = frame.at(first);
    Size linear = 0, by = 0;
    for (int a = 0; a < Rank; ++a) {
      linear += strides[a] * index[a];
      by += strides[a] * steps[a];
    }
    Index<SourceRank> along;
    along[SourceRank - 1] = 1;
    for (Size at = 0, run = 0; at < count; at += run) {
      const Index<SourceRank> from = position_of(extent, linear + at * by);
      const Size left = by == 1 ? extent[SourceRank - 1] - from[SourceRank - 1] : 1;
      run = left < count - at ? left : count - at;
      copy_row(source, from, along, run, out + at);
    }
  }
};

}  // namespace kernel

// What every rank has, under other extents. The memory of an array is read in place.
template <Expression E, int Rank>
class Reshape : public Node<Reshape<E, Rank>, value_of<E>, Rank, policy_of<E>, backend_of<E>> {
 public:
  static constexpr Collectives collectives = detail::collectives_of_node<E>();

  Reshape(E operand, const Shape<Rank>& shape) : operand_(std::move(operand)), shape_(shape) {}

  Shape<Rank> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  void prepare() const { operand_.prepare(); }
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope& scope) const {
    if constexpr (requires { operand_.local().data(); }) return kernel::strided(operand_.local().data(), whole(shape_), frame);
    else return make(frame, operand_.lower(frame_of(whole(operand_.shape())), scope));
  }
  void plan(Plan& plan) const {
    detail::plan_node(operand_, plan);
    plan.fused("reshape");
  }

 private:
  template <int Root, class Source>
  auto make(const Frame<Root, Rank>& frame, const Source& source) const {
    return kernel::Reshaped<value_of<E>, Root, Rank, rank_of<E>, Source>{source, frame, strides_of(shape_), operand_.shape()};
  }

  E operand_;
  Shape<Rank> shape_;
};

namespace detail {

// Rows of S<0> are runs of the C order: every rank's shard is cut into the pieces that the others' new rows are, and sent as it lies.
template <Expression E, int Rank>
struct ReshapeRows {
  using value_type = value_of<E>;
  using policy_type = policy_of<E>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = Rank;
  static constexpr Collectives collectives = Collective::exchange;
  Shape<Rank> extents;

  Shape<Rank> shape(const E&) const { return extents; }

  // The run of the C order that rank r holds.
  template <int R>
  static Block run(const Shape<R>& shape, int ranks, int r) {
    const auto part = policy_type::part(shape, ranks, r);
    const Size row = shape[0] > 0 ? shape.size() / shape[0] : 0;
    return {part.lower[0] * row, part.extent[0] * row};
  }
  static Size common(const Block& a, const Block& b) {
    const Size low = std::max(a.lower, b.lower), end = std::min(a.lower + a.extent, b.lower + b.extent);
    return end > low ? (end - low) * static_cast<Size>(sizeof(value_type)) : 0;
  }

  auto operator()(const E& e) const {
    const Array<value_type, rank_of<E>, policy_type, backend_type> rows(e);
    Array<value_type, Rank, policy_type, backend_type> result(extents, rows.comm());
    const Communicator& comm = *rows.comm();
    std::vector<Size> send, receive;
    for (int q = 0; q < comm.size(); ++q) {
      send.push_back(common(run(rows.shape(), comm.size(), comm.rank()), run(extents, comm.size(), q)));
      receive.push_back(common(run(rows.shape(), comm.size(), q), run(extents, comm.size(), comm.rank())));
    }
    const auto lease = result.local_mut();
    if constexpr (backend_type::host_memory) comm.all_to_all(rows.local().data(), send, lease.data(), receive);
    else {
      constexpr auto element = static_cast<Size>(sizeof(value_type));
      const Size here = rows.lshape().size() * element, there = result.lshape().size() * element;
      const Bytes outgoing(here), incoming(there);
      backend_type::download(outgoing.data.get(), rows.local().data(), here);
      comm.all_to_all(outgoing.data.get(), send, incoming.data.get(), receive);
      backend_type::upload(lease.data(), incoming.data.get(), there);
    }
    return result;
  }
  void plan(Plan& plan, const E& e) const {
    const auto from = e.shape();
    const int ranks = plan.ranks();
    plan.loop("reshape", largest_part<policy_type>(from, ranks), [&] { plan_statement(e, plan); });
    plan.message(Collective::exchange, "reshape", [&](int r) {
      Size bytes = 0;
      for (int q = 0; q < ranks; ++q) bytes += q == r ? 0 : common(run(from, ranks, r), run(extents, ranks, q));
      return bytes;
    });
    plan.temporary("reshape", [&](int r) { return policy_type::part(from, ranks, r).size() * static_cast<Size>(sizeof(value_type)); });
  }
};

// The extents, -1 replaced by what remains.
template <int Rank, int From>
Shape<Rank> reshaped(const Shape<From>& from, Shape<Rank> to) {
  const auto mismatch = [&] {
    return ShapeError("reshape: " + to_string(from) + " has " + std::to_string(from.size()) + " elements and does not become " + to_string(to));
  };
  int open = -1;
  Size others = 1;
  for (int a = 0; a < Rank; ++a) {
    if (to[a] < -1 || (to[a] == -1 && open >= 0))
      throw ShapeError("reshape to " + to_string(to) + ": one extent may be -1, the others are at least 0");
    if (to[a] == -1) open = a;
    else others *= to[a];
  }
  if (open >= 0) {
    if (others == 0 || from.size() % others != 0) throw mismatch();
    to[open] = from.size() / others;
  } else if (others != from.size()) throw mismatch();
  return to;
}

template <class P>
inline constexpr bool has_C_order = is_generated<P> || std::is_same_v<P, Replicated> || std::is_same_v<P, Split<0>>;

}  // namespace detail

template <class P>
  requires(!detail::has_C_order<detail::stored_policy<P>>)
using error_E03_reshape_needs_rows__write_redistribute_x_to_split_0 =
    error_E03_the_elements_of_a_rank_are_not_contiguous_in_C_order<P, write_redistribute_to<Split<0>>>;

// As numpy.reshape in C order: reshape(x, {3, -1}); one extent may be -1. R -> R and G -> G: lazy, nothing is sent. S<0> -> S<0>:
// the rows that change owner. Other splits are error E03. ShapeError if the numbers of elements differ.
template <Expression X, int Rank>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto reshape(X&& x, const Shape<Rank>& extents) {
  using Kid = detail::settled_t<X>;
  const Shape<Rank> shape = detail::reshaped(x.shape(), extents);
  if constexpr (std::is_same_v<policy_of<Kid>, Split<0>>)
    return detail::computed(detail::ReshapeRows<Kid, Rank>{shape}, Kid(detail::settled(std::forward<X>(x))));
  else return Reshape<Kid, Rank>(Kid(detail::settled(std::forward<X>(x))), shape);
}
template <Expression X, int Rank>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto reshape(X&& x, const Size (&extents)[Rank]) { return reshape(std::forward<X>(x), shape_from(extents)); }
template <class P, int M, class B, int Rank>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> reshape(const operand_tag<P, M, B>&, const Size (&)[Rank]) = delete;
template <class P, int M, class B, int Rank>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> reshape(const operand_tag<P, M, B>&, const Shape<Rank>&) = delete;

// All elements in one axis, in C order. As reshape(x, {-1}).
template <Expression X>
  requires(rank_of<X> > 0 && detail::has_C_order<detail::stored_policy<policy_of<X>>>)
auto ravel(X&& x) { return reshape(std::forward<X>(x), Shape<1>{x.shape().size()}); }
template <class P, int M, class B>
error_E03_reshape_needs_rows__write_redistribute_x_to_split_0<P> ravel(const operand_tag<P, M, B>&) = delete;

}  // namespace priel
