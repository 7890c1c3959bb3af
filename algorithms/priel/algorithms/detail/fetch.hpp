// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions that read other indices of the split axis: every rank gets the runs that it reads, then the function is local, S<k> -> S<k>.
#pragma once

#include <priel/algorithms/detail/map_axis.hpp>
#include <priel/computed.hpp>
#include <priel/exchange.hpp>

namespace priel {

namespace kernel {

// Memory of two boxes, one behind the other, that differ along one axis.
template <class T, int Root, int Rank, int Axis>
struct TwoBoxes {
  using value_type = T;
  const T* data;
  Frame<Root, Rank> frame;
  Box<Rank> first, second;
  Index<Rank> strides[2];

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const {
    const Index<Rank> index = frame.at(i);
    return data[offset(index, in_first(index))];
  }

  template <class Out>
  void copy(const Index<Root>& from, const Shape<Root>& extent, int n, Out* out) const { copy_rows(*this, from, extent, n, out); }
  template <class Out>
  void row(const Index<Root>& from, const Index<Root>& step, Size n, Out* out) const {
    const Index<Rank> index = frame.at(from), last = frame.at(moved_by(from, step, n - 1));
    const bool box = in_first(index);
    if (n < 2 || in_first(last) != box) {
      for (Size j = 0; j < n; ++j) out[j] = static_cast<Out>(at(moved_by(from, step, j)));
    } else {
      const Size place = offset(index, box);
      copy_memory(data + place, (offset(last, box) - place) / (n - 1), n, out);
    }
  }

 private:
  PRIEL_DEVICE constexpr bool in_first(const Index<Rank>& index) const { return index[Axis] < first.lower[Axis] + first.extent[Axis]; }
  PRIEL_DEVICE constexpr Size offset(const Index<Rank>& index, bool box_is_first) const {
    const Box<Rank>& box = box_is_first ? first : second;
    const Index<Rank>& stride = strides[box_is_first ? 0 : 1];
    Size offset = box_is_first ? 0 : first.extent.size();
    for (int a = 0; a < Rank; ++a) offset += stride[a] * (index[a] - box.lower[a]);
    return offset;
  }
};

}  // namespace kernel

namespace detail {

// The box of an operand with another block of one axis.
template <int Axis, int Rank>
constexpr Box<Rank> with_block(Box<Rank> box, const Block& block) {
  box.lower[Axis] = block.lower;
  box.extent[Axis] = block.extent;
  return box;
}

// A part of an operand along a distributed axis, on this rank.
template <int Axis, class T, int Rank, class Policy, class Backend>
struct Fetched : Node<Fetched<Axis, T, Rank, Policy, Backend>, T, Rank, Policy, Backend> {
  Shape<Rank> global;
  Comm communicator;
  Box<Rank> first, second;
  SharedBuffer<T, Backend> buffer;

  Shape<Rank> shape() const { return global; }
  const Comm& comm() const { return communicator; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const {
    return kernel::TwoBoxes<T, Root, Rank, Axis>{buffer->data(), frame, first, second, {strides_of(first.extent), strides_of(second.extent)}};
  }
};

// The pieces that rank `to` reads of what rank `from` holds.
template <int Axis, class P, int Rank, class Needs, class F>
void for_each_fetched(const Shape<Rank>& shape, int ranks, int from, int to, const Needs& needs, F&& f) {
  const Box<Rank> held = P::part(shape, ranks, from), part = P::part(shape, ranks, to);
  const Needed needed = needs(to);
  f(intersect(held, with_block<Axis>(part, needed.first)), 0);
  f(intersect(held, with_block<Axis>(part, needed.second)), 1);
}

// Bytes that a rank sends for `fetch`.
template <int Axis, class P, class T, int Rank, class Needs>
Size fetch_sends(const Shape<Rank>& shape, int ranks, int rank, const Needs& needs) {
  Size elements = 0;
  for (int q = 0; q < ranks; ++q)
    if (q != rank) for_each_fetched<Axis, P>(shape, ranks, rank, q, needs, [&](const Box<Rank>& box, int) { elements += box.size(); });
  return elements * static_cast<Size>(sizeof(T));
}

// Collective: one exchange. needs(q): what rank q reads of the axis, known to every rank. Each index goes to a rank once.
template <int Axis, class Backend, Expression E, class Needs>
auto fetch(const E& e, const Comm& comm, const Needs& needs) {
  using T = value_of<E>;
  using P = policy_of<E>;
  constexpr int rank = rank_of<E>;
  const auto shape = e.shape();
  const int ranks = comm->size(), me = comm->rank();
  prepare_statement(e);

  const auto each = [&](int from, int to, auto&& f) { for_each_fetched<Axis, P>(shape, ranks, from, to, needs, f); };
  std::vector<Size> send(static_cast<std::size_t>(ranks)), receive(send.size());
  Size sent = 0, received = 0;
  for (int q = 0; q < ranks; ++q) {
    if (q == me) continue;
    const auto at = static_cast<std::size_t>(q);
    each(me, q, [&](const Box<rank>& box, int) { send[at] += box.size() * static_cast<Size>(sizeof(T)); });
    each(q, me, [&](const Box<rank>& box, int) { receive[at] += box.size() * static_cast<Size>(sizeof(T)); });
    sent += send[at];
    received += receive[at];
  }
  const Bytes outgoing(sent), incoming(received);
  auto* piece = reinterpret_cast<T*>(outgoing.data.get());
  for (int q = 0; q < ranks; ++q)
    if (q != me) each(me, q, [&](const Box<rank>& box, int) {
      if (box.size() > 0) evaluate_to_host<Backend>(e, box, piece);
      piece += box.size();
    });
  comm->all_to_all(outgoing.data.get(), send, incoming.data.get(), receive);

  Fetched<Axis, T, rank, P, Backend> result;
  const Box<rank> part = P::part(shape, ranks, me);
  const Needed mine = needs(me);
  result.global = shape;
  result.communicator = comm;
  result.first = with_block<Axis>(part, mine.first);
  result.second = with_block<Axis>(part, mine.second);
  const Size elements = result.first.size() + result.second.size();
  result.buffer = make_buffer<T, Backend>(elements);
  const auto assemble = [&](T* out) {
    const auto place = [&](const T*& from, const Box<rank>& box, int run) {
      for_each_run(box, run == 0 ? result.first : result.second, [&](Size there, Size here, Size n) {
        std::memcpy(out + (run == 0 ? 0 : result.first.size()) + there, from + here, static_cast<std::size_t>(n) * sizeof(T));
      });
      from += box.size();
    };
    const auto* arrived = reinterpret_cast<const T*>(incoming.data.get());
    for (int q = 0; q < ranks; ++q)
      if (q != me) each(q, me, [&](const Box<rank>& box, int run) { place(arrived, box, run); });
    each(me, me, [&](const Box<rank>& box, int run) {
      if (box.size() == 0) return;
      const Bytes own(box.size() * static_cast<Size>(sizeof(T)));
      evaluate_to_host<Backend>(e, box, reinterpret_cast<T*>(own.data.get()));
      const auto* from = reinterpret_cast<const T*>(own.data.get());
      place(from, box, run);
    });
  };
  if constexpr (Backend::host_memory) assemble(result.buffer->data());
  else {
    const Bytes staged(elements * static_cast<Size>(sizeof(T)));
    assemble(reinterpret_cast<T*>(staged.data.get()));
    Backend::upload(result.buffer->data(), staged.data.get(), elements * static_cast<Size>(sizeof(T)));
  }
  return result;
}

// The block of the result's axis on rank q.
template <int Axis, class P, int Rank>
Block block_on(const Shape<Rank>& shape, int ranks, int q) {
  const auto part = P::part(shape, ranks, q);
  return {part.lower[Axis], part.extent[Axis]};
}

// The plan of a function that fetches and then fills its result.
template <int Axis, class E, class Needs>
void plan_fetch(Plan& plan, const char* name, const E& e, const Shape<rank_of<E>>& result, const Needs& needs) {
  using P = policy_of<E>;
  using T = value_of<E>;
  const auto from = e.shape();
  const int ranks = plan.ranks();
  plan.loop(name, largest_part<P>(result, ranks), [&] { plan_statement(e, plan); });
  plan.message(Collective::exchange, name, [&](int r) { return fetch_sends<Axis, P, T>(from, ranks, r, needs); });
  plan.temporary(name, [&](int r) {
    return with_block<Axis>(P::part(from, ranks, r), {0, needs(r).count()}).size() * static_cast<Size>(sizeof(T));
  });
}

// The operand with its distributed axis read through a map.
template <int Axis, class Map, Expression E>
struct MapDistributedAxis {
  using value_type = value_of<E>;
  using policy_type = policy_of<E>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = Collective::exchange;
  Map map;
  Size extent;
  const char* name;

  Shape<rank> shape(const E& e) const {
    auto shape = e.shape();
    shape[Axis] = extent;
    return shape;
  }
  auto needs(const E& e, int ranks) const {
    return [shape = shape(e), ranks, map = map](int q) { return map.needed(block_on<Axis, policy_type>(shape, ranks, q)); };
  }
  auto operator()(const E& e) const {
    const Comm comm = comm_or_world(e.comm());
    Array<value_type, rank, policy_type, backend_type> result(shape(e), comm);
    auto fetched = fetch<Axis, backend_type>(e, comm, needs(e, comm->size()));
    using Source = decltype(fetched);
    const auto lease = result.local_mut();
    evaluate<backend_type>(MapAxis<Axis, Map, Source>(std::move(fetched), map, extent, name), result.part(), lease.data());
    return result;
  }
  void plan(Plan& plan, const E& e) const { plan_fetch<Axis>(plan, name, e, shape(e), needs(e, plan.ranks())); }
};

// e with axis `Axis`, extent `extent`, read through the map: lazy, or an exchange where the axis is distributed.
template <int Axis, class E, class Map>
auto map_axis(E&& e, const Map& map, Size extent, const char* name) {
  using Kid = settled_t<E>;
  Kid kid(settled(std::forward<E>(e)));
  if constexpr (distributes<policy_of<Kid>, rank_of<Kid>>(Axis))
    return computed(MapDistributedAxis<Axis, Map, Kid>{map, extent, name}, std::move(kid));
  else return MapAxis<Axis, Map, Kid>(std::move(kid), map, extent, name);
}

}  // namespace detail
}  // namespace priel
