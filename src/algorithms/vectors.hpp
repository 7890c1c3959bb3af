// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Vectors of one instruction set, by the compilers' vector types; included only by the units that define PRIEL_ISA.
#pragma once

#include "../core/closed/registers.hpp"

#include <priel/backend/square_root.hpp>

#include <cstdint>
#include <utility>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace priel::detail::PRIEL_ISA {

template <class T>
struct Number;

// `smallest` and `beyond` bound the bit patterns of normal, finite numbers: in between, patterns sort as floating-point
// numbers whatever the processor does with denormal ones.
template <>
struct Number<float> {
  using Bits = std::int32_t;
  using Unsigned = std::uint32_t;
  static constexpr Bits smallest = 0x00800000, beyond = 0x7f000000, infinite = 0x7f800000;
  static constexpr float infinity = __builtin_inff(), nan = __builtin_nanf(""), epsilon = 0x1p-23F;
};
template <>
struct Number<double> {
  using Bits = std::int64_t;
  using Unsigned = std::uint64_t;
  static constexpr Bits smallest = 0x0010000000000000, beyond = 0x7fe0000000000000, infinite = 0x7ff0000000000000;
  static constexpr double infinity = __builtin_inf(), nan = __builtin_nan(""), epsilon = 0x1p-52;
};
template <class T>
using BitsOf = typename Number<T>::Bits;

template <class T>
struct VectorOf {
  typedef T type __attribute__((vector_size(PRIEL_VECTOR_BYTES), __may_alias__));
};
template <class T>
using Vec = typename VectorOf<T>::type;
template <class T>
using BitVec = Vec<BitsOf<T>>;

template <class T>
using UnsignedVec = Vec<typename Number<T>::Unsigned>;

// How many elements a vector holds.
template <class T>
constexpr int lanes = PRIEL_VECTOR_BYTES / static_cast<int>(sizeof(T));

template <class T>
PRIEL_INLINE Vec<T>& at(T* p) { return *reinterpret_cast<Vec<T>*>(p); }
template <class T>
PRIEL_INLINE const Vec<T>& at(const T* p) { return *reinterpret_cast<const Vec<T>*>(p); }

// The same memory read as bit patterns.
template <class T>
PRIEL_INLINE BitVec<T>& bits_at(T* p) { return *reinterpret_cast<BitVec<T>*>(p); }
template <class T>
PRIEL_INLINE const BitVec<T>& bits_at(const T* p) { return *reinterpret_cast<const BitVec<T>*>(p); }
template <class T>
PRIEL_INLINE const UnsignedVec<T>& unsigned_at(const T* p) { return *reinterpret_cast<const UnsignedVec<T>*>(p); }

template <class T>
PRIEL_INLINE Vec<T> all(T value) { return value - Vec<T>{}; }
template <class T>
PRIEL_INLINE Vec<T> min_of(Vec<T> a, Vec<T> b) { return a < b ? a : b; }
template <class T>
PRIEL_INLINE Vec<T> max_of(Vec<T> a, Vec<T> b) { return a > b ? a : b; }

// 0, 1, 2, ... as bit patterns (integers), for masks.
template <class T, int... Is>
PRIEL_INLINE BitVec<T> iota(std::integer_sequence<int, Is...>) { return BitVec<T>{Is...}; }
template <class T>
PRIEL_INLINE BitVec<T> iota() { return iota<T>(std::make_integer_sequence<int, lanes<T>>{}); }

template <class T, int... Is>
PRIEL_INLINE Vec<T> zip_low(Vec<T> a, Vec<T> b, std::integer_sequence<int, Is...>) {
  return __builtin_shufflevector(a, b, (Is % 2 * lanes<T> + Is / 2)...);
}
template <class T, int... Is>
PRIEL_INLINE Vec<T> zip_high(Vec<T> a, Vec<T> b, std::integer_sequence<int, Is...>) {
  return __builtin_shufflevector(a, b, (Is % 2 * lanes<T> + lanes<T> / 2 + Is / 2)...);
}
template <class T>
using AllLanes = std::make_integer_sequence<int, lanes<T>>;

// Rows become columns: element l of rows[r] goes to element r of rows[l].
template <class T>
PRIEL_INLINE void transpose(Vec<T>* rows) {
  constexpr AllLanes<T> every;
  for (int stage = 1; stage < lanes<T>; stage *= 2) {
    Vec<T> zipped[lanes<T>];
    for (int i = 0; i < lanes<T> / 2; ++i) {
      zipped[2 * i] = zip_low<T>(rows[i], rows[i + lanes<T> / 2], every);
      zipped[2 * i + 1] = zip_high<T>(rows[i], rows[i + lanes<T> / 2], every);
    }
    for (int i = 0; i < lanes<T>; ++i) rows[i] = zipped[i];
  }
}

template <int N>
struct Constant {
  static constexpr int value = N;
  constexpr operator int() const { return N; }
};

template <class F, int... Is>
PRIEL_INLINE void unrolled(F f, std::integer_sequence<int, Is...>) { (f(Constant<Is>{}), ...); }
// f(0), ..., f(N - 1) with constants.
template <int N, class F>
PRIEL_INLINE void unrolled(F f) { unrolled(f, std::make_integer_sequence<int, N>{}); }

template <class T, int Distance, int... Is>
PRIEL_INLINE Vec<T> rotated(Vec<T> a, std::integer_sequence<int, Is...>) {
  return __builtin_shufflevector(a, a, ((Is + Distance) % lanes<T>)...);
}
template <class T, int Distance = lanes<T> / 2>
PRIEL_INLINE T largest(Vec<T> a) {
  if constexpr (Distance == 0) return a[0];
  else return largest<T, Distance / 2>(max_of<T>(a, rotated<T, Distance>(a, AllLanes<T>{})));
}

// Whether any lane of a mask is set.
template <class T>
PRIEL_INLINE bool any_of(BitVec<T> mask) {
  BitsOf<T> set = 0;
  for (int lane = 0; lane < lanes<T>; ++lane) set |= mask[lane];
  return set != 0;
}

PRIEL_INLINE float square_root(float x) { return __builtin_sqrtf(x); }
PRIEL_INLINE double square_root(double x) { return __builtin_sqrt(x); }
template <class T>
PRIEL_INLINE Vec<T> square_root_of(Vec<T> a) {
#if defined(__AVX512F__)
  if constexpr (__is_same(T, float)) return (Vec<T>)priel::detail::square_root((__m512)a);
#endif
  Vec<T> root;
  for (int lane = 0; lane < lanes<T>; ++lane) root[lane] = square_root(a[lane]);
  return root;
}

template <class T>
PRIEL_INLINE BitsOf<T> bits_of(T value) { return __builtin_bit_cast(BitsOf<T>, value); }
template <class T>
PRIEL_INLINE T number_of(BitsOf<T> bits) { return __builtin_bit_cast(T, bits); }

constexpr std::int64_t round_up(std::int64_t n, std::int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }

}  // namespace priel::detail::PRIEL_ISA
