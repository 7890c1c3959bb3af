// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sorts of lines: on one rank by radix, across ranks by exact cuts and one exchange, many lines across ranks whole and back.

#include "cuts.hpp"

namespace priel::detail::order {

namespace {

template <class Key>
void sort_lines(Key* keys, Size lines, Size n, KeySort local) {
  if (local) return local(keys, sizeof(Key), lines, n, nullptr);
  for_each_line<Key>(lines, n, n, [&](Size line, Key* scratch, int threads) { radix_sort(keys + line * n, scratch, n, threads); });
}

template <class Key>
void argsort_lines(Key* keys, Size lines, Size n, Size* indices, KeySort local) {
  if (local) {
    for (Size i = 0; i < lines * n; ++i) indices[i] = i % n;
    return local(keys, sizeof(Key), lines, n, indices);
  }
  for_each_line<Placed<Key>>(lines, n, 2 * n, [&](Size line, Placed<Key>* entries, int threads) {
    for (Size i = 0; i < n; ++i) entries[i] = {keys[line * n + i], i};
    radix_sort(entries, entries + n, n, threads);
    for (Size i = 0; i < n; ++i) indices[line * n + i] = entries[i].index;
  });
}

// One line, equal keys in the order in which they are.
template <class Entry>
void sort_entries(std::vector<Entry>& entries, KeySort local) {
  const auto n = static_cast<Size>(entries.size());
  if (!local) {
    std::vector<Entry> scratch(entries.size());
    radix_sort(entries.data(), scratch.data(), n, free_threads());
  } else if constexpr (requires(Entry entry) { entry.index; }) {
    std::vector<decltype(Entry::key)> keys;
    std::vector<Size> indices;
    for (const auto& [key, index] : entries) {
      keys.push_back(key);
      indices.push_back(index);
    }
    local(keys.data(), sizeof(keys[0]), 1, n, indices.data());
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = {keys[i], indices[i]};
  } else local(entries.data(), sizeof(Entry), 1, n, nullptr);
}

// This rank's block of the sorted line. Equal keys are cut in the order of the ranks, so that a stable sort stays stable.
template <class Entry>
std::vector<Entry> sort_across(std::vector<Entry> mine, Size n, const Communicator& comm, KeySort local) {
  sort_entries(mine, local);
  const auto cuts = cuts_of(mine, n, comm);
  std::vector<Size> places, equal, equal_before;
  for (const auto& cut : cuts) {
    places.push_back(count_below(mine, cut.key));
    const auto last = std::upper_bound(mine.begin(), mine.end(), cut.key, [](auto key, const Entry& entry) { return key < key_of(entry); });
    equal.push_back((last - mine.begin()) - places.back());
  }
  equal_before = equal;
  comm.exclusive_scan(equal_before.data(), static_cast<Size>(equal.size()), sizeof(Size), &add_sizes);
  for (std::size_t r = 0; r < cuts.size(); ++r) {
    const Size wanted = cuts[r].position - cuts[r].below - (comm.rank() > 0 ? equal_before[r] : 0);
    places[r] += std::clamp(wanted, Size{0}, equal[r]);
  }
  auto block = exchange_pieces(mine, places, comm);
  sort_entries(block, local);
  return block;
}

// Lines cut into blocks -> whole lines on the ranks, by block_of(lines, p, r); and back. Elements of `bytes` bytes.
class WholeLines {
 public:
  WholeLines(const Lines& lines, Size bytes) : comm_(*lines.across), lines_(lines.lines), n_(lines.n), bytes_(bytes) {}

  Size mine() const { return block_of(lines_, comm_.size(), comm_.rank()).extent; }

  void gather(const void* blocks, void* whole) const {
    const Sizes sizes(*this);
    const Bytes arrived(mine() * n_ * bytes_);
    comm_.all_to_all(blocks, sizes.of_blocks, arrived.data.get(), sizes.of_lines);
    const std::byte* piece = arrived.data.get();
    auto* to = static_cast<std::byte*>(whole);
    for_each_run([&](Size place, Size length) {
      std::memcpy(to + place, piece, static_cast<std::size_t>(length));
      piece += length;
    });
  }
  void scatter(const void* whole, void* blocks) const {
    const Sizes sizes(*this);
    const Bytes leaving(mine() * n_ * bytes_);
    std::byte* piece = leaving.data.get();
    const auto* from = static_cast<const std::byte*>(whole);
    for_each_run([&](Size place, Size length) {
      std::memcpy(piece, from + place, static_cast<std::size_t>(length));
      piece += length;
    });
    comm_.all_to_all(leaving.data.get(), sizes.of_lines, blocks, sizes.of_blocks);
  }

 private:
  struct Sizes {
    explicit Sizes(const WholeLines& w) {
      const Size held = block_of(w.n_, w.comm_.size(), w.comm_.rank()).extent;
      for (int r = 0; r < w.comm_.size(); ++r) {
        of_blocks.push_back(block_of(w.lines_, w.comm_.size(), r).extent * held * w.bytes_);
        of_lines.push_back(w.mine() * block_of(w.n_, w.comm_.size(), r).extent * w.bytes_);
      }
    }
    std::vector<Size> of_blocks, of_lines;
  };

  // f(byte offset in this rank's whole lines, bytes) in the order of the pieces.
  template <class F>
  void for_each_run(F&& f) const {
    for (int r = 0; r < comm_.size(); ++r) {
      const Block columns = block_of(n_, comm_.size(), r);
      for (Size line = 0; line < mine(); ++line) f((line * n_ + columns.lower) * bytes_, columns.extent * bytes_);
    }
  }

  const Communicator& comm_;
  Size lines_, n_, bytes_;
};

bool line_by_line(Size lines, int ranks) { return lines < ranks; }

template <class Key>
std::vector<Placed<Key>> placed(const Key* keys, const Block& block) {
  std::vector<Placed<Key>> entries(static_cast<std::size_t>(block.extent));
  for (Size i = 0; i < block.extent; ++i) entries[static_cast<std::size_t>(i)] = {keys[i], block.lower + i};
  return entries;
}

template <class Key>
void sort_keys(Key* keys, const Lines& lines, KeySort local) {
  if (lines.ranks() == 1) return sort_lines(keys, lines.lines, lines.n, local);
  if (line_by_line(lines.lines, lines.ranks())) {
    const Size held = lines.held().extent;
    for (Size i = 0; i < lines.lines; ++i) {
      Key* const line = keys + i * held;
      const auto block = sort_across(std::vector<Key>(line, line + held), lines.n, *lines.across, local);
      std::copy(block.begin(), block.end(), line);
    }
    return;
  }
  const WholeLines whole(lines, sizeof(Key));
  const Bytes memory(whole.mine() * lines.n * static_cast<Size>(sizeof(Key)));
  auto* gathered = reinterpret_cast<Key*>(memory.data.get());
  whole.gather(keys, gathered);
  sort_lines(gathered, whole.mine(), lines.n, local);
  whole.scatter(gathered, keys);
}

template <class Key>
void argsort_keys(Key* keys, const Lines& lines, Size* indices, KeySort local) {
  if (lines.ranks() == 1) return argsort_lines(keys, lines.lines, lines.n, indices, local);
  if (line_by_line(lines.lines, lines.ranks())) {
    const Size held = lines.held().extent;
    for (Size line = 0; line < lines.lines; ++line)
      for (const auto& entry : sort_across(placed(keys + line * held, lines.held()), lines.n, *lines.across, local)) *indices++ = entry.index;
    return;
  }
  const WholeLines whole(lines, sizeof(Key)), back(lines, sizeof(Size));
  const Bytes gathered(whole.mine() * lines.n * static_cast<Size>(sizeof(Key))), ordered(whole.mine() * lines.n * static_cast<Size>(sizeof(Size)));
  whole.gather(keys, gathered.data.get());
  argsort_lines(reinterpret_cast<Key*>(gathered.data.get()), whole.mine(), lines.n, reinterpret_cast<Size*>(ordered.data.get()), local);
  back.scatter(ordered.data.get(), indices);
}

void plan_across(Plan& plan, Size lines, Size n, Size element, int key_bytes) {
  const Size cuts = plan.ranks() - 1;
  for (Size line = 0; line < lines; ++line) {
    for (int digit = 0; digit < key_bytes * 8 / cut_bits; ++digit)
      plan.message(Collective::all_reduce, "counts below the cuts of the sorted line", [&](int) { return cuts * (cut_choices - 1) * 8; });
    plan.message(Collective::scan, "elements equal to the cuts", [&](int) { return cuts * 8; });
    plan.message(Collective::exchange, "how many go where", [&](int) { return cuts * 8; });
    plan.message_at_most(Collective::exchange, "what belongs elsewhere", [&](int r) { return block_of(n, plan.ranks(), r).extent * element; });
  }
}

void plan_whole(Plan& plan, Size lines, Size n, Size forth, Size back) {
  const auto held_lines = [&](int r) { return block_of(lines, plan.ranks(), r).extent; };
  const auto held = [&](int r) { return block_of(n, plan.ranks(), r).extent; };
  plan.message(Collective::exchange, "lines to sort whole", [&](int r) { return (lines - held_lines(r)) * held(r) * forth; });
  plan.message(Collective::exchange, "sorted lines back", [&](int r) { return held_lines(r) * (n - held(r)) * back; });
}

}  // namespace

void sort(void* values, Format format, const Lines& lines) { sort(values, format, lines, nullptr); }
void sort(void* values, Format format, const Lines& lines, KeySort local) {
  with_key(format, [&]<class Key>() {
    auto* keys = static_cast<Key*>(values);
    to_keys(values, format, lines.size(), keys, false);
    sort_keys(keys, lines, local);
    from_keys(keys, format, lines.size());
  });
}

void argsort(const void* values, Format format, const Lines& lines, Size* indices) { argsort(values, format, lines, indices, nullptr); }
void argsort(const void* values, Format format, const Lines& lines, Size* indices, KeySort local) {
  with_key(format, [&]<class Key>() {
    const Bytes memory(lines.size() * static_cast<Size>(sizeof(Key)));
    auto* keys = reinterpret_cast<Key*>(memory.data.get());
    to_keys(values, format, lines.size(), keys, true);
    argsort_keys(keys, lines, indices, local);
  });
}

void plan_sort(Plan& plan, Size lines, Size n, Size element, int key_bytes) {
  if (plan.ranks() == 1) return;
  if (line_by_line(lines, plan.ranks())) plan_across(plan, lines, n, element, key_bytes);
  else plan_whole(plan, lines, n, element, element);
}

void plan_argsort(Plan& plan, Size lines, Size n, Size element, int key_bytes) {
  if (plan.ranks() == 1) return;
  if (line_by_line(lines, plan.ranks())) plan_across(plan, lines, n, sizeof(Placed<std::uint64_t>), key_bytes);
  else plan_whole(plan, lines, n, element, sizeof(Size));
}

}  // namespace priel::detail::order
