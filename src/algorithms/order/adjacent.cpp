// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The element at a position of a sorted line, and the one after it, without sorting: by selection, or across ranks by counting.

#include "keys.hpp"

namespace priel::detail::order {

namespace {

template <class Key>
struct Found {
  Key at = 0, next = std::numeric_limits<Key>::max(), largest = 0;
};

template <class Key>
Found<Key> found_in(Key* keys, Size n, Size position) {
  Found<Key> found;
  std::nth_element(keys, keys + position, keys + n);
  found.at = found.largest = keys[position];
  for (Size i = position + 1; i < n; ++i) {
    found.next = std::min(found.next, keys[i]);
    found.largest = std::max(found.largest, keys[i]);
  }
  return found;
}

// Bits of a key that one counting pass settles: many counts for few lines, few for many.
int bits_of_pass(Size lines) { return lines <= 64 ? 8 : 4; }

void add_counts(void* into, const void* from, Size count) {
  for (Size i = 0; i < count; ++i) static_cast<Size*>(into)[i] += static_cast<const Size*>(from)[i];
}
template <class Key>
void merge_found(void* into, const void* from, Size count) {
  for (Size i = 0; i < count; ++i) {
    auto& a = static_cast<Found<Key>*>(into)[i];
    const auto& b = static_cast<const Found<Key>*>(from)[i];
    a.next = std::min(a.next, b.next);
    a.largest = std::max(a.largest, b.largest);
  }
}

// The search in one line, from the highest bits of the key to the lowest. Each pass keeps the keys that agree so far; a piece is
// the share of one thread.
template <class Key>
class Search {
 public:
  Search(Key* keys, Size held, int bits, int pieces) : bits_(bits) {
    for (int t = 0; t < pieces; ++t) {
      const Block block = block_of(held, pieces, t);
      pieces_.push_back({keys + block.lower, keys + block.lower + block.extent, {}, std::vector<Size>(std::size_t{1} << bits)});
      for (Size i = 0; i < block.extent; ++i) pieces_.back().found.largest = std::max(pieces_.back().found.largest, keys[block.lower + i]);
    }
  }

  void count(int piece, int shift) {
    auto& [begin, end, found, counts] = pieces_[static_cast<std::size_t>(piece)];
    std::fill(counts.begin(), counts.end(), Size{0});
    for (const Key* key = begin; key < end; ++key) ++counts[digit(*key, shift)];
  }
  void store(Size* counts) const {
    std::fill(counts, counts + (std::size_t{1} << bits_), Size{0});
    for (const auto& piece : pieces_) add_counts(counts, piece.counts.data(), static_cast<Size>(piece.counts.size()));
  }
  // Goes on with the keys that have the digit of `at`; of the larger ones the smallest might be the next.
  void narrow(int piece, Key at, int shift) {
    auto& [begin, end, found, counts] = pieces_[static_cast<std::size_t>(piece)];
    const std::size_t chosen = digit(at, shift);
    Key* kept = begin;
    for (const Key* key = begin; key < end; ++key) {
      const std::size_t d = digit(*key, shift);
      if (d == chosen) *kept++ = *key;
      else if (d > chosen) found.next = std::min(found.next, *key);
    }
    end = kept;
  }
  Found<Key> result() const {
    Found<Key> all;
    for (const auto& piece : pieces_) merge_found<Key>(&all, &piece.found, 1);
    return all;
  }

 private:
  struct Piece {
    Key* begin;
    Key* end;
    Found<Key> found;
    std::vector<Size> counts;
  };
  std::size_t digit(Key key, int shift) const { return static_cast<std::size_t>(key >> shift) & ((std::size_t{1} << bits_) - 1); }

  int bits_;
  std::vector<Piece> pieces_;
};

// Keys in CPU memory, of all lines.
template <class Key>
class KeysHere : public Share {
 public:
  KeysHere(Key* keys, Size lines, Size held) : threads_(lines * held < Size{1} << 16 ? 1 : free_threads()), pieces_(lines < threads_ ? threads_ : 1) {
    for (Size line = 0; line < lines; ++line) searches_.emplace_back(keys + line * held, held, bits_of_pass(lines), pieces_);
  }
  void count(const std::uint64_t* at, int shift, int bits, Size* counts) override {
    if (shift + bits < bits_in<Key>) narrow(at, shift + bits);
    each([&](std::size_t line, int piece) { searches_[line].count(piece, shift); });
    for (std::size_t line = 0; line < searches_.size(); ++line) searches_[line].store(counts + (line << bits));
  }
  void beyond(const std::uint64_t* at, std::uint64_t* next, std::uint64_t* largest) override {
    narrow(at, 0);
    for (std::size_t line = 0; line < searches_.size(); ++line) {
      const Found<Key> found = searches_[line].result();
      next[line] = found.next;
      largest[line] = found.largest;
    }
  }

 private:
  void narrow(const std::uint64_t* at, int shift) {
    each([&](std::size_t line, int piece) { searches_[line].narrow(piece, static_cast<Key>(at[line]), shift); });
  }
  template <class F>
  void each(F&& f) {
    const Size work = static_cast<Size>(searches_.size()) * pieces_;
#pragma omp parallel for num_threads(threads_) if (threads_ > 1)
    for (Size i = 0; i < work; ++i) f(static_cast<std::size_t>(i / pieces_), static_cast<int>(i % pieces_));
  }

  int threads_, pieces_;
  std::vector<Search<Key>> searches_;
};

template <class Key>
std::vector<Found<Key>> found_across(Share& share, const Lines& lines, const std::vector<Size>& positions) {
  const int bits = bits_of_pass(lines.lines);
  const auto many = static_cast<std::size_t>(lines.lines);
  std::vector<Size> counts(many << bits), before(positions);
  std::vector<std::uint64_t> at(many), next(many), largest(many);
  std::vector<bool> repeated(many);
  for (int shift = bits_in<Key> - bits; shift >= 0; shift -= bits) {
    share.count(at.data(), shift, bits, counts.data());
    lines.across->all_reduce(counts.data(), static_cast<Size>(counts.size()), sizeof(Size), &add_counts);
    for (std::size_t line = 0; line < many; ++line) {
      const Size* const of_line = counts.data() + (line << bits);
      std::size_t digit = 0;
      while (before[line] >= of_line[digit]) before[line] -= of_line[digit++];
      at[line] |= std::uint64_t{digit} << shift;
      repeated[line] = before[line] + 1 < of_line[digit];   // after the last pass: whether the next key is the same
    }
  }
  share.beyond(at.data(), next.data(), largest.data());
  std::vector<Found<Key>> found;
  for (std::size_t line = 0; line < many; ++line)
    found.push_back({static_cast<Key>(at[line]), static_cast<Key>(next[line]), static_cast<Key>(largest[line])});
  lines.across->all_reduce(found.data(), lines.lines, sizeof(Found<Key>), &merge_found<Key>);
  for (std::size_t line = 0; line < many; ++line)
    if (repeated[line]) found[line].next = found[line].at;
  return found;
}

template <class Key>
std::vector<Adjacent> numbers(const std::vector<Found<Key>>& found, Format format) {
  std::vector<Adjacent> result;
  for (const auto& f : found)
    result.push_back({number_of_key(f.at, format), number_of_key(f.next, format), number_of_key(f.largest, format)});
  return result;
}

}  // namespace

std::vector<Adjacent> adjacent(void* values, Format format, const Lines& lines, Size held, Size position) {
  return adjacent(values, format, lines, held, std::vector<Size>(static_cast<std::size_t>(lines.lines), position));
}

std::vector<Adjacent> adjacent(void* values, Format format, const Lines& lines, Size held, const std::vector<Size>& positions) {
  return with_key(format, [&]<class Key>() {
    auto* keys = static_cast<Key*>(values);
    to_keys(values, format, lines.lines * held, keys, false);
    if (lines.ranks() > 1) {
      KeysHere<Key> share(keys, lines.lines, held);
      return adjacent(share, format, lines, positions);
    }
    std::vector<Found<Key>> found(static_cast<std::size_t>(lines.lines));
    for_each_line<Key>(lines.lines, held, 0, [&](Size line, Key*, int) {
      const auto at = static_cast<std::size_t>(line);
      found[at] = found_in(keys + line * held, held, positions[at]);
    });
    return numbers(found, format);
  });
}

std::vector<Adjacent> adjacent(Share& share, Format format, const Lines& lines, Size position) {
  return adjacent(share, format, lines, std::vector<Size>(static_cast<std::size_t>(lines.lines), position));
}

std::vector<Adjacent> adjacent(Share& share, Format format, const Lines& lines, const std::vector<Size>& positions) {
  return with_key(format, [&]<class Key>() { return numbers(found_across<Key>(share, lines, positions), format); });
}

void plan_adjacent(Plan& plan, Size lines, int key_bytes) {
  if (plan.ranks() == 1) return;
  const int bits = bits_of_pass(lines);
  for (int pass = 0; pass < key_bytes * 8 / bits; ++pass)
    plan.message(Collective::all_reduce, "counts of the elements by their next bits", [&](int) { return (lines << bits) * 8; });
  plan.message(Collective::all_reduce, "next and largest elements", [&](int) { return lines * 3 * key_bytes; });
}

}  // namespace priel::detail::order
