// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arithmetic of two elements, for every backend: what each operator computes on scalars; integers wrap.
#pragma once

#include <priel/op/families.hpp>

#include <cmath>

namespace priel::op {

#if defined(__CUDACC__)
namespace math = ::std;
#else
namespace math = std;
#endif

namespace detail {
// Integers wrap: computed without a sign.
template <class T, class F>
PRIEL_DEVICE constexpr T wrapping(T a, T b, F f) {
  if constexpr (std::is_same_v<T, bool>) return static_cast<T>(f(static_cast<int>(a), static_cast<int>(b)));
  else if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;
    using Wide = std::conditional_t<(sizeof(U) < sizeof(unsigned)), unsigned, U>;
    return static_cast<T>(f(static_cast<Wide>(static_cast<U>(a)), static_cast<Wide>(static_cast<U>(b))));
  } else return f(a, b);
}

// R. L. Smith, "Algorithm 116: Complex division", CACM 5 (1962) 435, as NumPy.
template <class T>
PRIEL_DEVICE constexpr T quotient(T a, T b) {
  using Part = typename T::value_type;
  const Part x = b.real(), y = b.imag(), ax = x < 0 ? -x : x, ay = y < 0 ? -y : y;
  if (ax >= ay) {
    if (ax == 0 && ay == 0) return T(a.real() / ax, a.imag() / ax);
    const Part ratio = y / x, scale = Part(1) / (x + y * ratio);
    return T((a.real() + a.imag() * ratio) * scale, (a.imag() - a.real() * ratio) * scale);
  }
  const Part ratio = x / y, scale = Part(1) / (y + x * ratio);
  return T((a.real() * ratio + a.imag()) * scale, (a.imag() * ratio - a.real()) * scale);
}
}  // namespace detail

struct Add : Arithmetic {
  static constexpr bool takes(Kind) { return true; }
  static constexpr bool linear(bool left, bool right) { return left && right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return detail::wrapping(a, b, [](auto x, auto y) { return x + y; }); }
};
// Not of bool, as NumPy; nor is Negate.
struct Subtract : Arithmetic {
  static constexpr bool takes(Kind kind) { return kind != Kind::boolean; }
  static constexpr bool linear(bool left, bool right) { return left && right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return detail::wrapping(a, b, [](auto x, auto y) { return x - y; }); }
};
struct Multiply : Arithmetic {
  static constexpr bool takes(Kind) { return true; }
  static constexpr bool linear(bool left, bool right) { return left != right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (is_complex<T>) return T(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
    else return detail::wrapping(a, b, [](auto x, auto y) { return x * y; });
  }
};
struct Divide : Floating {
  static constexpr bool takes(Kind) { return true; }
  static constexpr bool linear(bool left, bool right) { return left && !right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (is_complex<T>) return detail::quotient(a, b);
    else return a / b;
  }
};
struct Negate : Unary {
  static constexpr bool takes(Kind kind) { return kind != Kind::boolean; }
  static constexpr bool linear(bool operand, bool) { return operand; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (is_complex<T>) return T(-a.real(), -a.imag());
    else if constexpr (std::is_integral_v<T>) return detail::wrapping(T{}, a, [](auto x, auto y) { return x - y; });
    else return -a;   // of 0 it is -0
  }
};
// Takes the divisor's sign, as Python's.
struct FloorDivide : Counting, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) if (b == T(-1)) return Negate::call(a);   // the lowest by -1 would overflow
      const T q = static_cast<T>(a / b);
      return static_cast<T>(q - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0));
    } else {   // by the remainder, as NumPy: a / b may be rounded up to a whole number
      if (b == 0) return a / b;
      const T r = math::fmod(a, b), quotient = (a - r) / b - (r != 0 && ((b < 0) != (r < 0)) ? 1 : 0), whole = math::floor(quotient);
      if (quotient == 0) return math::copysign(T(0), a / b);
      return quotient - whole > T(0.5) ? whole + 1 : whole;
    }
  }
};
struct Remainder : Counting, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) if (b == T(-1)) return 0;
      const T r = static_cast<T>(a % b);
      return static_cast<T>(r != 0 && ((r < 0) != (b < 0)) ? r + b : r);
    } else {
      const T r = math::fmod(a, b);
      if (r == 0) return math::copysign(r, b);
      return (r < 0) != (b < 0) ? r + b : r;
    }
  }
};
// The dividend's sign, as C's.
struct Fmod : Counting, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) if (b == T(-1)) return 0;
      return static_cast<T>(a % b);
    } else return math::fmod(a, b);
  }
};
// NaN if either is.
struct Maximum : Arithmetic, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a > b || a != a ? a : b; }
};
struct Minimum : Arithmetic, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a < b || a != a ? a : b; }
};

// The other one if either is NaN.
struct Fmax : Arithmetic, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a >= b || b != b ? a : b; }
};
struct Fmin : Arithmetic, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a <= b || b != b ? a : b; }
};

}  // namespace priel::op
