// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The parts of complex numbers, absolute values, and predicates of elements.
#pragma once

#include <priel/op/logic.hpp>

#include <limits>

namespace priel::op {

struct Abs : Part, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr auto call(T a) {
    if constexpr (is_complex<T>) return math::hypot(a.real(), a.imag());
    else if constexpr (std::is_floating_point_v<T>) return math::fabs(a);
    else return a < T{} ? Negate::call(a) : a;
  }
};
struct RealPart : Part, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr auto call(T a) {
    if constexpr (is_complex<T>) return a.real();
    else return a;
  }
};
struct ImaginaryPart : Part, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr auto call(T a) {
    if constexpr (is_complex<T>) return a.imag();
    else return T{};
  }
};
struct Conjugate : Counting, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (is_complex<T>) return T(a.real(), -a.imag());
    else return a;
  }
};
// In radians; π of negative numbers.
struct Angle : FloatingPart, NotLinear {
  template <class T>
  PRIEL_DEVICE static auto call(T a) {
    if constexpr (is_complex<T>) return math::atan2(a.imag(), a.real());
    else return math::atan2(T(0), a);
  }
};

// Written so that -fno-honor-nans in a user's flags is the only thing that breaks them.
struct IsNan : Predicate, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) { return a != a; }
};
struct IsFinite : Predicate, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) {
    if constexpr (is_complex<T>) return call(a.real()) && call(a.imag());
    else if constexpr (std::is_floating_point_v<T>) return a - a == T{};
    else return true;
  }
};
struct IsInf : Predicate, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) {
    if constexpr (is_complex<T>) return call(a.real()) || call(a.imag());
    else return !IsFinite::call(a) & (a == a);
  }
};
struct IsPosInf : Predicate, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) { return (a > T{}) & !IsFinite::call(a); }
};
struct IsNegInf : Predicate, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) { return (a < T{}) & !IsFinite::call(a); }
};
struct IsReal : Predicate, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) { return ImaginaryPart::call(a) == decltype(ImaginaryPart::call(a)){}; }
};
struct IsComplex : Predicate, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) { return !IsReal::call(a); }
};
// |a - b| ≤ absolute + relative |b|; the same infinities; NaN and NaN where equal_nan is not 0.
struct IsClose : Closeness, NotLinear {
  template <class T, class F>
  PRIEL_DEVICE static constexpr bool call(T a, T b, F relative, F absolute, F equal_nan) {
    // By choices between numbers, which compilers make vectors of: infinite and NaN b allow -1, which equal operands are.
    const F limit = IsFinite::call(b) ? absolute + relative * Abs::call(b) : F(-1), distance = Abs::call(Subtract::call(a, b));
    const F unless_equal = a == b ? F(-1) : distance, of_nan = equal_nan != 0 ? F(-1) : F(1), if_nan = a != a ? of_nan : F(1);
    return (b != b ? if_nan : unless_equal) <= limit;
  }
};
struct NanToNum : Adjustment, NotLinear {
  template <class T, class F>
  PRIEL_DEVICE static constexpr T call(T a, F nan, F highest, F lowest) {
    if constexpr (is_complex<T>) return T(call(a.real(), nan, highest, lowest), call(a.imag(), nan, highest, lowest));
    else if constexpr (std::is_integral_v<T>) return a;
    else {   // no branches, for vectors
      constexpr T infinity = std::numeric_limits<T>::infinity();
      const T bounded = a == infinity ? highest : a, both = a == -infinity ? lowest : bounded;
      return a != a ? nan : both;
    }
  }
};

}  // namespace priel::op
