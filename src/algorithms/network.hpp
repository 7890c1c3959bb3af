// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sorting networks over vectors: each lane is a sequence of its own, so nothing depends on the data but the result.
#pragma once

#include "vectors.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T>
PRIEL_INLINE void exchange(Vec<T>& a, Vec<T>& b) {
  const Vec<T> low = min_of<T>(a, b);
  b = max_of<T>(a, b);
  a = low;
}

// Batcher's odd-even merge sort (1968) of 16: 63 exchanges.
struct Exchanges {
  int count = 0;
  int first[64] = {};
  int second[64] = {};
};
constexpr Exchanges make_exchanges() {
  Exchanges result;
  for (int p = 1; p < 16; p *= 2)
    for (int k = p; k >= 1; k /= 2)
      for (int j = k % p; j + k < 16; j += 2 * k)
        for (int i = 0; i < k && i + j + k < 16; ++i)
          if ((i + j) / (2 * p) == (i + j + k) / (2 * p)) {
            result.first[result.count] = i + j;
            result.second[result.count++] = i + j + k;
          }
  return result;
}

// `r` are registers.
template <class T>
PRIEL_INLINE void sort16(Vec<T> (&r)[16]) {
  constexpr Exchanges table = make_exchanges();
  unrolled<table.count>([&](auto i) __attribute__((always_inline)) {
    constexpr Exchanges t = make_exchanges();
    exchange<T>(r[t.first[decltype(i)::value]], r[t.second[decltype(i)::value]]);
  });
}

// Sorts a bitonic sequence of 16 registers.
template <class T>
PRIEL_INLINE void clean16(Vec<T> (&r)[16]) {
  unrolled<32>([&](auto step) __attribute__((always_inline)) {
    constexpr int stage = decltype(step)::value / 8, pair = decltype(step)::value % 8, h = 8 >> stage;
    constexpr int low = pair / h * 2 * h + pair % h;
    exchange<T>(r[low], r[low + h]);
  });
}

// Of two sorted 16s, one in memory and one in registers, leaves the smaller half, sorted, in the registers.
template <class T>
PRIEL_INLINE void keep_smallest16(const Vec<T>* a, Vec<T> (&r)[16]) {
  Vec<T> kept[16];
  unrolled<16>([&](auto i) __attribute__((always_inline)) { kept[i] = min_of<T>(a[15 - i], r[i]); });
  clean16<T>(kept);
  unrolled<16>([&](auto i) __attribute__((always_inline)) { r[i] = kept[i]; });
}
template <class T>
PRIEL_INLINE void store16(const Vec<T> (&r)[16], Vec<T>* a) {
  unrolled<16>([&](auto i) __attribute__((always_inline)) { a[i] = r[i]; });
}

// Sorts a bitonic sequence of N: halves it down to 16s, two halvings per pass where possible. `load(i)` gives element i.
template <class T, int N, class Load>
PRIEL_INLINE void clean(Load load, Vec<T>* a) {
  if constexpr (N == 16) {
    Vec<T> r[16];
    unrolled<16>([&](auto i) __attribute__((always_inline)) { r[i] = load(i); });
    clean16<T>(r);
    store16<T>(r, a);
  } else if constexpr (N == 32) {
    Vec<T> r[16];
    unrolled<16>([&](auto i) __attribute__((always_inline)) {
      const Vec<T> low = load(i), high = load(i + 16);
      r[i] = min_of<T>(low, high);
      a[i + 16] = max_of<T>(low, high);
    });
    clean16<T>(r);
    store16<T>(r, a);
    clean<T, 16>([&](int i) __attribute__((always_inline)) { return a[i + 16]; }, a + 16);
  } else {
    constexpr int q = N / 4;
    for (int i = 0; i < q; ++i) {
      Vec<T> r0 = load(i), r1 = load(i + q), r2 = load(i + 2 * q), r3 = load(i + 3 * q);
      exchange<T>(r0, r2);
      exchange<T>(r1, r3);
      exchange<T>(r0, r1);
      exchange<T>(r2, r3);
      a[i] = r0, a[i + q] = r1, a[i + 2 * q] = r2, a[i + 3 * q] = r3;
    }
    for (int part = 0; part < 4; ++part)
      clean<T, q>([part = a + part * q](int i) __attribute__((always_inline)) { return part[i]; }, a + part * q);
  }
}

// Two sorted halves become a sorted N = 32, 64 or 128.
template <class T, int N>
void merge(Vec<T>* a) {
  constexpr int half = N / 2;
  if constexpr (N == 32) {
    Vec<T> r[16];
    unrolled<16>([&](auto i) __attribute__((always_inline)) {
      const Vec<T> low = a[i], high = a[31 - i];
      r[i] = min_of<T>(low, high);
      a[31 - i] = max_of<T>(low, high);
    });
    clean16<T>(r);
    store16<T>(r, a);
    clean<T, 16>([a](int i) __attribute__((always_inline)) { return a[16 + i]; }, a + 16);
    return;
  }
  for (int i = 0; i < half / 2; ++i) {
    Vec<T> r0 = a[i], r1 = a[N - 1 - i], r2 = a[half - 1 - i], r3 = a[half + i];
    exchange<T>(r0, r1);
    exchange<T>(r2, r3);
    a[i] = r0, a[N - 1 - i] = r1, a[half - 1 - i] = r2, a[half + i] = r3;
  }
  clean<T, half>([a](int i) __attribute__((always_inline)) { return a[i]; }, a);
  clean<T, half>([a](int i) __attribute__((always_inline)) { return a[half + i]; }, a + half);
}

// Sorts N = 16, 32, 64 or 128 vectors, lane by lane. parts.fill(part, a) leaves each 16 of them in `a`, sorted.
template <class T, int N, class Parts>
void sort_parts(Vec<T>* a, std::int64_t part, Parts& parts) {
  if constexpr (N == 16) {
    parts.fill(part, a);
  } else {
    sort_parts<T, N / 2>(a, part, parts);
    sort_parts<T, N / 2>(a + N / 2, part + N / 32, parts);
    merge<T, N>(a);
  }
}

// Parts that are there already.
template <class T>
struct UnsortedParts {
  void fill(std::int64_t, Vec<T>* a) const {
    Vec<T> r[16];
    unrolled<16>([&](auto i) __attribute__((always_inline)) { r[i] = a[i]; });
    sort16<T>(r);
    store16<T>(r, a);
  }
};
template <class T, int N>
void sort_block(Vec<T>* a) {
  UnsortedParts<T> parts;
  sort_parts<T, N>(a, 0, parts);
}

// Of two sorted blocks keeps the smaller half, sorted, in `a`.
template <class T, int N>
void keep_smallest(Vec<T>* a, const Vec<T>* b) {
  clean<T, N>([a, b](int i) __attribute__((always_inline)) { return min_of<T>(a[i], b[N - 1 - i]); }, a);
}

}  // namespace priel::detail::PRIEL_ISA
