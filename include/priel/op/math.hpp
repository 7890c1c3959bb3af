// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Point-wise mathematical functions and predicates, a line each.
#pragma once

#include <priel/op/arithmetic.hpp>

namespace priel::op {

struct Predicate {};   // C -> bool, unary

#if defined(__CUDACC__)
namespace math = ::std;
#else
namespace math = std;
#endif

struct Abs : Sign, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) { return a < T{} ? Negate::call(a) : (a == T{} ? T{} : a); }
};
struct Square : Sign, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) { return Multiply::call(a, a); }
};

struct Sqrt : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::sqrt(a); } };
struct Exp : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::exp(a); } };
struct Expm1 : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::expm1(a); } };
struct Log : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::log(a); } };
struct Log10 : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::log10(a); } };
struct Log2 : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::log2(a); } };
struct Log1p : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::log1p(a); } };
struct Sin : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::sin(a); } };
struct Cos : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::cos(a); } };
struct Tan : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::tan(a); } };
struct Tanh : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::tanh(a); } };
struct Erf : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::erf(a); } };
struct Floor : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::floor(a); } };
struct Ceil : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::ceil(a); } };
// Half to even, as NumPy's.
struct Round : Floating, NotLinear { template <class T> PRIEL_DEVICE static T call(T a) { return math::nearbyint(a); } };
struct Power : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {  // by squaring; a negative exponent of an integer is 0, 1 or -1 at most
      if (b < T{}) return a == T(1) ? T(1) : (a == T(-1) ? (b % 2 == 0 ? T(1) : T(-1)) : T(0));
      T result(1);
      for (; b > 0; b = static_cast<T>(b / 2), a = Multiply::call(a, a))
        if (b % 2 != 0) result = Multiply::call(result, a);
      return result;
    } else return math::pow(a, b);
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
    if constexpr (std::is_floating_point_v<T>) return a - a == T{};
    else return true;
  }
};
struct IsInf : Predicate, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a) { return !IsFinite::call(a) && !IsNan::call(a); }
};

}  // namespace priel::op
