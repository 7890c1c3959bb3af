// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The collectives over MPI 3.1: no count of a call exceeds 1 GiB, reductions fold in rank order.

#include "mpi.hpp"

#include "fold.hpp"
#include "mpi_operation.hpp"
#include "on_root.hpp"

#include <priel/shape.hpp>

#include <algorithm>
#include <climits>
#include <numeric>
#include <vector>

namespace priel::detail {
namespace {

constexpr std::int64_t largest_message = std::int64_t{1} << 30;
constexpr std::int64_t reduced_at_once = std::int64_t{1} << 28;  // bounds the scratch memory of a large reduction
constexpr std::int64_t small_reduction = std::int64_t{1} << 18;  // up to here one MPI_Allreduce
constexpr int peers_at_once = 32;

std::int64_t sum(std::span<const std::int64_t> values) { return std::accumulate(values.begin(), values.end(), std::int64_t{0}); }

std::vector<std::int64_t> offsets_of(std::span<const std::int64_t> sizes) {
  std::vector<std::int64_t> offsets(sizes.size());
  std::exclusive_scan(sizes.begin(), sizes.end(), offsets.begin(), std::int64_t{0});
  return offsets;
}

template <class Action>
void for_each_message(std::int64_t bytes, Action action) {
  for (std::int64_t at = 0; at < bytes; at += largest_message)
    action(at, static_cast<int>(std::min(largest_message, bytes - at)));
}

// What goes to or comes from one rank.
template <class Pointer>
struct Piece {
  Pointer data;
  std::int64_t bytes;
};

// Begins to send outgoing(q) to the other ranks q and to receive incoming(q) from them. In round k rank r sends to r + k and receives from r - k.
template <class Outgoing, class Incoming>
void begin_rounds(MPI_Comm comm, int rank, int size, int first, int last, Outgoing outgoing, Incoming incoming, std::vector<MPI_Request>& requests) {
  for (int round = first; round < last; ++round) {
    const int peer = (rank - round + size) % size;
    const Piece<std::byte*> piece = incoming(static_cast<std::size_t>(peer));
    for_each_message(piece.bytes, [&](std::int64_t at, int count) {
      MPI_Irecv(piece.data + at, count, MPI_BYTE, peer, 0, comm, &requests.emplace_back());
    });
  }
  for (int round = first; round < last; ++round) {
    const int peer = (rank + round) % size;
    const Piece<const std::byte*> piece = outgoing(static_cast<std::size_t>(peer));
    for_each_message(piece.bytes, [&](std::int64_t at, int count) {
      MPI_Isend(piece.data + at, count, MPI_BYTE, peer, 0, comm, &requests.emplace_back());
    });
  }
}

// All rounds; every rank passes them in the same groups.
template <class Outgoing, class Incoming>
void exchange(MPI_Comm comm, int rank, int size, Outgoing outgoing, Incoming incoming) {
  std::vector<MPI_Request> requests;
  for (int first = 1; first < size; first += peers_at_once) {
    begin_rounds(comm, rank, size, first, std::min(first + peers_at_once, size), outgoing, incoming, requests);
    MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
    requests.clear();
  }
}

// Messages under way.
class Requests final : public Transfer {
 public:
  ~Requests() override { MPI_Waitall(static_cast<int>(all.size()), all.data(), MPI_STATUSES_IGNORE); }
  std::vector<MPI_Request> all;
};

}  // namespace

MpiCommunicator::MpiCommunicator(MPI_Comm comm) : comm_(comm) {
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &size_);
}

MpiCommunicator::~MpiCommunicator() {
  int ended = 0;
  MPI_Finalized(&ended);
  if (!ended) MPI_Comm_free(&comm_);
}

void MpiCommunicator::barrier() const {
  forbid_on_root("barrier");
  MPI_Barrier(comm_);
}

void MpiCommunicator::broadcast(void* data, std::int64_t bytes, int root) const {
  forbid_on_root("broadcast");
  for_each_message(bytes, [&](std::int64_t at, int count) { MPI_Bcast(advance(data, at), count, MPI_BYTE, root, comm_); });
}

void MpiCommunicator::all_gather(const void* mine, void* all, std::span<const std::int64_t> bytes) const {
  forbid_on_root("all_gather");
  const auto offsets = offsets_of(bytes);
  const auto self = static_cast<std::size_t>(rank_);
  copy_bytes(advance(all, offsets[self]), mine, bytes[self]);
  const std::int64_t total = sum(bytes);
  if (total == 0) return;
  if (total <= INT_MAX) {  // MPI's displacements are int
    const std::vector<int> counts(bytes.begin(), bytes.end()), places(offsets.begin(), offsets.end());
    MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_BYTE, all, counts.data(), places.data(), MPI_BYTE, comm_);
    return;
  }
  const auto piece = [&](std::size_t q) { return Piece<std::byte*>{advance(all, offsets[q]), bytes[q]}; };
  const auto own = piece(self);
  exchange(comm_, rank_, size_, [&](std::size_t) { return Piece<const std::byte*>{own.data, own.bytes}; }, piece);
}

void MpiCommunicator::all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                                 std::span<const std::int64_t> receive_bytes) const {
  forbid_on_root("all_to_all");
  const auto to = offsets_of(receive_bytes), from = offsets_of(send_bytes);
  const auto self = static_cast<std::size_t>(rank_);
  copy_bytes(advance(receive, to[self]), advance(send, from[self]), std::min(send_bytes[self], receive_bytes[self]));
  exchange(
      comm_, rank_, size_, [&](std::size_t q) { return Piece<const std::byte*>{advance(send, from[q]), send_bytes[q]}; },
      [&](std::size_t q) { return Piece<std::byte*>{advance(receive, to[q]), receive_bytes[q]}; });
}

std::unique_ptr<Transfer> MpiCommunicator::begin_all_to_all(const void* send, std::span<const std::int64_t> send_bytes, void* receive,
                                                            std::span<const std::int64_t> receive_bytes) const {
  forbid_on_root("all_to_all");
  const auto to = offsets_of(receive_bytes), from = offsets_of(send_bytes);
  const auto self = static_cast<std::size_t>(rank_);
  copy_bytes(advance(receive, to[self]), advance(send, from[self]), std::min(send_bytes[self], receive_bytes[self]));
  auto requests = std::make_unique<Requests>();
  begin_rounds(
      comm_, rank_, size_, 1, size_, [&](std::size_t q) { return Piece<const std::byte*>{advance(send, from[q]), send_bytes[q]}; },
      [&](std::size_t q) { return Piece<std::byte*>{advance(receive, to[q]), receive_bytes[q]}; }, requests->all);
  return requests;
}

void MpiCommunicator::all_reduce(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const {
  forbid_on_root("all_reduce");
  if (size_ == 1 || count == 0) return;
  if (count < size_ || count * element_bytes <= small_reduction) {
    const MpiOperation operation(element_bytes, combine);
    MPI_Allreduce(MPI_IN_PLACE, data, static_cast<int>(count), operation.type(), operation.op(), comm_);
    return;
  }
  // A large one as the two halves it consists of: Open MPI has no fast algorithm for operations that do not commute.
  const std::int64_t panel = std::max<std::int64_t>(size_, reduced_at_once / element_bytes);
  const auto parts = static_cast<std::size_t>(size_);
  std::vector<std::int64_t> counts(parts), sizes(parts);
  for (std::int64_t at = 0; at < count; at += panel) {
    const std::int64_t extent = std::min(panel, count - at);
    for (int q = 0; q < size_; ++q) {
      counts[static_cast<std::size_t>(q)] = block_of(extent, size_, q).extent;
      sizes[static_cast<std::size_t>(q)] = counts[static_cast<std::size_t>(q)] * element_bytes;
    }
    std::vector<std::byte> mine(static_cast<std::size_t>(sizes[static_cast<std::size_t>(rank_)]));
    std::byte* const place = advance(data, at * element_bytes);
    reduce_scatter(place, mine.data(), counts, element_bytes, combine);
    all_gather(mine.data(), place, sizes);
  }
}

void MpiCommunicator::reduce_scatter(const void* send, void* receive, std::span<const std::int64_t> counts,
                                     std::int64_t element_bytes, Combine combine) const {
  forbid_on_root("reduce_scatter");
  const auto parts = static_cast<std::size_t>(size_);
  const std::int64_t count = counts[static_cast<std::size_t>(rank_)], bytes = count * element_bytes;
  std::vector<std::int64_t> send_bytes(parts);
  std::transform(counts.begin(), counts.end(), send_bytes.begin(), [&](std::int64_t n) { return n * element_bytes; });
  std::vector<std::byte> operands(static_cast<std::size_t>(bytes) * parts);
  all_to_all(send, send_bytes, operands.data(), std::vector<std::int64_t>(parts, bytes));
  fold(receive, operands.data(), size_, count, element_bytes, combine);
}

Comm MpiCommunicator::split(int colour) const {
  forbid_on_root("split");
  // MPI wants colours from 0 on; ours may be any, so the first rank of a colour stands for it.
  std::vector<int> colours(static_cast<std::size_t>(size_));
  MPI_Allgather(&colour, 1, MPI_INT, colours.data(), 1, MPI_INT, comm_);
  const auto first = std::find(colours.begin(), colours.end(), colour) - colours.begin();
  MPI_Comm part = MPI_COMM_NULL;
  MPI_Comm_split(comm_, static_cast<int>(first), rank_, &part);
  return std::make_shared<const MpiCommunicator>(part);
}

void MpiCommunicator::exclusive_scan(void* data, std::int64_t count, std::int64_t element_bytes, Combine combine) const {
  forbid_on_root("exclusive_scan");
  if (size_ == 1 || count == 0) return;
  const MpiOperation operation(element_bytes, combine);
  const std::int64_t panel = std::max<std::int64_t>(1, reduced_at_once / element_bytes);
  std::vector<std::byte> before(static_cast<std::size_t>(std::min(panel, count) * element_bytes));  // rank 0's is left undefined
  for (std::int64_t at = 0; at < count; at += panel) {
    const std::int64_t extent = std::min(panel, count - at);
    std::byte* const place = advance(data, at * element_bytes);
    MPI_Exscan(place, before.data(), static_cast<int>(extent), operation.type(), operation.op(), comm_);
    if (rank_ > 0) copy_bytes(place, before.data(), extent * element_bytes);
  }
}

}  // namespace priel::detail
