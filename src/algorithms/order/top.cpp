// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The k largest elements of lines: each rank finds its own, then all merge all ranks' pairs of key and index.

#include "keys.hpp"

namespace priel::detail::order {

namespace {

// Keys are reversed here (the largest element has the smallest key), so that among equal ones the smaller index comes first.
// The k first of n keys into `first`, indices counted from `lower`.
template <class Key>
void first_of(const Key* keys, Size n, Size k, Size lower, Key* scratch, Placed<Key>* first) {
  if (k == 0) return;
  std::copy(keys, keys + n, scratch);
  std::nth_element(scratch, scratch + k - 1, scratch + n);
  const Key last = scratch[k - 1];
  Size below = 0, found = 0;
  for (Size i = 0; i < k; ++i) below += scratch[i] < last ? 1 : 0;
  Size equal = k - below;
  for (Size i = 0; i < n && found < k; ++i)
    if (keys[i] < last || (keys[i] == last && equal-- > 0)) first[found++] = {keys[i], lower + i};
  sort_few(first, k);
}

template <class Key>
std::vector<Placed<Key>> first_of_lines(const std::vector<Key>& keys, const Lines& lines, Size k) {
  const Block held = lines.held();
  const Size kept = std::min(k, held.extent);
  std::vector<Placed<Key>> first(static_cast<std::size_t>(lines.lines * kept));
  for_each_line<Key>(lines.lines, held.extent, held.extent, [&](Size line, Key* scratch, int) {
    first_of(keys.data() + line * held.extent, held.extent, kept, held.lower, scratch, first.data() + line * kept);
  });
  return first;
}

// Of all ranks' pairs, on every rank.
template <class Key>
std::vector<Placed<Key>> merged(const std::vector<Placed<Key>>& mine, const Lines& lines, Size k) {
  std::vector<Size> kept, bytes, starts;
  Size total = 0, candidates = 0;
  for (int r = 0; r < lines.ranks(); ++r) {
    kept.push_back(std::min(k, block_of(lines.n, lines.ranks(), r).extent));
    starts.push_back(total);
    total += lines.lines * kept.back();
    candidates += kept.back();
    bytes.push_back(lines.lines * kept.back() * static_cast<Size>(sizeof(mine[0])));
  }
  std::vector<Placed<Key>> all(static_cast<std::size_t>(total)), first(static_cast<std::size_t>(lines.lines * k));
  lines.across->all_gather(mine.data(), all.data(), bytes);
  for_each_line<Placed<Key>>(lines.lines, candidates, candidates, [&](Size line, Placed<Key>* together, int) {
    Placed<Key>* end = together;
    for (std::size_t r = 0; r < kept.size(); ++r) {
      const auto* from = all.data() + starts[r] + line * kept[r];
      end = std::copy(from, from + kept[r], end);
    }
    sort_few(together, candidates);
    std::copy(together, together + k, first.begin() + line * k);
  });
  return first;
}

template <class Key>
void write_top(const std::vector<Placed<Key>>& first, Format format, void* largest, Size* indices) {
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Key bits = bits_of_key(static_cast<Key>(~first[i].key), format);
    if (largest) std::memcpy(static_cast<std::byte*>(largest) + i * sizeof(Key), &bits, sizeof(Key));
    if (indices) indices[i] = first[i].index;
  }
}

}  // namespace

void top(const void* values, Format format, const Lines& lines, Size k, void* largest, Size* indices) {
  with_key(format, [&]<class Key>() {
    std::vector<Key> keys(static_cast<std::size_t>(lines.size()));
    to_keys(values, format, lines.size(), keys.data(), true);
    for (Key& key : keys) key = static_cast<Key>(~key);
    auto first = first_of_lines(keys, lines, k);
    if (lines.ranks() > 1) first = merged(first, lines, k);
    write_top(first, format, largest, indices);
  });
}

void merge_top(const void* keys, const Size* places, Format format, const Lines& lines, Size k, void* largest, Size* indices) {
  with_key(format, [&]<class Key>() {
    std::vector<Placed<Key>> mine(static_cast<std::size_t>(lines.lines * std::min(k, lines.held().extent)));
    for (std::size_t i = 0; i < mine.size(); ++i) mine[i] = {static_cast<const Key*>(keys)[i], places[i]};
    write_top(merged(mine, lines, k), format, largest, indices);
  });
}

void plan_top(Plan& plan, Size lines, Size n, Size k) {
  if (plan.ranks() == 1) return;
  plan.message(Collective::all_gather, "every rank's largest elements and their indices", [&](int r) {
    return lines * std::min(k, block_of(n, plan.ranks(), r).extent) * static_cast<Size>(sizeof(Placed<std::uint64_t>)) * (plan.ranks() - 1);
  });
}

}  // namespace priel::detail::order
