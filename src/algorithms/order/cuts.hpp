// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where a line that is sorted on every rank is to be cut, so that the sorted whole lies in blocks: found by counting, not sampling.
#pragma once

#include "keys.hpp"

namespace priel::detail::order {

inline void add_sizes(void* into, const void* from, Size count) {
  for (Size i = 0; i < count; ++i) static_cast<Size*>(into)[i] += static_cast<const Size*>(from)[i];
}

// One cut: the key at a global position of the sorted line, how many are smaller on all ranks, and the position.
template <class Key>
struct Cut {
  Key key = 0;
  Size below = 0, position = 0;
};

inline constexpr int cut_bits = 4, cut_choices = 1 << cut_bits;

template <class Entry>
Size count_below(const std::vector<Entry>& sorted, decltype(key_of(Entry{})) key) {
  return std::lower_bound(sorted.begin(), sorted.end(), key, [](const Entry& entry, auto k) { return key_of(entry) < k; }) - sorted.begin();
}

// The cuts in front of blocks 1, ..., p-1 of a line of n. Collective: for every 4 bits of a key, one Allreduce of 15 (p-1) counts.
template <class Entry>
auto cuts_of(const std::vector<Entry>& sorted, Size n, const Communicator& comm) {
  using Key = decltype(key_of(Entry{}));
  std::vector<Cut<Key>> cuts(static_cast<std::size_t>(comm.size() - 1));
  for (std::size_t r = 0; r < cuts.size(); ++r) cuts[r].position = block_of(n, comm.size(), static_cast<int>(r) + 1).lower;
  std::vector<Size> counts(cuts.size() * (cut_choices - 1));
  for (int shift = std::numeric_limits<Key>::digits - cut_bits; shift >= 0; shift -= cut_bits) {
    const auto choice = [shift](const Cut<Key>& cut, int c) { return static_cast<Key>(cut.key | static_cast<Key>(Key(c) << shift)); };
    std::size_t at = 0;
    for (const auto& cut : cuts)
      for (int c = 1; c < cut_choices; ++c) counts[at++] = count_below(sorted, choice(cut, c));
    comm.all_reduce(counts.data(), static_cast<Size>(counts.size()), sizeof(Size), &add_sizes);
    at = 0;
    for (auto& cut : cuts) {
      const Key start = cut.key;
      for (int c = 1; c < cut_choices; ++c, ++at) {
        if (counts[at] > cut.position) continue;
        cut.key = static_cast<Key>(start | static_cast<Key>(Key(c) << shift));
        cut.below = counts[at];
      }
    }
  }
  return cuts;
}

// Sends the pieces between the places where this rank cuts (p-1 of them, not decreasing), and returns what arrives, by rank.
template <class Entry>
std::vector<Entry> exchange_pieces(const std::vector<Entry>& mine, const std::vector<Size>& places, const Communicator& comm) {
  const auto ranks = static_cast<std::size_t>(comm.size());
  std::vector<Size> send(ranks), receive(ranks), each(ranks, sizeof(Size));
  Size before = 0;
  for (std::size_t r = 0; r < ranks; ++r) {
    const Size end = r + 1 < ranks ? places[r] : static_cast<Size>(mine.size());
    send[r] = (end - before) * static_cast<Size>(sizeof(Entry));
    before = end;
  }
  comm.all_to_all(send.data(), each, receive.data(), each);
  Size total = 0;
  for (const Size bytes : receive) total += bytes;
  std::vector<Entry> arrived(static_cast<std::size_t>(total) / sizeof(Entry));
  comm.all_to_all(mine.data(), send, arrived.data(), receive);
  return arrived;
}

}  // namespace priel::detail::order
