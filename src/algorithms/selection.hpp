// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The smallest distances of a panel's samples, sorted with their indices by a network, all samples of the panel at once.
#pragma once

#include "network.hpp"
#include "workspace.hpp"

namespace priel::detail::PRIEL_ISA {

// How the distances from one panel become keys that sort as numbers and carry the sample's index in their lowest bits:
// the distance's bit pattern less the lane's smallest, without the bits that find no room.
template <class T>
struct Coding {
  using Bits = BitsOf<T>;
  using Unsigned = typename Number<T>::Unsigned;
  BitVec<T> smallest;
  int index_bits;
  int shift;              // at most index_bits
  UnsignedVec<T> origin;  // key = (bits - origin) << (index_bits - shift), the index in place of the lowest bits

  // No distance with this key or a larger one is below; the next key value starts at `above`.
  Bits below(Bits key, int lane) const {
    return smallest[lane] + (((key - Number<T>::smallest) >> index_bits) << shift);
  }
  Bits above(Bits key, int lane) const { return below(key, lane) + (Bits{1} << shift); }
};

// Leaves each sample's distance to itself beyond all others: the key of it sorts last.
template <class T>
Coding<T> make_coding(const Workspace<T>& w, std::int64_t first) {
  using Bits = BitsOf<T>;
  using Unsigned = typename Number<T>::Unsigned;
  T* base = w.squared + first * round_up(w.n, lanes<T>);
  const int valid = static_cast<int>(w.n - first < lanes<T> ? w.n - first : lanes<T>);
  // A sample's distance to itself takes no part: another's stands in while the range is found.
  for (int lane = 0; lane < valid; ++lane)
    base[(first + lane) * lanes<T> + lane] = base[(first + lane > 0 ? 0 : 1) * lanes<T> + lane];
  Vec<T> low[4], high[4];
  for (int v = 0; v < 4; ++v) low[v] = high[v] = at(base);
  std::int64_t j = 0;
  for (; j + 4 <= w.n; j += 4)
    unrolled<4>([&](auto v) __attribute__((always_inline)) {
      const Vec<T> value = at(base + (j + v) * lanes<T>);
      low[v] = min_of<T>(value, low[v]);
      high[v] = max_of<T>(value, high[v]);
    });
  for (; j < w.n; ++j) {
    low[0] = min_of<T>(at(base + j * lanes<T>), low[0]);
    high[0] = max_of<T>(at(base + j * lanes<T>), high[0]);
  }
  const Vec<T> least = min_of<T>(min_of<T>(low[0], low[1]), min_of<T>(low[2], low[3]));
  const Vec<T> most = max_of<T>(max_of<T>(high[0], high[1]), max_of<T>(high[2], high[3]));

  Coding<T> coding;
  coding.smallest = reinterpret_cast<const BitVec<T>&>(least);
  coding.index_bits = 1;
  while (Bits{1} << coding.index_bits < w.n) ++coding.index_bits;
  Bits range = 0;
  for (int lane = 0; lane < valid; ++lane) {
    const Bits mine = reinterpret_cast<const BitVec<T>&>(most)[lane] - coding.smallest[lane];
    range = mine > range ? mine : range;
  }
  coding.shift = 0;
  Bits room = (Number<T>::beyond - Number<T>::smallest) >> coding.index_bits;
  while ((range >> coding.shift) >= room)
    if (++coding.shift > coding.index_bits) room = (Number<T>::beyond - Number<T>::smallest) >> ++coding.index_bits;
  const int left = coding.index_bits - coding.shift;
  coding.origin = reinterpret_cast<const UnsignedVec<T>&>(least) - static_cast<Unsigned>(Number<T>::smallest >> left);
  for (int lane = 0; lane < valid; ++lane) {
    const Unsigned farthest = static_cast<Unsigned>(coding.smallest[lane]) + (static_cast<Unsigned>(room) << coding.shift);
    bits_at(base + (first + lane) * lanes<T>)[lane] = static_cast<Bits>(farthest);
  }
  return coding;
}

// The keys of the samples from, from + stride, ..., 16 at most, sorted lane by lane; those that do not exist come last.
template <class T>
PRIEL_INLINE void sorted_keys(const Workspace<T>& w, const Coding<T>& coding, std::int64_t first, std::int64_t from, std::int64_t stride,
                              Vec<T> (&keys)[16]) {
  using Unsigned = typename Number<T>::Unsigned;
  const T* base = w.squared + first * round_up(w.n, lanes<T>);
  const auto left = static_cast<Unsigned>(coding.index_bits - coding.shift), high = ~((Unsigned{1} << coding.index_bits) - 1);
  // Unsigned, because the lanes without a sample may be out of range.
  const auto key_of = [&](std::int64_t j) __attribute__((always_inline)) {
    const UnsignedVec<T> key = (((unsigned_at(base + j * lanes<T>) - coding.origin) << left) & high) | static_cast<Unsigned>(w.number[j]);
    return reinterpret_cast<const Vec<T>&>(key);
  };
  if (from + 15 * stride < w.n) {
    unrolled<16>([&](auto i) __attribute__((always_inline)) { keys[i] = key_of(from + i * stride); });
  } else {
    Vec<T> some[16];
    for (int i = 0; i < 16; ++i) some[i] = from + i * stride < w.n ? key_of(from + i * stride) : all<T>(number_of<T>(Number<T>::beyond));
    unrolled<16>([&](auto i) __attribute__((always_inline)) { keys[i] = some[i]; });
  }
  sort16<T>(keys);
}

// Whether of 32 samples taken at random more than 16 are hardly ever among the smallest `wanted` of n: five standard deviations.
inline bool halves_suffice(std::int64_t n, std::int64_t wanted) {
  const double share = static_cast<double>(wanted) / static_cast<double>(n), spare = 16 - 32 * share;
  return spare > 0 && spare * spare > 25 * 32 * share * (1 - share);
}

// A panel's keys in parts of 16: of every `count`-th sample, so that dates that lie together are spread over the parts. Where
// `halves` is set, a part is what is left of 32 samples, and `dropped` what no key that was left out is below.
template <class T>
struct KeyParts {
  const Workspace<T>& w;
  const Coding<T>& coding;
  std::int64_t first;
  std::int64_t count;
  Vec<T> dropped;

  KeyParts(const Workspace<T>& workspace, const Coding<T>& code, std::int64_t panel)
      : w(workspace), coding(code), first(panel), count((workspace.n + (workspace.halves ? 31 : 15)) / (workspace.halves ? 32 : 16)),
        dropped(all<T>(number_of<T>(Number<T>::beyond))) {}

  [[gnu::noinline]] void fill(std::int64_t part, Vec<T>* a) {
    Vec<T> r[16];
    if (part >= count) {
      for (int i = 0; i < 16; ++i) a[i] = all<T>(number_of<T>(Number<T>::beyond));
      return;
    }
    sorted_keys<T>(w, coding, first, part, count, r);
    store16<T>(r, a);
    if (part + 16 * count >= w.n) return;
    sorted_keys<T>(w, coding, first, part + 16 * count, count, r);
    keep_smallest16<T>(a, r);
    dropped = min_of<T>(r[15], dropped);
    store16<T>(r, a);
  }
};

// Leaves the N smallest keys of every lane in w.keys, sorted, and in `bound` what no key that was left out is below.
template <class T, int N>
void select_keys(const Workspace<T>& w, const Coding<T>& coding, std::int64_t first, T* bound) {
  KeyParts<T> parts(w, coding, first);
  Vec<T>*keys = &at(w.keys), *more = &at(w.keys + N * lanes<T>);
  sort_parts<T, N>(keys, 0, parts);
  for (std::int64_t part = N / 16; part < parts.count; part += N / 16) {
    sort_parts<T, N>(more, part, parts);
    keep_smallest<T, N>(keys, more);
  }
  at(bound) = min_of<T>(keys[N - 1], parts.dropped);
}

// Where the keys are: turned round, the list of each of the panel's samples lies in one piece at keys + lane * block.
template <class T>
void turn_keys(const Workspace<T>& w) {
  T* turned = w.keys + w.block * lanes<T>;
  for (int from = 0; from < w.block; from += lanes<T>) {
    Vec<T> tile[lanes<T>];
    for (int r = 0; r < lanes<T>; ++r) tile[r] = at(w.keys + (from + r) * lanes<T>);
    transpose<T>(tile);
    for (int lane = 0; lane < lanes<T>; ++lane) at(turned + lane * w.block + from) = tile[lane];
  }
}

// What the panel's lists are and the bound, for each of its samples, beyond which they are not complete.
template <class T>
Coding<T> select_neighbours(const Workspace<T>& w, std::int64_t first, T* bound) {
  const Coding<T> coding = make_coding(w, first);
  if (w.block == 16) select_keys<T, 16>(w, coding, first, bound);
  if (w.block == 32) select_keys<T, 32>(w, coding, first, bound);
  if (w.block == 64) select_keys<T, 64>(w, coding, first, bound);
  if (w.block == 128) select_keys<T, 128>(w, coding, first, bound);
  turn_keys(w);
  T* base = w.squared + first * round_up(w.n, lanes<T>);
  for (int lane = 0; lane < lanes<T> && first + lane < w.n; ++lane) base[(first + lane) * lanes<T> + lane] = Number<T>::infinity;
  return coding;
}

}  // namespace priel::detail::PRIEL_ISA
