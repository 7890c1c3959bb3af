// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// concatenate, stack, vstack, hstack: arrays one behind the other along an axis, policies join.
#pragma once

#include <priel/algorithms/axes.hpp>
#include <priel/algorithms/detail/fetch.hpp>
#include <priel/operands.hpp>

namespace priel {

namespace kernel {

// One operand of a concatenation: lowered over a box that begins at `origin` of the result, up to index `end` of the axis.
template <class Source, int Rank>
struct Section {
  Source source;
  Index<Rank> origin;
  Size end;
};

template <class T, int Root, int Rank, int Axis, class... Sources>
struct Concatenated {
  using value_type = T;
  Frame<Root, Rank> frame;
  Pack<Section<Sources, Rank>...> sections;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const { return read(frame.at(i), sections); }

  template <class Out>
  void copy(const Index<Root>& first, const Shape<Root>& extent, int n, Out* out) const { copy_rows(*this, first, extent, n, out); }
  template <class Out>
  void row(const Index<Root>& first, const Index<Root>& step, Size count, Out* out) const {
    const Index<Rank> steps = steps_of(frame, step), index = frame.at(first);
    for (Size done = 0; done < count;) done += copy_some(moved_by(index, steps, done), steps, count - done, sections, out + done);
  }

 private:
  // From an index on as far as one operand goes; returns how far that is.
  template <class Out, class Head, class... Tail>
  static Size copy_some(const Index<Rank>& index, const Index<Rank>& steps, Size count, const Pack<Head, Tail...>& rest, Out* out) {
    if constexpr (sizeof...(Tail) > 0)
      if (index[Axis] >= rest.head.end) return copy_some(index, steps, count, rest.tail, out);
    const Size left = rest.head.end - index[Axis], regular = steps[Axis] == 0 ? count : steps[Axis] == 1 ? left : 1;
    const Size n = count < regular ? count : regular;
    copy_row(rest.head.source, moved_by(index, rest.head.origin, -1), steps, n, out);
    return n;
  }
  template <class Head, class... Tail>
  PRIEL_DEVICE static constexpr T read(const Index<Rank>& index, const Pack<Head, Tail...>& rest) {
    if constexpr (sizeof...(Tail) > 0)
      if (index[Axis] >= rest.head.end) return read(index, rest.tail);
    Index<Rank> own = index;
    for (int a = 0; a < Rank; ++a) own[a] -= rest.head.origin[a];
    return static_cast<T>(rest.head.source.at(own));
  }
};

}  // namespace kernel

namespace detail {

template <class First, class... Rest>
struct promoted { using type = First; };
template <class First, class Second, class... Rest>
struct promoted<First, Second, Rest...> : promoted<promote<First, Second>, Rest...> {};

// Where the operands begin along the axis, and the shape of all.
template <int Axis, class... E>
auto concatenated_shape(Size (&starts)[sizeof...(E) + 1], const E&... e) {
  using First = std::tuple_element_t<0, std::tuple<E...>>;
  Shape<First::rank> result = std::get<0>(std::tie(e...)).shape();
  starts[0] = 0;
  int at = 0;
  const auto append = [&](const auto& shape) {
    for (int a = 0; a < First::rank; ++a)
      if (a != Axis && shape[a] != result[a])
        throw ShapeError("concatenate along axis " + std::to_string(Axis) + ": " + to_string(shape) + " differs from " + to_string(result) +
                         " on axis " + std::to_string(a));
    starts[at + 1] = starts[at] + shape[Axis];
    ++at;
  };
  (append(e.shape()), ...);
  result[Axis] = starts[sizeof...(E)];
  return result;
}

}  // namespace detail

// The operands one behind the other along an axis of which every rank has all.
template <int Axis, Expression... E>
class Concatenate : public Node<Concatenate<Axis, E...>, typename detail::promoted<value_of<E>...>::type, detail::joined_rank<E...>,
                                typename detail::joined_policy<E...>::type, detail::joined_backend_of<E...>> {
  using T = typename detail::promoted<value_of<E>...>::type;

 public:
  static constexpr int rank = detail::joined_rank<E...>;
  static constexpr Collectives collectives = (detail::collectives_of_node<E>() | ...);
  static constexpr int statistics = detail::statistics_count<E...>;
  auto pending_statistics() const {
    return detail::with_all([](const auto&... e) { return std::tuple_cat(detail::statistics_of(e)...); }, operands_);
  }

  explicit Concatenate(E... operands) : operands_(std::move(operands)...) {
    detail::with_all([&](const auto&... e) {
      shape_ = detail::concatenated_shape<Axis>(starts_, e...);
      ((comm_ = detail::joined_comm(comm_, e.comm())), ...);
    }, operands_);
  }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return comm_; }
  void prepare() const {
    detail::with_all([](const auto&... e) { (e.prepare(), ...); }, operands_);
  }
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return make(frame, kernel::pack(section<I>(frame.box(), scope)...));
    }(std::index_sequence_for<E...>{});
  }
  void plan(Plan& plan) const {
    detail::with_all([&](const auto&... e) { (detail::plan_node(e, plan), ...); }, operands_);
    plan.fused("concatenate");
  }

 private:
  template <std::size_t I>
  auto section(const Box<rank>& wanted, Scope& scope) const {
    Box<rank> own = whole(shape_);
    own.lower[Axis] = starts_[I];
    own.extent[Axis] = starts_[I + 1] - starts_[I];
    Box<rank> box = intersect(wanted, own);
    const Index<rank> origin = box.lower;
    box.lower[Axis] -= starts_[I];
    const auto source = std::get<I>(operands_).lower(frame_of(box), scope);
    return kernel::Section<std::remove_const_t<decltype(source)>, rank>{source, origin, starts_[I + 1]};
  }
  template <int Root, class... Sources>
  static auto make(const Frame<Root, rank>& frame, const kernel::Pack<kernel::Section<Sources, rank>...>& sections) {
    return kernel::Concatenated<T, Root, rank, Axis, Sources...>{frame, sections};
  }

  std::tuple<E...> operands_;
  Size starts_[sizeof...(E) + 1];
  Shape<rank> shape_;
  Comm comm_;
};

namespace detail {

// The same along the distributed axis.
template <int Axis, Expression... E>
struct ConcatenateDistributed {
  using value_type = typename promoted<value_of<E>...>::type;
  using policy_type = typename joined_policy<E...>::type;
  using backend_type = backend_or_default<joined_backend_of<E...>>;
  static constexpr int rank = joined_rank<E...>;
  static constexpr Collectives collectives = Collective::exchange;

  Shape<rank> shape(const E&... e) const {
    Size starts[sizeof...(E) + 1];
    return concatenated_shape<Axis>(starts, e...);
  }
  // What the result's part on rank q reads of the operand that begins at `start`.
  static auto needs(const Shape<rank>& result, Size start, Size extent, int ranks) {
    return [=](int q) {
      const Block part = block_on<Axis, policy_type>(result, ranks, q);
      const Size low = std::max(part.lower, start), end = std::min(part.lower + part.extent, start + extent);
      return Needed{{low - start, end > low ? end - low : 0}, {}};
    };
  }
  // What every rank has is read where it is; the rest is fetched, operand by operand.
  template <class O>
  static auto near(const O& operand, const Shape<rank>& result, Size start, const Comm& comm) {
    if constexpr (distributes<policy_of<O>, rank>(Axis))
      return fetch<Axis, backend_type>(operand, comm, needs(result, start, operand.shape()[Axis], comm->size()));
    else {
      prepare_statement(operand);
      return operand;
    }
  }
  auto operator()(const E&... e) const {
    Comm comm;
    ((comm = joined_comm(comm, e.comm())), ...);
    comm = comm_or_world(comm);
    Size starts[sizeof...(E) + 1];
    Array<value_type, rank, policy_type, backend_type> result(concatenated_shape<Axis>(starts, e...), comm);
    const auto lease = result.local_mut();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::tuple near_operands{near(e, result.shape(), starts[I], comm)...};   // in order, as braces are
      const Concatenate<Axis, std::tuple_element_t<I, decltype(near_operands)>...> local(std::get<I>(std::move(near_operands))...);
      evaluate<backend_type>(local, result.part(), lease.data());
    }(std::index_sequence_for<E...>{});
    return result;
  }
  void plan(Plan& plan, const E&... e) const {
    Size starts[sizeof...(E) + 1];
    const auto all = concatenated_shape<Axis>(starts, e...);
    const int ranks = plan.ranks();
    plan.loop("concatenate", largest_part<policy_type>(all, ranks), [&] { (plan_statement(e, plan), ...); });
    int at = 0;
    const auto message = [&](const auto& operand) {
      using O = std::remove_cvref_t<decltype(operand)>;
      const auto from = operand.shape();
      const auto read = needs(all, starts[at++], from[Axis], ranks);
      if constexpr (distributes<policy_of<O>, rank>(Axis)) {
        plan.message(Collective::exchange, "concatenate",
                     [&](int r) { return fetch_sends<Axis, policy_of<O>, value_of<O>>(from, ranks, r, read); });
        plan.temporary("concatenate", [&](int r) {
          return with_block<Axis>(policy_of<O>::part(from, ranks, r), read(r).first).size() * static_cast<Size>(sizeof(value_of<O>));
        });
      }
    };
    (message(e), ...);
  }
};

// Whether every pair of operands may stand in one expression; and the sentence for the first pair that may not.
template <class... Tags>
struct FirstRefusal { static constexpr bool refused = false; };
template <class P, int M, class A, class Q, int N, class B, class... Rest>
struct FirstRefusal<operand_tag<P, M, A>, operand_tag<Q, N, B>, Rest...> {
  using pair = refusal<stored_policy<P>, M, A, stored_policy<Q>, N, B>;
  using others = FirstRefusal<operand_tag<P, M, A>, Rest...>;
  using later = FirstRefusal<operand_tag<Q, N, B>, Rest...>;
  static constexpr bool refused = pair::refused || others::refused || later::refused;
  static constexpr auto find() {
    if constexpr (pair::refused) return std::type_identity<typename pair::sentence>{};
    else if constexpr (others::refused) return others::find();
    else return later::find();
  }
};
template <class E>
auto tag_of(const E&) -> operand_tag<policy_of<E>, rank_of<E>, backend_of<E>>;

template <class First, class... Rest>
concept Joinable = ((rank_of<First> == rank_of<Rest>) && ...) &&
    !FirstRefusal<decltype(tag_of(std::declval<First>())), decltype(tag_of(std::declval<Rest>()))...>::refused;

template <int Axis, class... E>
auto concatenated(E... e) {
  using Policy = typename joined_policy<E...>::type;
  if constexpr (distributes<Policy, joined_rank<E...>>(Axis)) return computed(ConcatenateDistributed<Axis, E...>{}, std::move(e)...);
  else return Concatenate<Axis, E...>(std::move(e)...);
}

}  // namespace detail

template <class... Tags>
  requires(detail::FirstRefusal<Tags...>::refused)
using error_operands_live_on_different_ranks__write_redistribute_the_others_to_one_policy__or_on_different_backends =
    typename decltype(detail::FirstRefusal<Tags...>::find())::type;

// The operands one behind the other along axis<a>; all of one rank, equal on the other axes (ShapeError else). Element types are
// promoted as in NumPy, policies join as in x + y. Lazy, nothing is sent; along the split axis what changes owner is.
template <int... A, Expression First, Expression... Rest>
  requires(rank_of<First> > 0 && detail::Joinable<First, Rest...>)
auto concatenate(Axes<A...>, First&& first, Rest&&... rest) {
  constexpr int a = detail::one_axis<rank_of<First>, A...>();
  return detail::concatenated<a>(detail::settled_t<First>(detail::settled(std::forward<First>(first))),
                                 detail::settled_t<Rest>(detail::settled(std::forward<Rest>(rest)))...);
}
template <int... A, class... P, int... M, class... B>
error_operands_live_on_different_ranks__write_redistribute_the_others_to_one_policy__or_on_different_backends<operand_tag<P, M, B>...> concatenate(Axes<A...>, const operand_tag<P, M, B>&...) = delete;

// The operands, of equal shape, along a new axis<a> of the result. Nothing is sent: the new axis is never the split one.
template <int... A, Expression First, Expression... Rest>
  requires(detail::Joinable<First, Rest...>)
auto stack(Axes<A...>, First&& first, Rest&&... rest) {
  constexpr int a = detail::one_axis<rank_of<First> + 1, A...>();
  return concatenate(axis<a>, expand_dims<a>(detail::settled(std::forward<First>(first))),
                     expand_dims<a>(detail::settled(std::forward<Rest>(rest)))...);
}
template <int... A, class... P, int... M, class... B>
error_operands_live_on_different_ranks__write_redistribute_the_others_to_one_policy__or_on_different_backends<operand_tag<P, M, B>...> stack(Axes<A...>, const operand_tag<P, M, B>&...) = delete;

// Rows below each other: operands of rank 1 are rows, others are joined along axis 0. Sends what concatenate and stack do.
template <Expression First, Expression... Rest>
  requires(rank_of<First> > 0 && detail::Joinable<First, Rest...>)
auto vstack(First&& first, Rest&&... rest) {
  if constexpr (rank_of<First> == 1) return stack(axis<0>, std::forward<First>(first), std::forward<Rest>(rest)...);
  else return concatenate(axis<0>, std::forward<First>(first), std::forward<Rest>(rest)...);
}

// Side by side: along axis 1, operands of rank 1 along their only axis. Sends what concatenate does.
template <Expression First, Expression... Rest>
  requires(rank_of<First> > 0 && detail::Joinable<First, Rest...>)
auto hstack(First&& first, Rest&&... rest) {
  return concatenate(axis<(rank_of<First> > 1 ? 1 : 0)>, std::forward<First>(first), std::forward<Rest>(rest)...);
}

}  // namespace priel
