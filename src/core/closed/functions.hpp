// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Element-wise functions of runs, by glibc's vector mathematics where that is there and by the scalar functions elsewhere.
#pragma once

#include "vectors.hpp"

#include <priel/backend/closed.hpp>

#include <cmath>

// glibc names them after the instruction set, the lanes and the operands: _ZGVdN8v_expf.
#if defined(__x86_64__) && defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 35)
#if defined(__AVX512F__)
#define PRIEL_GLIBC_NAMES "_ZGVeN16", "_ZGVeN8"
#elif defined(__AVX2__)
#define PRIEL_GLIBC_NAMES "_ZGVdN8", "_ZGVdN4"
#else
#define PRIEL_GLIBC_NAMES "_ZGVbN4", "_ZGVbN2"
#endif
#endif
#endif

#if defined(PRIEL_GLIBC_NAMES)
#define PRIEL_DECLARE(name, f, d)                                                                   \
  extern Packed<float> glibc_##name(Packed<float>) __asm__(f "v_" #name "f");                       \
  extern Packed<double> glibc_##name(Packed<double>) __asm__(d "v_" #name);                         \
  struct Of_##name {                                                                                \
    template <class T>                                                                              \
    PRIEL_INLINE static Packed<T> call(Packed<T> x) { return glibc_##name(x); }                     \
  };
#define PRIEL_DECLARE_NAMED(name, names) PRIEL_DECLARE(name, names)
#define PRIEL_FUNCTION(name) PRIEL_DECLARE_NAMED(name, PRIEL_GLIBC_NAMES)
#else
#define PRIEL_FUNCTION(name)                                                                        \
  struct Of_##name {                                                                                \
    template <class T>                                                                              \
    PRIEL_INLINE static Packed<T> call(Packed<T> x) {                                               \
      for (int lane = 0; lane < lanes<T>; ++lane) x[lane] = std::name(static_cast<T>(x[lane]));     \
      return x;                                                                                     \
    }                                                                                               \
  };
#endif

namespace priel::detail::PRIEL_ISA {

PRIEL_FUNCTION(exp)
PRIEL_FUNCTION(expm1)
PRIEL_FUNCTION(log)
PRIEL_FUNCTION(log2)
PRIEL_FUNCTION(log10)
PRIEL_FUNCTION(log1p)
PRIEL_FUNCTION(sin)
PRIEL_FUNCTION(cos)
PRIEL_FUNCTION(tan)
PRIEL_FUNCTION(tanh)
PRIEL_FUNCTION(erf)

#if defined(PRIEL_GLIBC_NAMES)
#define PRIEL_DECLARE_POWER(f, d)                                                                   \
  extern Packed<float> glibc_pow(Packed<float>, Packed<float>) __asm__(f "vv_powf");                \
  extern Packed<double> glibc_pow(Packed<double>, Packed<double>) __asm__(d "vv_pow");
#define PRIEL_DECLARE_POWER_NAMED(names) PRIEL_DECLARE_POWER(names)
PRIEL_DECLARE_POWER_NAMED(PRIEL_GLIBC_NAMES)
template <class T>
PRIEL_INLINE Packed<T> raised(Packed<T> x, Packed<T> y) { return glibc_pow(x, y); }
#else
template <class T>
PRIEL_INLINE Packed<T> raised(Packed<T> x, Packed<T> y) {
  for (int lane = 0; lane < lanes<T>; ++lane) x[lane] = std::pow(static_cast<T>(x[lane]), static_cast<T>(y[lane]));
  return x;
}
#endif

// The last elements of a run, repeated to a whole register, so that they pass through the same code.
template <class T>
PRIEL_INLINE Packed<T> rest_of(const T* x, std::int64_t n) {
  Packed<T> rest;
  for (int lane = 0; lane < lanes<T>; ++lane) rest[lane] = x[lane < n ? lane : n - 1];
  return rest;
}
template <class T>
PRIEL_INLINE void put_rest(T* out, std::int64_t n, Packed<T> rest) {
  for (int lane = 0; lane < n; ++lane) out[lane] = rest[lane];
}

template <class F, class T>
void each(const T* in, T* out, std::int64_t n) {
  std::int64_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>) store<T, lanes<T>>(out + i, F::template call<T>(load<T, lanes<T>>(in + i)));
  if (i < n) put_rest<T>(out + i, n - i, F::template call<T>(rest_of<T>(in + i, n - i)));
}

template <class T>
void power(const T* base, const T* exponent, T* out, std::int64_t n) {
  std::int64_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>)
    store<T, lanes<T>>(out + i, raised<T>(load<T, lanes<T>>(base + i), load<T, lanes<T>>(exponent + i)));
  if (i < n) put_rest<T>(out + i, n - i, raised<T>(rest_of<T>(base + i, n - i), rest_of<T>(exponent + i, n - i)));
}

// In the order of the enumeration.
template <class T>
constexpr FunctionKernels<T> function_kernels{{each<Of_exp, T>, each<Of_expm1, T>, each<Of_log, T>, each<Of_log2, T>, each<Of_log10, T>,
                                               each<Of_log1p, T>, each<Of_sin, T>, each<Of_cos, T>, each<Of_tan, T>, each<Of_tanh, T>,
                                               each<Of_erf, T>}, power<T>};

}  // namespace priel::detail::PRIEL_ISA
