// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Exponentials, logarithms, powers, a line each.
#pragma once

#include <priel/op/arithmetic.hpp>

#include <limits>

namespace priel::op {

struct Square : Counting, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) { return Multiply::call(a, a); }
};
// 1 / a of integers is 0 but of 1 and -1; of 0, too, where NumPy warns.
struct Reciprocal : Counting, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (std::is_integral_v<T>) return a == T(1) || (std::is_signed_v<T> && a == static_cast<T>(-1)) ? a : T(0);
    else return Divide::call(T(1), a);
  }
};
struct Sqrt : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::sqrt(a); } };
struct Exp : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::exp(a); } };
struct Log : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::log(a); } };
struct Log10 : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::log10(a); } };

namespace detail {
// Of complex numbers, as NumPy: |a - 1| small in both keeps its digits.
template <class T>
PRIEL_DEVICE T complex_expm1(T z) {
  const auto half = math::sin(z.imag() / 2);
  return T(math::expm1(z.real()) * math::cos(z.imag()) - 2 * half * half, math::exp(z.real()) * math::sin(z.imag()));
}
template <class T>
PRIEL_DEVICE T complex_log1p(T z) {
  return T(math::log(math::hypot(z.real() + 1, z.imag())), math::atan2(z.imag(), z.real() + 1));
}
template <class T>
inline constexpr T ln2 = T(0.693147180559945309);
}  // namespace detail

struct Exp2 : Floating, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if constexpr (is_complex<T>) return math::exp(a * detail::ln2<typename T::value_type>);
    else return math::exp2(a);
  }
};
struct Expm1 : Floating, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if constexpr (is_complex<T>) return detail::complex_expm1(a);
    else return math::expm1(a);
  }
};
struct Log2 : Floating, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if constexpr (is_complex<T>) return math::log(a) / detail::ln2<typename T::value_type>;
    else return math::log2(a);
  }
};
struct Log1p : Floating, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if constexpr (is_complex<T>) return detail::complex_log1p(a);
    else return math::log1p(a);
  }
};
struct Cbrt : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::cbrt(a); } };

struct Power : Counting, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {  // by squaring; a negative exponent of an integer is 0, 1 or -1 at most
      if (b < T{}) return a == T(1) ? T(1) : (a == T(-1) ? (b % 2 == 0 ? T(1) : T(-1)) : T(0));
      T result(1);
      for (; b > 0; b = static_cast<T>(b / 2), a = Multiply::call(a, a))
        if (b % 2 != 0) result = Multiply::call(result, a);
      return result;
    } else if constexpr (is_complex<T>) {   // NumPy's powers of 0
      if (a != T(0)) return math::pow(a, b);
      if (b == T(0)) return T(1);
      constexpr auto undefined = std::numeric_limits<typename T::value_type>::quiet_NaN();
      return b.real() > 0 ? T(0) : T(undefined, undefined);
    } else return math::pow(a, b);
  }
};
struct FloatPower : Doubles, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a, T b) { return Power::call(a, b); }
};

// log(exp(a) + exp(b)), of which neither need be a number of the type.
struct LogAddExp : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a, T b) {
    if (a == b) return a + detail::ln2<T>;   // infinities, too
    const T difference = a - b;
    if (difference > 0) return a + math::log1p(math::exp(-difference));
    if (difference <= 0) return b + math::log1p(math::exp(difference));
    return difference;   // NaN
  }
};
struct LogAddExp2 : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a, T b) {
    if (a == b) return a + 1;
    const T difference = a - b;
    if (difference > 0) return a + math::log1p(math::exp2(-difference)) / detail::ln2<T>;
    if (difference <= 0) return b + math::log1p(math::exp2(difference)) / detail::ln2<T>;
    return difference;
  }
};

}  // namespace priel::op
