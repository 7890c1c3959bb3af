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
#define PRIEL_DECLARE2(name, f, d)                                                                  \
  extern Packed<float> glibc_##name(Packed<float>, Packed<float>) __asm__(f "vv_" #name "f");       \
  extern Packed<double> glibc_##name(Packed<double>, Packed<double>) __asm__(d "vv_" #name);        \
  struct Of_##name {                                                                                \
    template <class T>                                                                              \
    PRIEL_INLINE static Packed<T> call(Packed<T> x, Packed<T> y) { return glibc_##name(x, y); }     \
  };
#define PRIEL_DECLARE_NAMED(name, names) PRIEL_DECLARE(name, names)
#define PRIEL_DECLARE2_NAMED(name, names) PRIEL_DECLARE2(name, names)
#define PRIEL_FUNCTION(name) PRIEL_DECLARE_NAMED(name, PRIEL_GLIBC_NAMES)
#define PRIEL_FUNCTION2(name) PRIEL_DECLARE2_NAMED(name, PRIEL_GLIBC_NAMES)
#else
#define PRIEL_FUNCTION(name)                                                                        \
  struct Of_##name {                                                                                \
    template <class T>                                                                              \
    PRIEL_INLINE static Packed<T> call(Packed<T> x) {                                               \
      for (int lane = 0; lane < lanes<T>; ++lane) x[lane] = std::name(static_cast<T>(x[lane]));     \
      return x;                                                                                     \
    }                                                                                               \
  };
#define PRIEL_FUNCTION2(name)                                                                       \
  struct Of_##name {                                                                                \
    template <class T>                                                                              \
    PRIEL_INLINE static Packed<T> call(Packed<T> x, Packed<T> y) {                                  \
      for (int lane = 0; lane < lanes<T>; ++lane)                                                   \
        x[lane] = std::name(static_cast<T>(x[lane]), static_cast<T>(y[lane]));                      \
      return x;                                                                                     \
    }                                                                                               \
  };
#endif

namespace priel::detail::PRIEL_ISA {

PRIEL_FUNCTION(exp)
PRIEL_FUNCTION(exp2)
PRIEL_FUNCTION(expm1)
PRIEL_FUNCTION(log)
PRIEL_FUNCTION(log2)
PRIEL_FUNCTION(log10)
PRIEL_FUNCTION(log1p)
PRIEL_FUNCTION(cbrt)
PRIEL_FUNCTION(sin)
PRIEL_FUNCTION(cos)
PRIEL_FUNCTION(tan)
PRIEL_FUNCTION(asin)
PRIEL_FUNCTION(acos)
PRIEL_FUNCTION(atan)
PRIEL_FUNCTION(sinh)
PRIEL_FUNCTION(cosh)
PRIEL_FUNCTION(tanh)
PRIEL_FUNCTION(asinh)
PRIEL_FUNCTION(acosh)
PRIEL_FUNCTION(atanh)
PRIEL_FUNCTION(erf)
PRIEL_FUNCTION(erfc)
PRIEL_FUNCTION2(pow)
PRIEL_FUNCTION2(atan2)
PRIEL_FUNCTION2(hypot)

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

template <class F, class T>
void each(const T* left, const T* right, T* out, std::int64_t n) {
  std::int64_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>)
    store<T, lanes<T>>(out + i, F::template call<T>(load<T, lanes<T>>(left + i), load<T, lanes<T>>(right + i)));
  if (i < n) put_rest<T>(out + i, n - i, F::template call<T>(rest_of<T>(left + i, n - i), rest_of<T>(right + i, n - i)));
}

// In the order of the enumerations.
template <class T>
constexpr FunctionKernels<T> function_kernels{
    {each<Of_exp, T>, each<Of_exp2, T>, each<Of_expm1, T>, each<Of_log, T>, each<Of_log2, T>, each<Of_log10, T>, each<Of_log1p, T>,
     each<Of_cbrt, T>, each<Of_sin, T>, each<Of_cos, T>, each<Of_tan, T>, each<Of_asin, T>, each<Of_acos, T>, each<Of_atan, T>,
     each<Of_sinh, T>, each<Of_cosh, T>, each<Of_tanh, T>, each<Of_asinh, T>, each<Of_acosh, T>, each<Of_atanh, T>, each<Of_erf, T>,
     each<Of_erfc, T>},
    {each<Of_pow, T>, each<Of_atan2, T>, each<Of_hypot, T>}};

}  // namespace priel::detail::PRIEL_ISA
