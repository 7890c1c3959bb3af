// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The table of point-wise operators: what each computes on scalars, for every backend; types follow its family.
#pragma once

#include <priel/element.hpp>
#include <priel/shape.hpp>

#include <cmath>

namespace priel::op {

// The families say what operands are converted to (C is the operands' common type) and what comes out.
struct Arithmetic {};   // C -> C
struct Floating {};     // floating_type<C> -> the same
struct Comparison {};   // C -> bool
struct Logical {};      // bool -> bool
struct Selection {};    // bool, C, C -> C
struct Sign {};         // C -> C, unary

// Whether the operator commutes with a sum over ranks, given which operands are pending sums (the others are scalars).
struct NotLinear {
  static constexpr bool linear(bool, bool) { return false; }
};

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
}  // namespace detail

struct Add : Arithmetic {
  static constexpr bool linear(bool left, bool right) { return left && right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return detail::wrapping(a, b, [](auto x, auto y) { return x + y; }); }
};
struct Subtract : Arithmetic {
  static constexpr bool linear(bool left, bool right) { return left && right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return detail::wrapping(a, b, [](auto x, auto y) { return x - y; }); }
};
struct Multiply : Arithmetic {
  static constexpr bool linear(bool left, bool right) { return left != right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return detail::wrapping(a, b, [](auto x, auto y) { return x * y; }); }
};
struct Divide : Floating {
  static constexpr bool linear(bool left, bool right) { return left && !right; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a / b; }
};
struct Negate : Sign {
  static constexpr bool linear(bool operand, bool) { return operand; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (std::is_integral_v<T>) return detail::wrapping(T{}, a, [](auto x, auto y) { return x - y; });
    else return -a;   // of 0 it is -0
  }
};
// Takes the divisor's sign, as Python's.
struct FloorDivide : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) if (b == T(-1)) return Negate::call(a);   // the lowest by -1 would overflow
      const T q = static_cast<T>(a / b);
      return static_cast<T>(q - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0));
    } else {   // by the remainder, as NumPy: a / b may be rounded up to a whole number
      if (b == 0) return a / b;
      const T r = std::fmod(a, b), quotient = (a - r) / b - (r != 0 && ((b < 0) != (r < 0)) ? 1 : 0), whole = std::floor(quotient);
      return quotient - whole > T(0.5) ? whole + 1 : whole;
    }
  }
};
struct Remainder : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0) return 0;
      if constexpr (std::is_signed_v<T>) if (b == T(-1)) return 0;
      const T r = static_cast<T>(a % b);
      return static_cast<T>(r != 0 && ((r < 0) != (b < 0)) ? r + b : r);
    } else {
      const T r = std::fmod(a, b);
      return r != 0 && ((r < 0) != (b < 0)) ? r + b : r;
    }
  }
};
// NaN if either is.
struct Maximum : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a > b || a != a ? a : b; }
};
struct Minimum : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return a < b || a != a ? a : b; }
};

struct Less : Comparison, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a < b; }
};
struct LessEqual : Comparison, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a <= b; }
};
struct Greater : Comparison, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a > b; }
};
struct GreaterEqual : Comparison, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a >= b; }
};
struct Equal : Comparison, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a == b; }
};
struct NotEqual : Comparison, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a != b; }
};

struct LogicalAnd : Logical, NotLinear {
  PRIEL_DEVICE static constexpr bool call(bool a, bool b) { return a && b; }
};
struct LogicalOr : Logical, NotLinear {
  PRIEL_DEVICE static constexpr bool call(bool a, bool b) { return a || b; }
};
struct LogicalXor : Logical, NotLinear {
  PRIEL_DEVICE static constexpr bool call(bool a, bool b) { return a != b; }
};
struct LogicalNot : Logical, NotLinear {
  PRIEL_DEVICE static constexpr bool call(bool a) { return !a; }
};
// &, |, ^, ~: bits of integers, logic of bool.
struct BitAnd : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(a & b); }
};
struct BitOr : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(a | b); }
};
struct BitXor : Arithmetic, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(a ^ b); }
};
struct BitNot : Sign, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (std::is_same_v<T, bool>) return !a;
    else return static_cast<T>(~a);
  }
};

struct Where : Selection, NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr T call(bool condition, T a, T b) { return condition ? a : b; }
};

// Conversion; also what an assignment applies.
template <class To>
struct Convert : NotLinear {
  template <class T>
  PRIEL_DEVICE static constexpr To call(T a) { return static_cast<To>(a); }
};

}  // namespace priel::op
