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

template <class T>
PRIEL_INLINE void sort16(Vec<T>* a) {
  constexpr Exchanges table = make_exchanges();
  Vec<T> r[16];
  unrolled<16>([&](auto i) __attribute__((always_inline)) { r[i] = a[i]; });
  unrolled<table.count>([&](auto i) __attribute__((always_inline)) {
    constexpr Exchanges t = make_exchanges();
    exchange<T>(r[t.first[decltype(i)::value]], r[t.second[decltype(i)::value]]);
  });
  unrolled<16>([&](auto i) __attribute__((always_inline)) { a[i] = r[i]; });
}

// Sorts a bitonic sequence of 16, in registers.
template <class T>
PRIEL_INLINE void clean16(Vec<T>* a) {
  Vec<T> r[16];
  unrolled<16>([&](auto i) __attribute__((always_inline)) { r[i] = a[i]; });
  unrolled<32>([&](auto step) __attribute__((always_inline)) {
    constexpr int stage = decltype(step)::value / 8, pair = decltype(step)::value % 8, h = 8 >> stage;
    constexpr int low = pair / h * 2 * h + pair % h;
    exchange<T>(r[low], r[low + h]);
  });
  unrolled<16>([&](auto i) __attribute__((always_inline)) { a[i] = r[i]; });
}

// Sorts a bitonic sequence of N: halves it down to 16s, two halvings per pass where possible.
template <class T, int N>
PRIEL_INLINE void clean(Vec<T>* a) {
  if constexpr (N == 16) {
    clean16<T>(a);
  } else if constexpr (N == 32) {
    for (int i = 0; i < 16; ++i) exchange<T>(a[i], a[i + 16]);
    clean<T, 16>(a);
    clean<T, 16>(a + 16);
  } else {
    constexpr int q = N / 4;
    for (int i = 0; i < q; ++i) {
      Vec<T> r0 = a[i], r1 = a[i + q], r2 = a[i + 2 * q], r3 = a[i + 3 * q];
      exchange<T>(r0, r2);
      exchange<T>(r1, r3);
      exchange<T>(r0, r1);
      exchange<T>(r2, r3);
      a[i] = r0, a[i + q] = r1, a[i + 2 * q] = r2, a[i + 3 * q] = r3;
    }
    for (int part = 0; part < 4; ++part) clean<T, q>(a + part * q);
  }
}

// Sorts N = 16, 32, 64 or 128 vectors, lane by lane.
template <class T, int N>
void sort_block(Vec<T>* a) {
  if constexpr (N == 16) {
    sort16<T>(a);
  } else {
    sort_block<T, N / 2>(a);
    sort_block<T, N / 2>(a + N / 2);
    for (int i = 0; i < N / 2; ++i) exchange<T>(a[i], a[N - 1 - i]);
    clean<T, N / 2>(a);
    clean<T, N / 2>(a + N / 2);
  }
}

// Of two sorted blocks keeps the smaller half, sorted, in `a`.
template <class T, int N>
void keep_smallest(Vec<T>* a, const Vec<T>* b) {
  for (int i = 0; i < N; ++i) a[i] = min_of<T>(a[i], b[N - 1 - i]);
  clean<T, N>(a);
}

}  // namespace priel::detail::PRIEL_ISA
