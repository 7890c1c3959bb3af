// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Trigonometric and hyperbolic functions, a line each; angles are in radians.
#pragma once

#include <priel/op/math.hpp>

namespace priel::op {

struct Sin : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::sin(a); } };
struct Cos : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::cos(a); } };
struct Tan : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::tan(a); } };
struct ArcSin : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::asin(a); } };
struct ArcCos : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::acos(a); } };
struct ArcTan : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::atan(a); } };
struct Sinh : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::sinh(a); } };
struct Cosh : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::cosh(a); } };
struct Tanh : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::tanh(a); } };
struct ArcSinh : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::asinh(a); } };
struct ArcCosh : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::acosh(a); } };
struct ArcTanh : Floating, Analytic { template <class T> PRIEL_DEVICE static T call(T a) { return math::atanh(a); } };
struct ArcTan2 : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a, T b) { return math::atan2(a, b); } };
struct Hypot : Floating, OfReals { template <class T> PRIEL_DEVICE static T call(T a, T b) { return math::hypot(a, b); } };

namespace detail {
template <class T>
inline constexpr T pi = T(3.141592653589793238);
}
struct Deg2rad : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) { return a * (detail::pi<T> / T(180)); }
};
struct Rad2deg : Floating, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) { return a * (T(180) / detail::pi<T>); }
};
// sin(πa) / πa, 1 at 0.
struct Sinc : Floating, Analytic {
  template <class T>
  PRIEL_DEVICE static T call(T a) {
    if (a == T(0)) return T(1);
    if constexpr (is_complex<T>) {
      const T x = a * detail::pi<typename T::value_type>;
      return Divide::call(T(math::sin(x)), x);
    } else return math::sin(detail::pi<T> * a) / (detail::pi<T> * a);
  }
};

}  // namespace priel::op
