// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A backend's memory on its way into and out of messages: through the CPU's, or as it is where the communicator takes it.
#pragma once

#include <priel/assign.hpp>
#include <priel/backend/device_axes.hpp>

#include <cstddef>
#include <memory>
#include <numeric>
#include <vector>

namespace priel::detail {

// Uninitialised host memory.
struct Bytes {
  explicit Bytes(Size n) : data(new std::byte[static_cast<std::size_t>(n > 0 ? n : 1)]) {}
  std::unique_ptr<std::byte[]> data;
};

// The values of a prepared expression on a box, as host memory, whatever the backend.
template <class Backend, class E, class T>
void evaluate_to_host(const E& e, const Box<rank_of<E>>& box, T* out) {
  if constexpr (Backend::host_memory) {
    evaluate<Backend>(e, box, out);
  } else {
    Buffer<T, Backend> staged(box.size());
    evaluate<Backend>(e, box, staged.data());
    Backend::download(out, staged.data(), box.size() * static_cast<Size>(sizeof(T)));
  }
}

// Where the elements of a piece, which lie one behind the other, belong in memory of other strides.
template <class T, int Rank>
struct PlacePiece {
  device::Positions<Rank> positions;
  Index<Rank> stride;
  const T* from;
  T* to;

  PRIEL_DEVICE void operator()(Size linear) const {
    const Index<Rank> i = positions.at(linear);
    Size offset = 0;
    for (int a = 0; a < Rank; ++a) offset += stride[a] * i[a];
    to[offset] = from[linear];
  }
};

// A box as a part of a held one: strides, first element, and whether its elements lie one behind the other there.
template <class T, int Rank>
struct PieceOf {
  PieceOf(const Box<Rank>& piece, const Box<Rank>& held) : stride(strides_of(held.extent)) {
    for (int a = 0; a < Rank; ++a) first += stride[a] * (piece.lower[a] - held.lower[a]);
    extent = device::merged(kernel::Strided<T, Rank>{nullptr, stride}, piece.extent);
    const Index<Rank> dense = strides_of(extent);
    for (int a = 0; a < Rank; ++a) contiguous = contiguous && (extent[a] == 1 || stride[a] == dense[a]);
  }
  Index<Rank> stride;
  Shape<Rank> extent;
  Size first = 0;
  bool contiguous = true;
};

// Memory of the backend into another place of its own, as a piece of what is held there.
template <class Backend, class T, int Rank>
void place_piece(const Box<Rank>& piece, const Box<Rank>& held, const T* from, T* to) {
  const PieceOf<T, Rank> place(piece, held);
  if (place.contiguous) Backend::copy(to + place.first, from, piece.size() * static_cast<Size>(sizeof(T)));
  else Backend::for_each(piece.size(), PlacePiece<T, Rank>{device::Positions<Rank>(place.extent), place.stride, from, to + place.first});
}

// Whether the communicator is given the backend's memory as it is; all that was begun there is done then.
template <class Backend>
bool may_be_sent(const Communicator& comm) {
  if constexpr (Backend::host_memory) return true;
  else {
    if (!comm.takes_device_memory()) return false;
    Backend::settle();
    return true;
  }
}

// All_to_all of the backend's memory: as it is where the communicator takes it, else through the CPU's.
template <class Backend>
void all_to_all_of(const Communicator& comm, const std::byte* send, const std::vector<Size>& send_bytes, std::byte* receive,
                   const std::vector<Size>& receive_bytes) {
  if (may_be_sent<Backend>(comm)) return comm.all_to_all(send, send_bytes, receive, receive_bytes);
  const auto total = [](const std::vector<Size>& bytes) { return std::accumulate(bytes.begin(), bytes.end(), Size{0}); };
  const Bytes outgoing(total(send_bytes)), incoming(total(receive_bytes));
  Backend::download(outgoing.data.get(), send, total(send_bytes));
  comm.all_to_all(outgoing.data.get(), send_bytes, incoming.data.get(), receive_bytes);
  Backend::upload(receive, incoming.data.get(), total(receive_bytes));
}

// All_gather of the backend's memory: rank r's bytes[r] one behind the other at `all`, where this rank's are already.
template <class Backend>
void all_gather_of(const Communicator& comm, std::byte* all, const std::vector<Size>& bytes) {
  const auto rank = bytes.begin() + comm.rank();
  const Size before = std::accumulate(bytes.begin(), rank, Size{0}), own = *rank;
  if (may_be_sent<Backend>(comm)) return comm.all_gather(all + before, all, bytes);
  const Size total = std::accumulate(rank, bytes.end(), before), after = before + own;
  const Bytes staged(total);
  if (comm.size() > 1) Backend::download(staged.data.get() + before, all + before, own);
  comm.all_gather(staged.data.get() + before, staged.data.get(), bytes);
  Backend::upload(all, staged.data.get(), before);
  Backend::upload(all + after, staged.data.get() + after, total - after);
}

// exchange_boxes in memory that the CPU does not read: what this rank keeps stays there, pieces of other ranks are packed and
// placed there, and only they pass through the CPU's, if at all.
template <class Backend, Expression E, class T, class From, class To>
void exchange_on_device(const E& e, const Communicator& comm, From&& from, To&& to, T* out) {
  constexpr auto bytes = static_cast<Size>(sizeof(T));
  const int size = comm.size(), rank = comm.rank();
  const auto mine_from = from(rank);
  const auto mine_to = to(rank);
  std::vector<Size> send(static_cast<std::size_t>(size)), receive(send.size());
  for (int q = 0; q < size; ++q) {
    if (q == rank) continue;
    send[static_cast<std::size_t>(q)] = intersect(mine_from, to(q)).size() * bytes;
    receive[static_cast<std::size_t>(q)] = intersect(from(q), mine_to).size() * bytes;
  }
  Buffer<T, Backend> outgoing(std::accumulate(send.begin(), send.end(), Size{0}) / bytes);
  Buffer<T, Backend> incoming(std::accumulate(receive.begin(), receive.end(), Size{0}) / bytes);
  T* piece = outgoing.data();
  for (int q = 0; q < size; ++q) {
    if (q == rank) continue;
    const auto box = intersect(mine_from, to(q));
    evaluate<Backend>(e, box, piece);
    piece += box.size();
  }
  all_to_all_of<Backend>(comm, reinterpret_cast<const std::byte*>(outgoing.data()), send, reinterpret_cast<std::byte*>(incoming.data()), receive);
  const T* arrived = incoming.data();
  for (int q = 0; q < size; ++q) {
    const auto box = intersect(from(q), mine_to);
    if (box.size() == 0) continue;
    const PieceOf<T, rank_of<E>> place(box, mine_to);
    if (q != rank) {
      place_piece<Backend>(box, mine_to, arrived, out);
      arrived += box.size();
    } else if (place.contiguous) {
      evaluate<Backend>(e, box, out + place.first);
    } else {
      Buffer<T, Backend> kept(box.size());
      evaluate<Backend>(e, box, kept.data());
      place_piece<Backend>(box, mine_to, static_cast<const T*>(kept.data()), out);
    }
  }
}

}  // namespace priel::detail
