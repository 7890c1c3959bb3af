// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The general exchange: every rank evaluates the pieces of its box that others want and gets the pieces of the box it wants.
#pragma once

#include <priel/copy_box.hpp>
#include <priel/staging.hpp>

#include <concepts>
#include <cstddef>
#include <numeric>
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

// An expression's values where they lie already: those of an array of this element type; else null.
template <class T, class E>
const T* memory_of(const E& e, const Box<rank_of<E>>& held) {
  if constexpr (requires { { e.part() == held } -> std::same_as<bool>; { e.local().data() } -> std::same_as<const T*>; })
    return e.part() == held ? e.local().data() : nullptr;
  else return nullptr;
}

// The bytes of pieces, without this rank's own unless it is to be counted.
template <class T, int Rank>
std::vector<Size> bytes_of(const std::vector<Box<Rank>>& pieces, int rank, bool own) {
  std::vector<Size> bytes;
  for (const Box<Rank>& piece : pieces) {
    const bool counts = own || static_cast<int>(bytes.size()) != rank;
    bytes.push_back(counts ? piece.size() * static_cast<Size>(sizeof(T)) : 0);
  }
  return bytes;
}

inline Size bytes_in(const std::vector<Size>& pieces) { return std::accumulate(pieces.begin(), pieces.end(), Size{0}); }

// exchange_boxes in memory that the CPU reads. Pieces that lie one after another in the target are received there, those of an array
// that lie so in its memory are sent from there; the others are packed and placed. What this rank keeps is moved once.
template <class Backend, Expression E, class T, class From, class To>
void exchange_on_cpu(const E& e, const Communicator& comm, From&& from, To&& to, T* out) {
  constexpr auto element = static_cast<Size>(sizeof(T));
  const int size = comm.size(), rank = comm.rank();
  const auto mine_from = from(rank);
  const auto mine_to = to(rank);
  std::vector<Box<rank_of<E>>> going, coming;
  for (int q = 0; q < size; ++q) {
    going.push_back(intersect(mine_from, to(q)));
    coming.push_back(intersect(from(q), mine_to));
  }
  const T* const mine = memory_of<T>(e, mine_from);
  const bool as_it_lies = mine && one_after_another(going, mine_from), in_place = one_after_another(coming, mine_to);
  const auto send = bytes_of<T>(going, rank, as_it_lies), receive = bytes_of<T>(coming, rank, in_place);
  Buffer<T, Backend> packed(as_it_lies ? 0 : bytes_in(send) / element), arrived(in_place ? 0 : bytes_in(receive) / element);
  const auto evaluated = [&](const auto& box, T* at) {
    if (mine) copy_box<Backend>(box, mine, mine_from, at, box);
    else evaluate<Backend>(e, box, at);
  };
  if (!as_it_lies) {
    T* piece = packed.data();
    for (int q = 0; q < size; ++q) {
      if (q == rank) continue;
      const auto& box = going[static_cast<std::size_t>(q)];
      evaluated(box, piece);
      piece += box.size();
    }
  }
  const auto& own = going[static_cast<std::size_t>(rank)];
  if (mine && !(as_it_lies && in_place)) copy_box<Backend>(own, mine, mine_from, out, mine_to);
  else if (!mine && in_place) evaluate<Backend>(e, own, own.size() > 0 ? out + offset_in(own, mine_to) : out);
  else if (!mine) {
    Buffer<T, Backend> values(own.size());
    evaluate<Backend>(e, own, values.data());
    copy_box<Backend>(own, values.data(), own, out, mine_to);
  }
  comm.all_to_all(as_it_lies ? mine : packed.data(), send, in_place ? out : arrived.data(), receive);
  if (in_place) return;
  const T* piece = arrived.data();
  for (int q = 0; q < size; ++q) {
    if (q == rank) continue;
    const auto& box = coming[static_cast<std::size_t>(q)];
    copy_box<Backend>(box, piece, box, out, mine_to);
    piece += box.size();
  }
}

}  // namespace detail

// Collective over comm. from(r): the box rank r evaluates of e; to(r): the box rank r receives; both known to every rank.
// Every element of to(r) lies in exactly one from(q). Fills `out` (C order over to(this rank), backend memory).
// Each rank sends its from-box's share of the others' to-boxes; what it keeps is not sent.
template <class Backend, Expression E, class T, class From, class To>
void exchange_boxes(const E& e, const Communicator& comm, From&& from, To&& to, T* out) {
  if constexpr (Backend::host_memory) detail::exchange_on_cpu<Backend>(e, comm, from, to, out);
  else detail::exchange_on_device<Backend>(e, comm, from, to, out);
}

namespace detail {

// Bytes of each rank in such an exchange: sent to others; and at most in pieces, sent and received, that are not where they belong.
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
      if (q == r) continue;
      const Size bytes = intersect(held, to(q)).size() * element_bytes;
      result.sent[static_cast<std::size_t>(r)] += bytes;
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
