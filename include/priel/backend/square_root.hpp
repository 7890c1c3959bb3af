// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The square roots of sixteen floats, correctly rounded, by the processor's multipliers instead of its divider.
#pragma once

#if defined(__AVX512F__)
#include <immintrin.h>

namespace priel::detail {

// The bits of std::sqrt for every float. From the estimate of 1 / sqrt(x), which is within 2^-14, one step each for the root and for half its
// inverse, then the remainder x - root^2, which is exact, corrects the root: P. Markstein, "IA-64 and elementary functions" (2000),
// chapter 9. Inlined always, so that no unit compiled for other processors can be given this one.
[[gnu::always_inline]] inline __m512 square_root(__m512 x) {
  // The estimate as it is, but of 0 and -0 a 0, with which what follows returns x, and of infinity an infinity.
  constexpr int zero_of_zeros = 0x800, infinity_of_infinity = 0x500000;
  const __m512 seed = _mm512_fixupimm_ps(_mm512_maskz_rsqrt14_ps(0xffff, x), x, _mm512_set1_epi32(zero_of_zeros | infinity_of_infinity), 0);
  // Below 2^-80 the remainder is no normal number, and slow.
  if (__builtin_expect(_mm512_cmp_ps_mask(seed, _mm512_set1_ps(0x1p40F), _CMP_GT_OQ) != 0, false)) return _mm512_maskz_sqrt_ps(0xffff, x);
  const __m512 half = _mm512_set1_ps(0.5F), first = _mm512_mul_ps(x, seed), first_inverse = _mm512_mul_ps(seed, half);
  const __m512 error = _mm512_fnmadd_ps(first, first_inverse, half);
  const __m512 root = _mm512_fmadd_ps(first, error, first), inverse = _mm512_fmadd_ps(first_inverse, error, first_inverse);
  return _mm512_fmadd_ps(_mm512_fnmadd_ps(root, root, x), inverse, root);
}

}  // namespace priel::detail
#endif
