// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rounding, signs, and the parts of floating-point numbers.
#pragma once

#include <priel/op/arithmetic.hpp>

#include <limits>

namespace priel::op {

struct Floor : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::floor(a); } };
struct Ceil : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::ceil(a); } };
struct Trunc : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a) { return math::trunc(a); } };
// Half to even, as NumPy's, with and without a change of integers' type.
struct Rint : Floating, NotLinear {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if constexpr (is_complex<T>) return T(math::nearbyint(a.real()), math::nearbyint(a.imag()));
    else return math::nearbyint(a);
  }
};
struct Round : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if constexpr (std::is_integral_v<T>) return a;
    else return Rint::call(a);
  }
};
// To multiples of 1 / scale, or of -scale where that is negative.
struct RoundTo : Adjustment, NotLinear {
  template <class T, class F>
  PRIEL_DEVICE static T call(T a, F scale) {
    if constexpr (is_complex<T>) return T(call(a.real(), scale), call(a.imag(), scale));
    else if constexpr (std::is_integral_v<T>) return scale > 0 ? a : static_cast<T>(math::nearbyint(static_cast<F>(a) / -scale) * -scale);
    else return scale > 0 ? math::nearbyint(a * scale) / scale : math::nearbyint(a / -scale) * -scale;
  }
};

struct Positive : Unary, NotLinear {
  static constexpr bool takes(Kind kind) { return kind != Kind::boolean; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) { return a; }
};
// -1, 0, 1, NaN of NaN; of complex numbers z / |z|, as NumPy 2.
struct Sign : Unary, NotLinear {
  static constexpr bool takes(Kind kind) { return kind != Kind::boolean; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (is_complex<T>) {
      const auto size = math::hypot(a.real(), a.imag());
      return size == 0 ? T(0) : T(a.real() / size, a.imag() / size);
    } else if constexpr (std::is_integral_v<T>) return static_cast<T>((a > 0) - (a < 0));
    else return a != a ? a : static_cast<T>((a > 0) - (a < 0));
  }
};
struct SignBit : Predicate, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) {
    if constexpr (std::is_floating_point_v<T>) return math::signbit(a);
    else return a < T{};
  }
};
struct CopySign : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a, T b) { return math::copysign(a, b); } };
// 0 below 0, 1 above, b at it.
struct Heaviside : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    const T step = a < 0 ? T(0) : T(1), with_b = a == 0 ? b : step;
    return a != a ? a : with_b;
  }
};

struct NextAfter : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a, T b) { return math::nextafter(a, b); } };
// To the next number away from 0.
struct Spacing : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    constexpr T infinity = std::numeric_limits<T>::infinity();
    return math::nextafter(a, a < 0 ? -infinity : infinity) - a;
  }
};
// The fraction has the sign of a, as the whole part has, Trunc.
struct Fraction : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a) { return math::copysign(a - a == T(0) || a != a ? a - math::trunc(a) : T(0), a); }
};
// a = mantissa · 2^exponent, 0.5 ≤ |mantissa| < 1.
struct Mantissa : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    int exponent;
    return math::frexp(a, &exponent);
  }
};
struct BinaryExponent : Exponent, OfReals {
  template <class T>
  PRIEL_DEVICE static std::int32_t call(T a) {
    int exponent = 0;
    if (a - a == T(0)) math::frexp(a, &exponent);
    return exponent;
  }
};
// a · 2^b.
struct Ldexp : Scaling, OfReals {
  template <class T>
  PRIEL_DEVICE static T call(T a, std::int64_t b) { return math::ldexp(a, static_cast<int>(b > 10000 ? 10000 : b < -10000 ? -10000 : b)); }
};

}  // namespace priel::op
