// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The general exchange: every rank evaluates the pieces of its box that others want and gets the pieces of the box it wants.
#pragma once

#include <priel/staging.hpp>

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

namespace priel {

namespace detail {

// Calls f(offset in the held buffer, offset in the piece, run length) for every contiguous run of `piece` within `held`.
template <int Rank, class F>
void for_each_run(const Box<Rank>& piece, const Box<Rank>& held, F&& f) {
  if (piece.size() == 0) return;
  if constexpr (Rank == 0) {
    f(Size{0}, Size{0}, Size{1});
  } else {
    const Index<Rank> strides = strides_of(held.extent);
    Shape<Rank> rows = piece.extent;
    rows[Rank - 1] = 1;
    const Size length = piece.extent[Rank - 1], count = rows.size();
    Index<Rank> i;
    for (Size row = 0; row < count; ++row, advance(rows, i)) {
      Size offset = 0;
      for (int a = 0; a < Rank; ++a) offset += strides[a] * (piece.lower[a] + i[a] - held.lower[a]);
      f(offset, row * length, length);
    }
  }
}

}  // namespace detail

// Collective over comm. from(r): the box rank r evaluates of e; to(r): the box rank r receives; both known to every rank.
// Every element of to(r) lies in exactly one from(q). Fills `out` (C order over to(this rank), backend memory).
// Each rank sends its from-box's share of the others' to-boxes; what it keeps is not sent.
template <class Backend, Expression E, class T, class From, class To>
void exchange_boxes(const E& e, const Communicator& comm, From&& from, To&& to, T* out) {
  if constexpr (!Backend::host_memory) return detail::exchange_on_device<Backend>(e, comm, from, to, out);
  else {
    const int size = comm.size(), rank = comm.rank();
    const auto ranks = static_cast<std::size_t>(size);
    std::vector<Size> send(ranks), receive(ranks);
    Size send_total = 0, receive_total = 0;
    const auto mine_from = from(rank);
    const auto mine_to = to(rank);
    constexpr auto bytes = static_cast<Size>(sizeof(T));
    for (int q = 0; q < size; ++q) {
      const auto at = static_cast<std::size_t>(q);
      send_total += send[at] = intersect(mine_from, to(q)).size() * bytes;
      receive_total += receive[at] = intersect(from(q), mine_to).size() * bytes;
    }
    const detail::Bytes outgoing(send_total), incoming(receive_total);
    auto* piece = reinterpret_cast<T*>(outgoing.data.get());
    for (int q = 0; q < size; ++q) {
      const auto box = intersect(mine_from, to(q));
      if (box.size() > 0) detail::evaluate<Backend>(e, box, piece);
      piece += box.size();
    }
    comm.all_to_all(outgoing.data.get(), send, incoming.data.get(), receive);
    const auto* arrived = reinterpret_cast<const T*>(incoming.data.get());
    for (int q = 0; q < size; ++q) {
      const auto box = intersect(from(q), mine_to);
      detail::for_each_run(box, mine_to, [&](Size there, Size here, Size n) {
        std::memcpy(out + there, arrived + here, static_cast<std::size_t>(n) * sizeof(T));
      });
      arrived += box.size();
    }
  }
}

namespace detail {

// Bytes of each rank in such an exchange: sent to others, and in pieces, sent and received.
struct ExchangeBytes {
  std::vector<Size> sent, pieces;
};
template <class From, class To>
ExchangeBytes exchange_bytes(int ranks, const From& from, const To& to, Size element_bytes) {
  const auto count = static_cast<std::size_t>(ranks);
  ExchangeBytes result{std::vector<Size>(count), std::vector<Size>(count)};
  for (int r = 0; r < ranks; ++r) {
    const auto held = from(r);
    for (int q = 0; q < ranks; ++q) {
      const Size bytes = intersect(held, to(q)).size() * element_bytes;
      if (q != r) result.sent[static_cast<std::size_t>(r)] += bytes;
      result.pieces[static_cast<std::size_t>(r)] += bytes;
      result.pieces[static_cast<std::size_t>(q)] += bytes;
    }
  }
  return result;
}

}  // namespace detail

// The plan of that exchange; `from` and `to` as above, of elements of some bytes.
template <class From, class To>
void plan_exchange(Plan& plan, const std::string& what, From&& from, To&& to, Size element_bytes) {
  const auto bytes = detail::exchange_bytes(plan.ranks(), from, to, element_bytes);
  plan.message(Collective::exchange, what, [&](int r) { return bytes.sent[static_cast<std::size_t>(r)]; });
  plan.temporary("pieces sent and received", [&](int r) { return bytes.pieces[static_cast<std::size_t>(r)]; });
}

// redistribution<From, To> by that exchange, for any two policies whose parts are boxes and, under From, disjoint.
template <class From, class To>
struct BoxExchange {
  static constexpr bool ok = true;
  static constexpr bool sends = true;

  template <class Backend, Expression E, class T>
  static void run(const E& e, const Communicator& comm, const Box<rank_of<E>>&, T* shard) {
    const auto shape = e.shape();
    exchange_boxes<Backend>(e, comm, [&](int r) { return From::part(shape, comm.size(), r); },
                            [&](int r) { return To::part(shape, comm.size(), r); }, shard);
  }

  static constexpr Collectives collectives = Collective::exchange;
  template <int Rank>
  static void plan(Plan& plan, const std::string& what, const Shape<Rank>& shape, Size element_bytes) {
    plan_exchange(plan, what, [&](int r) { return From::part(shape, plan.ranks(), r); },
                  [&](int r) { return To::part(shape, plan.ranks(), r); }, element_bytes);
  }
};

// redistribution<Replicated, To>: only the needed part is evaluated and nothing is sent.
template <class To>
struct EvaluatePart {
  static constexpr bool ok = true;
  static constexpr bool sends = false;

  template <class Backend, Expression E, class T>
  static void run(const E& e, const Communicator&, const Box<rank_of<E>>& part, T* shard) {
    detail::evaluate<Backend>(e, part, shard);
  }

  static constexpr Collectives collectives{};
  template <int Rank>
  static void plan(Plan&, const std::string&, const Shape<Rank>&, Size) {}
};

}  // namespace priel
