// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The search among samples on several ranks: each pair of ranks' samples is measured once, and what is found for the other's goes back.
#include <priel/algorithms/detail/nearest.hpp>

#include <priel/communicator.hpp>

#include <algorithm>
#include <numeric>

namespace priel::detail {
namespace {

// This rank's bytes go to one rank, another one's come.
void swap_bytes(const Communicator& comm, int to, const std::vector<std::byte>& mine, int from, std::vector<std::byte>& theirs) {
  std::vector<std::int64_t> send(static_cast<std::size_t>(comm.size())), receive(send.size());
  send[static_cast<std::size_t>(to)] = static_cast<std::int64_t>(mine.size());
  receive[static_cast<std::size_t>(from)] = static_cast<std::int64_t>(theirs.size());
  comm.all_to_all(mine.data(), send, theirs.data(), receive);
}

template <class... Vectors>
std::vector<std::byte> joined(const Vectors&... vectors) {
  std::vector<std::byte> bytes;
  const auto append = [&](const auto& vector) {
    const auto* data = reinterpret_cast<const std::byte*>(vector.data());
    bytes.insert(bytes.end(), data, data + vector.size() * sizeof vector[0]);
  };
  (append(vectors), ...);
  return bytes;
}

}  // namespace

Block rows_shown(Size n, int ranks, int owner, int viewer) {
  const Size rows = block_of(n, ranks, owner).extent;
  const bool opposite = (viewer - owner + ranks) % ranks * 2 == ranks;
  return opposite && owner < viewer ? Block{rows / 2, rows - rows / 2} : Block{0, rows};
}
Block rows_meeting(Size n, int ranks, int viewer, int owner) {
  const Size rows = block_of(n, ranks, viewer).extent;
  const bool opposite = (viewer - owner + ranks) % ranks * 2 == ranks;
  return opposite && viewer < owner ? Block{0, rows / 2} : Block{0, rows};
}

template <class T>
void NearestSoFar<T>::findings(std::vector<Size>& counts, std::vector<T>& distances, std::vector<Size>& indices) const {
  for (Size row = 0; row < n_; ++row) {
    const Size held = held_[static_cast<std::size_t>(row)];
    const std::vector<Size>& tied = tied_[static_cast<std::size_t>(row)];
    const auto best = distance_.begin() + row * k_;
    counts.push_back(held + static_cast<Size>(tied.size()));
    distances.insert(distances.end(), best, best + held);
    distances.insert(distances.end(), tied.size(), distance_[static_cast<std::size_t>(row * k_ + k_ - 1)]);
    indices.insert(indices.end(), index_.begin() + row * k_, index_.begin() + row * k_ + held);
    indices.insert(indices.end(), tied.begin(), tied.end());
  }
}

template <class T>
void NearestSoFar<T>::accept(const Block& rows, const Size* counts, const T* distances, const Size* indices) {
  for (Size row = 0; row < rows.extent; ++row)
    for (Size i = 0; i < counts[row]; ++i) accept(rows.lower + row, *distances++, *indices++);
}

template <class T>
void NearestSoFar<T>::offer_round(const Communicator& comm, Metric metric, Size d, const T* x, Size n) {
  const int ranks = comm.size(), rank = comm.rank();
  offer(metric, d, x, x, n_, first_);
  for (int step = 1; 2 * step <= ranks; ++step) {
    const int from = (rank + step) % ranks, to = (rank - step + ranks) % ranks;
    const Block shown = rows_shown(n, ranks, rank, to), seen = rows_shown(n, ranks, from, rank), own = rows_meeting(n, ranks, rank, from);
    const auto values = [&](const Block& rows) { return static_cast<std::size_t>(rows.extent * (d + 1)); };
    std::vector<T> outgoing(x + shown.lower * d, x + (shown.lower + shown.extent) * d);
    outgoing.resize(values(shown));
    limits(metric, shown, outgoing.data() + shown.extent * d);
    std::vector<std::byte> block(values(seen) * sizeof(T));
    swap_bytes(comm, to, joined(outgoing), from, block);

    const T* const y = reinterpret_cast<const T*>(block.data());
    NearestSoFar visitors(seen.extent, k_, block_of(n, ranks, from).lower + seen.lower, coinciding_);
    visitors.begin_with(std::vector<T>(y + seen.extent * d, y + seen.extent * (d + 1)));
    offer_mutually(metric, d, x + own.lower * d, own, visitors, y);

    std::vector<Size> counts, indices;
    std::vector<T> distances;
    visitors.findings(counts, distances, indices);
    std::vector<Size> found(static_cast<std::size_t>(shown.extent));
    block.resize(found.size() * sizeof(Size));
    swap_bytes(comm, from, joined(counts), to, block);
    std::copy_n(reinterpret_cast<const Size*>(block.data()), found.size(), found.data());
    const auto total = static_cast<std::size_t>(std::accumulate(found.begin(), found.end(), Size{0}));
    block.resize(total * (sizeof(Size) + sizeof(T)));
    swap_bytes(comm, from, joined(indices, distances), to, block);
    const auto* const index = reinterpret_cast<const Size*>(block.data());
    accept(shown, found.data(), reinterpret_cast<const T*>(index + total), index);
  }
}

template void NearestSoFar<double>::findings(std::vector<Size>&, std::vector<double>&, std::vector<Size>&) const;
template void NearestSoFar<double>::accept(const Block&, const Size*, const double*, const Size*);
template void NearestSoFar<float>::findings(std::vector<Size>&, std::vector<float>&, std::vector<Size>&) const;
template void NearestSoFar<float>::accept(const Block&, const Size*, const float*, const Size*);
template void NearestSoFar<float>::offer_round(const Communicator&, Metric, Size, const float*, Size);
template void NearestSoFar<double>::offer_round(const Communicator&, Metric, Size, const double*, Size);

}  // namespace priel::detail
