// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Elements as keys in CPU memory, and radix sorts of those.
#pragma once

#include <priel/algorithms/detail/keys.hpp>
#include <priel/algorithms/order.hpp>

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace priel::detail::order {

// A key and where it was.
template <class Key>
struct Placed {
  Key key;
  Size index;
};
template <class Key>
Key key_of(Key key) { return key; }
template <class Key>
Key key_of(const Placed<Key>& entry) { return entry.key; }

// Calls f.template operator()<Key>() with the unsigned integer of the format's width.
template <class F>
decltype(auto) with_key(Format format, F&& f) {
  switch (format.bytes) {
    case 1: return f.template operator()<std::uint8_t>();
    case 2: return f.template operator()<std::uint16_t>();
    case 4: return f.template operator()<std::uint32_t>();
    default: return f.template operator()<std::uint64_t>();
  }
}

// keys[i] of the value at values + i; the two may be the same memory. With `one_zero`, zeros of both signs are the same key.
template <class Key>
void to_keys(const void* values, Format format, Size n, Key* keys, bool one_zero) {
  const auto* bytes = static_cast<const std::byte*>(values);
  const auto each = [&](auto&& key) {
#pragma omp parallel for if (n > 1 << 16 && !omp_in_parallel())
    for (Size i = 0; i < n; ++i) {
      Key bits;
      std::memcpy(&bits, bytes + i * static_cast<Size>(sizeof(Key)), sizeof(Key));
      keys[i] = key(bits);
    }
  };
  if (format.floating && one_zero) each([](Key bits) { return key_of_bits(bits, Format{0, true, true}, true); });
  else if (format.floating) each([](Key bits) { return key_of_bits(bits, Format{0, true, true}, false); });
  else if (format.is_signed) each([](Key bits) { return key_of_bits(bits, Format{0, false, true}, false); });
  else if (keys != values) each([](Key bits) { return bits; });
}

// The way back, in place.
template <class Key>
void from_keys(Key* keys, Format format, Size n) {
  if (!format.floating && !format.is_signed) return;
#pragma omp parallel for if (n > 1 << 16 && !omp_in_parallel())
  for (Size i = 0; i < n; ++i) {
    const Key bits = bits_of_key(keys[i], format);
    std::memcpy(keys + i, &bits, sizeof(Key));   // from here on the memory holds the format's type
  }
}

template <class Key>
double number_of_key(Key key, Format format) {
  const Key bits = bits_of_key(key, format);
  const auto read = [&]<class T>(T value) {
    std::memcpy(&value, &bits, sizeof(T));
    return static_cast<double>(value);
  };
  if constexpr (sizeof(Key) == 4) {
    if (format.floating) return read(float{});
  } else if constexpr (sizeof(Key) == 8) {
    if (format.floating) return read(double{});
  }
  return format.is_signed ? read(std::make_signed_t<Key>{}) : static_cast<double>(bits);
}

inline int free_threads() { return omp_in_parallel() ? 1 : omp_get_max_threads(); }

template <class Entry>
void sort_few(Entry* data, Size n) {
  std::sort(data, data + n, [](const Entry& a, const Entry& b) {
    if constexpr (requires { a.index; }) return a.key != b.key ? a.key < b.key : a.index < b.index;
    else return a < b;
  });
}

inline constexpr int buckets = 256;

template <class Entry>
std::size_t digit_of(const Entry& entry, int digit) { return static_cast<std::size_t>((key_of(entry) >> (8 * digit)) & 0xff); }

// counts[digit][bucket] of entries [begin, end).
template <class Entry>
void count_digits(const Entry* begin, const Entry* end, int first, int last, Size* counts) {
  for (; begin < end; ++begin)
    for (int digit = first; digit < last; ++digit) ++counts[static_cast<std::size_t>((digit - first) * buckets) + digit_of(*begin, digit)];
}

// Least significant digit first: stable, so that entries need to be in the order of their indices only where they are few.
// `scratch` has room for n. With more than one thread, each counts and moves a block of its own.
template <class Entry>
void radix_sort(Entry* data, Entry* scratch, Size n, int threads) {
  constexpr int digits = static_cast<int>(sizeof(key_of(data[0])));
  if (n <= buckets * digits) return sort_few(data, n);
  if (n < Size{1} << 16) threads = 1;
  Entry* from = data;
  Entry* to = scratch;
  const bool alone = threads == 1;   // then all digits are counted at once: moving does not change how many there are
  std::vector<Size> counts(static_cast<std::size_t>((alone ? digits : threads) * buckets));
  if (alone) count_digits(from, from + n, 0, digits, counts.data());
  for (int digit = 0; digit < digits; ++digit) {
    Size* const mine = counts.data() + (alone ? digit * buckets : 0);
    if (!alone) {
      std::fill(counts.begin(), counts.end(), Size{0});
#pragma omp parallel for num_threads(threads)
      for (int t = 0; t < threads; ++t) {
        const Block block = block_of(n, threads, t);
        count_digits(from + block.lower, from + block.lower + block.extent, digit, digit + 1, mine + t * buckets);
      }
    }
    Size next = 0;
    bool moves = true;
    for (int b = 0; b < buckets; ++b) {
      const Size before = next;
      for (int t = 0; t < threads; ++t) next += std::exchange(mine[t * buckets + b], next);
      moves = moves && next - before < n;
    }
    if (!moves) continue;   // all have the same digit
#pragma omp parallel for num_threads(threads) if (!alone)
    for (int t = 0; t < threads; ++t) {
      Size* place = mine + t * buckets;
      const Block block = block_of(n, threads, t);
      for (Size i = block.lower; i < block.lower + block.extent; ++i) to[place[digit_of(from[i], digit)]++] = from[i];
    }
    std::swap(from, to);
  }
  if (from != data) std::memcpy(static_cast<void*>(data), from, static_cast<std::size_t>(n) * sizeof(Entry));
}

// f(line, scratch of `room` entries, threads) for every line of n: threads share the lines, or a line where there are few.
template <class Entry, class F>
void for_each_line(Size lines, Size n, Size room, F&& f) {
  const int threads = lines * n < Size{1} << 14 ? 1 : free_threads();
  const bool shared = lines < threads || threads == 1;
  const Bytes scratch(room * static_cast<Size>(sizeof(Entry)) * (shared ? 1 : threads));
  auto* const entries = reinterpret_cast<Entry*>(scratch.data.get());
  if (shared) {
    for (Size line = 0; line < lines; ++line) f(line, entries, threads);
  } else {
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1 + lines / (16 * threads))
    for (Size line = 0; line < lines; ++line) f(line, entries + omp_get_thread_num() * room, 1);
  }
}

}  // namespace priel::detail::order
