// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Vectors of the instruction set that a unit is compiled for, by the compilers' vector types; the unit defines PRIEL_ISA.
#pragma once

#include "registers.hpp"

#include <cstdint>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace priel::detail::PRIEL_ISA {

// N elements; Loose ones may lie anywhere in memory of any type.
template <class T, int N>
struct VectorOf {
  typedef T type __attribute__((vector_size(N * sizeof(T))));
  typedef T loose __attribute__((vector_size(N * sizeof(T)), aligned(1), may_alias));
};
template <class T, int N>
using Vec = typename VectorOf<T, N>::type;
// A register full.
template <class T>
constexpr int lanes = PRIEL_VECTOR_BYTES / static_cast<int>(sizeof(T));
template <class T>
using Packed = Vec<T, lanes<T>>;

template <class T, int N>
PRIEL_INLINE Vec<T, N> load(const T* p) { return *reinterpret_cast<const typename VectorOf<T, N>::loose*>(p); }
template <class T, int N>
PRIEL_INLINE void store(T* p, Vec<T, N> x) { *reinterpret_cast<typename VectorOf<T, N>::loose*>(p) = x; }

// As many elements of T as a register holds accumulators A, converted. g++ 12 does it in halves unless it is told how.
template <class A, class T>
PRIEL_INLINE Packed<A> widened(const T* p) {
  if constexpr (__is_same(A, T)) return load<T, lanes<T>>(p);
#if defined(__AVX512F__)
  else if constexpr (__is_same(T, float)) return _mm512_maskz_cvtps_pd(0xff, _mm256_loadu_ps(p));
  else if constexpr (__is_same(T, std::int32_t) && __is_same(A, double)) return _mm512_maskz_cvtepi32_pd(0xff, (__m256i)load<T, 8>(p));
  else if constexpr (__is_same(T, std::int32_t)) return reinterpret_cast<Packed<A>>(_mm512_maskz_cvtepi32_epi64(0xff, (__m256i)load<T, 8>(p)));
#elif defined(__AVX2__)
  else if constexpr (__is_same(T, float)) return _mm256_cvtps_pd(_mm_loadu_ps(p));
  else if constexpr (__is_same(T, std::int32_t) && __is_same(A, double)) return _mm256_cvtepi32_pd((__m128i)load<T, 4>(p));
  else if constexpr (__is_same(T, std::int32_t)) return reinterpret_cast<Packed<A>>(_mm256_cvtepi32_epi64((__m128i)load<T, 4>(p)));
#elif defined(__SSE2__)
  else if constexpr (__is_same(T, float)) return _mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i_u*>(p))));
#endif
  else return __builtin_convertvector((load<T, lanes<A>>(p)), Packed<A>);
}

template <class A, class V>
PRIEL_INLINE A total(V x) {
  A sum = 0;
  for (int lane = 0; lane < static_cast<int>(sizeof(V) / sizeof(A)); ++lane) sum += x[lane];
  return sum;
}

}  // namespace priel::detail::PRIEL_ISA
