// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What folds fold with, of lanes or of single values, and how far ahead of themselves they fetch.
#pragma once

#include "vectors.hpp"

#define PRIEL_INLINED __attribute__((always_inline))

namespace priel::detail::PRIEL_ISA {

// A number that the compiler knows.
template <int N>
struct Length { static constexpr int value = N; };

// Bytes ahead: processors stop fetching by themselves where a page of memory ends.
inline constexpr int fetched_ahead = 1024, fetched_far_ahead = 2048;   // far: where a line takes longer to work on
template <class T>
PRIEL_INLINE void fetch(const T* at, int ahead) { __builtin_prefetch(reinterpret_cast<const char*>(at) + ahead); }

// A comparison of equally long lanes gives all bits where it holds, which is -1.
template <class T>
struct SignedOf;
template <> struct SignedOf<float> { using type = std::int32_t; };
template <> struct SignedOf<double> { using type = std::int64_t; };
template <> struct SignedOf<std::int32_t> { using type = std::int32_t; };
template <> struct SignedOf<std::int64_t> { using type = std::int64_t; };
template <> struct SignedOf<std::uint8_t> { using type = std::int8_t; };
template <class T>
using MaskLane = typename SignedOf<T>::type;

struct Plus {
  template <class A>
  static constexpr A identity = 0;
  template <class V>
  PRIEL_INLINE static V fold(V a, V b) { return a + b; }
};
struct Times {
  template <class A>
  static constexpr A identity = 1;
  template <class V>
  PRIEL_INLINE static V fold(V a, V b) { return a * b; }
};
// The first by an order; NaN, with which comparisons are false, if there is one.
struct Less {
  template <class V>
  PRIEL_INLINE static V fold(V best, V v) { return ((v < best) | (v != v)) ? v : best; }
};
struct Greater {
  template <class V>
  PRIEL_INLINE static V fold(V best, V v) { return ((v > best) | (v != v)) ? v : best; }
};

}  // namespace priel::detail::PRIEL_ISA
