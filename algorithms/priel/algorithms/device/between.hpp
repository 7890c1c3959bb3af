// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Elements by their position on sorted lines in device memory: read there, or across ranks counted by binary searches.
#pragma once

#include <priel/algorithms/device/lines.hpp>
#include <priel/algorithms/order.hpp>

#include <vector>

namespace priel::device {

using detail::order::Adjacent;

// out[line] = f(the elements about a position of the line), which is its own where `positions` is not null.
template <Ordered T, class F, class R>
struct AtPosition {
  const key_type<T>* keys;
  Size n, position_of_all;
  F f;
  R* out;
  const Size* positions = nullptr;

  PRIEL_DEVICE void operator()(Size line) const {
    const Size position = positions ? positions[line] : position_of_all;
    const key_type<T>* const sorted = keys + line * n;
    const auto number = [](key_type<T> key) { return static_cast<double>(detail::order::element_of_key<T>(key)); };
    const Size next = position + 1 < n ? position + 1 : position;
    out[line] = static_cast<R>(f(Adjacent{number(sorted[position]), number(sorted[next]), number(sorted[n - 1])}));
  }
};

// How many keys of a sorted line are below one.
template <class Key>
PRIEL_DEVICE Size count_below(const Key* sorted, Size n, std::uint64_t key) {
  Size first = 0;
  while (n > 0) {
    const Size half = n / 2;
    if (sorted[first + half] < key) {
      first += half + 1;
      n -= half + 1;
    } else n = half;
  }
  return first;
}
// Up to and with it: the keys below the next, which need not be one of this width.
template <class Key>
PRIEL_DEVICE Size count_up_to(const Key* sorted, Size n, std::uint64_t key) {
  return key >= detail::order::largest_key<Key>() ? n : count_below(sorted, n, key + 1);
}

template <class Key>
struct CountDigits {
  const Key* keys;
  Size n;
  const std::uint64_t* at;
  int shift, bits;
  Size* counts;

  PRIEL_DEVICE void operator()(Size i) const {
    const Size line = i >> bits;
    const std::uint64_t digit = static_cast<std::uint64_t>(i) & ((std::uint64_t{1} << bits) - 1);
    const std::uint64_t lowest = at[line] | digit << shift, highest = lowest | ((std::uint64_t{1} << shift) - 1);
    counts[i] = count_up_to(keys + line * n, n, highest) - count_below(keys + line * n, n, lowest);
  }
};
template <class Key>
struct KeysBeyond {
  const Key* keys;
  Size n;
  const std::uint64_t* at;
  std::uint64_t* next;
  std::uint64_t* largest;

  PRIEL_DEVICE void operator()(Size line) const {
    const Key* const sorted = keys + line * n;
    const Size above = count_up_to(sorted, n, at[line]);
    next[line] = above < n ? sorted[above] : detail::order::largest_key<Key>();
    largest[line] = n > 0 ? sorted[n - 1] : Key{0};
  }
};

// Sorted lines in device memory, as a rank's share of lines across ranks. Only counts and a key or two of a line leave the device.
template <class B, class Key>
class SortedShare : public detail::order::Share {
 public:
  SortedShare(const Key* keys, Size lines, Size held) : keys_(keys), lines_(lines), held_(held), at_(lines) {}

  void count(const std::uint64_t* at, int shift, int bits, Size* counts) override {
    B::upload(at_.data(), at, lines_ * 8);
    detail::Buffer<Size, B> found(lines_ << bits);
    B::for_each(lines_ << bits, CountDigits<Key>{keys_, held_, at_.data(), shift, bits, found.data()});
    B::download(counts, found.data(), (lines_ << bits) * static_cast<Size>(sizeof(Size)));
  }
  void beyond(const std::uint64_t* at, std::uint64_t* next, std::uint64_t* largest) override {
    B::upload(at_.data(), at, lines_ * 8);
    detail::Buffer<std::uint64_t, B> found(2 * lines_);
    B::for_each(lines_, KeysBeyond<Key>{keys_, held_, at_.data(), found.data(), found.data() + lines_});
    B::download(next, found.data(), lines_ * 8);
    B::download(largest, found.data() + lines_, lines_ * 8);
  }

 private:
  const Key* keys_;
  Size lines_, held_;
  detail::Buffer<std::uint64_t, B> at_;
};

}  // namespace priel::device
