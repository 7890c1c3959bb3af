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
  Search(Key* keys, Size held, Size position, int bits, int pieces) : position_(position), bits_(bits) {
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
  void add_to(Size* counts) const {
    for (const auto& piece : pieces_)
      for (std::size_t c = 0; c < piece.counts.size(); ++c) counts[c] += piece.counts[c];
  }
  // Goes on with the keys whose digit holds the position; of the larger ones the smallest might be the next.
  void choose(const Size* counts) {
    chosen_ = 0;
    while (position_ >= counts[chosen_]) position_ -= counts[chosen_++];
  }
  void narrow(int piece, int shift) {
    auto& [begin, end, found, counts] = pieces_[static_cast<std::size_t>(piece)];
    Key* kept = begin;
    for (const Key* key = begin; key < end; ++key) {
      const std::size_t d = digit(*key, shift);
      if (d == chosen_) *kept++ = *key;
      else if (d > chosen_) found.next = std::min(found.next, *key);
    }
    end = kept;
  }
  void settle(int shift) { at_ = static_cast<Key>(at_ | static_cast<Key>(Key(chosen_) << shift)); }

  // After the last pass: `copies` is how many keys are equal to the one found, on all ranks.
  Found<Key> result() const {
    Found<Key> all;
    for (const auto& piece : pieces_) merge_found<Key>(&all, &piece.found, 1);
    all.at = at_;
    return all;
  }
  bool next_is_equal(const Size* counts) const { return position_ + 1 < counts[chosen_]; }

 private:
  struct Piece {
    Key* begin;
    Key* end;
    Found<Key> found;
    std::vector<Size> counts;
  };
  std::size_t digit(Key key, int shift) const { return static_cast<std::size_t>(key >> shift) & ((std::size_t{1} << bits_) - 1); }

  Size position_;
  int bits_;
  std::size_t chosen_ = 0;
  Key at_ = 0;
  std::vector<Piece> pieces_;
};

template <class Key>
std::vector<Found<Key>> found_across(Key* keys, const Lines& lines, Size held, Size position) {
  const int bits = bits_of_pass(lines.lines);
  const int threads = lines.lines * held < Size{1} << 16 ? 1 : free_threads();
  const int pieces = lines.lines < threads ? threads : 1;
  std::vector<Search<Key>> searches;
  for (Size line = 0; line < lines.lines; ++line) searches.emplace_back(keys + line * held, held, position, bits, pieces);
  const Size work = lines.lines * pieces;
  const auto each = [&](auto&& f) {
#pragma omp parallel for num_threads(threads) if (threads > 1)
    for (Size i = 0; i < work; ++i) f(searches[static_cast<std::size_t>(i / pieces)], static_cast<int>(i % pieces));
  };
  std::vector<Size> counts(static_cast<std::size_t>(lines.lines) << bits);
  std::vector<bool> repeated(searches.size());
  for (int shift = std::numeric_limits<Key>::digits - bits; shift >= 0; shift -= bits) {
    each([&](Search<Key>& search, int piece) { search.count(piece, shift); });
    std::fill(counts.begin(), counts.end(), Size{0});
    for (std::size_t line = 0; line < searches.size(); ++line) searches[line].add_to(counts.data() + (line << bits));
    lines.across->all_reduce(counts.data(), static_cast<Size>(counts.size()), sizeof(Size), &add_counts);
    for (std::size_t line = 0; line < searches.size(); ++line) {
      searches[line].choose(counts.data() + (line << bits));
      searches[line].settle(shift);
      repeated[line] = searches[line].next_is_equal(counts.data() + (line << bits));
    }
    each([&](Search<Key>& search, int piece) { search.narrow(piece, shift); });
  }
  std::vector<Found<Key>> found;
  for (const auto& search : searches) found.push_back(search.result());
  lines.across->all_reduce(found.data(), static_cast<Size>(found.size()), sizeof(Found<Key>), &merge_found<Key>);
  for (std::size_t line = 0; line < found.size(); ++line)
    if (repeated[line]) found[line].next = found[line].at;
  return found;
}

}  // namespace

std::vector<Adjacent> adjacent(void* values, Format format, const Lines& lines, Size held, Size position) {
  return with_key(format, [&]<class Key>() {
    auto* keys = static_cast<Key*>(values);
    to_keys(values, format, lines.lines * held, keys, false);
    std::vector<Found<Key>> found(static_cast<std::size_t>(lines.lines));
    if (lines.ranks() > 1) found = found_across(keys, lines, held, position);
    else
      for_each_line<Key>(lines.lines, held, 0, [&](Size line, Key*, int) {
        found[static_cast<std::size_t>(line)] = found_in(keys + line * held, held, position);
      });
    std::vector<Adjacent> result;
    for (const auto& f : found)
      result.push_back({number_of_key(f.at, format), number_of_key(f.next, format), number_of_key(f.largest, format)});
    return result;
  });
}

void plan_adjacent(Plan& plan, Size lines, int key_bytes) {
  if (plan.ranks() == 1) return;
  const int bits = bits_of_pass(lines);
  for (int pass = 0; pass < key_bytes * 8 / bits; ++pass)
    plan.message(Collective::all_reduce, "counts of the elements by their next bits", [&](int) { return (lines << bits) * 8; });
  plan.message(Collective::all_reduce, "next and largest elements", [&](int) { return lines * 3 * key_bytes; });
}

}  // namespace priel::detail::order
