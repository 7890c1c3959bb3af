// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which lanes of a vector are within their limits.
#pragma once

#include "task.hpp"
#include "../dense/pairs.hpp"

namespace priel::detail::PRIEL_ISA {

// Bit l: lane l is no larger than its limit; NaN never is.
PRIEL_INLINE unsigned within(Vec<float> value, Vec<float> limit) {
#if PRIEL_VECTOR_BYTES == 64
  return _mm512_cmp_ps_mask(reinterpret_cast<__m512>(value), reinterpret_cast<__m512>(limit), _CMP_LE_OQ);
#elif PRIEL_VECTOR_BYTES == 32
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(reinterpret_cast<__m256>(value), reinterpret_cast<__m256>(limit), _CMP_LE_OQ)));
#elif defined(__SSE2__)
  return static_cast<unsigned>(_mm_movemask_ps(_mm_cmple_ps(reinterpret_cast<__m128>(value), reinterpret_cast<__m128>(limit))));
#else
  unsigned bits = 0;
  for (int lane = 0; lane < lanes<float>; ++lane) bits |= static_cast<unsigned>(value[lane] <= limit[lane]) << lane;
  return bits;
#endif
}
PRIEL_INLINE unsigned within(Vec<double> value, Vec<double> limit) {
#if PRIEL_VECTOR_BYTES == 64
  return _mm512_cmp_pd_mask(reinterpret_cast<__m512d>(value), reinterpret_cast<__m512d>(limit), _CMP_LE_OQ);
#elif PRIEL_VECTOR_BYTES == 32
  return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(reinterpret_cast<__m256d>(value), reinterpret_cast<__m256d>(limit), _CMP_LE_OQ)));
#elif defined(__SSE2__)
  return static_cast<unsigned>(_mm_movemask_pd(_mm_cmple_pd(reinterpret_cast<__m128d>(value), reinterpret_cast<__m128d>(limit))));
#else
  unsigned bits = 0;
  for (int lane = 0; lane < lanes<double>; ++lane) bits |= static_cast<unsigned>(value[lane] <= limit[lane]) << lane;
  return bits;
#endif
}

// The limits of rows of y as a tile reads them.
template <class T>
struct Limits {
  const T* limit;   // null: nothing is within
  std::int64_t count;

  // Of the lanes from column j on; what lies behind the last one has none.
  PRIEL_INLINE Vec<T> from(std::int64_t j) const {
    if (limit != nullptr && j + lanes<T> <= count) return load<T>(limit + j);
    Vec<T> some{};
    for (int lane = 0; lane < lanes<T>; ++lane) some[lane] = limit != nullptr && j + lane < count ? limit[j + lane] : -Number<T>::infinity;
    return some;
  }
};

}  // namespace priel::detail::PRIEL_ISA
