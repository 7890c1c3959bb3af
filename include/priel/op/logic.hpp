// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Comparisons, logic, bits, choices and conversions of elements, for every backend.
#pragma once

#include <priel/op/arithmetic.hpp>

namespace priel::op {

struct Less : Comparison, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a < b; }
};
struct LessEqual : Comparison, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a <= b; }
};
struct Greater : Comparison, OfReals {
  template <class T>
  PRIEL_DEVICE static constexpr bool call(T a, T b) { return a > b; }
};
struct GreaterEqual : Comparison, OfReals {
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
struct BitAnd : Arithmetic, OfIntegers {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(a & b); }
};
struct BitOr : Arithmetic, OfIntegers {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(a | b); }
};
struct BitXor : Arithmetic, OfIntegers {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(a ^ b); }
};
struct BitNot : Unary, OfIntegers {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a) {
    if constexpr (std::is_same_v<T, bool>) return !a;
    else return static_cast<T>(~a);
  }
};

// Shifted by as many places as there are, or more, or by a negative number: 0, or -1 of a negative number to the right.
struct LeftShift : Counting, OfIntegers {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    using U = std::make_unsigned_t<T>;
    if (static_cast<U>(b) >= 8 * sizeof(T)) return 0;
    using Wide = std::conditional_t<(sizeof(U) < sizeof(unsigned)), unsigned, U>;
    return static_cast<T>(static_cast<Wide>(static_cast<U>(a)) << b);
  }
};
struct RightShift : Counting, OfIntegers {
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    constexpr auto bits = 8 * sizeof(T);
    const auto places = static_cast<std::make_unsigned_t<T>>(b);
    if constexpr (std::is_signed_v<T>) return static_cast<T>(a >> (places < bits ? places : bits - 1));   // of -1 it is -1
    else return places < bits ? static_cast<T>(a >> places) : T(0);
  }
};
namespace detail {
// Of the magnitudes, which a signed type may not hold.
template <class T>
PRIEL_DEVICE constexpr auto magnitude(T a) {
  using U = std::make_unsigned_t<T>;
  if constexpr (std::is_signed_v<T>) return a < 0 ? static_cast<U>(U(0) - static_cast<U>(a)) : static_cast<U>(a);
  else return a;
}
template <class U>
PRIEL_DEVICE constexpr U common_divisor(U a, U b) {
  while (a != 0) {
    const U rest = static_cast<U>(b % a);
    b = a;
    a = rest;
  }
  return b;
}
}  // namespace detail
struct Gcd : Arithmetic, NotLinear {
  static constexpr bool takes(Kind kind) { return kind == Kind::integer; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) { return static_cast<T>(detail::common_divisor(detail::magnitude(a), detail::magnitude(b))); }
};
struct Lcm : Arithmetic, NotLinear {
  static constexpr bool takes(Kind kind) { return kind == Kind::integer; }
  template <class T>
  PRIEL_DEVICE static constexpr T call(T a, T b) {
    const auto x = detail::magnitude(a), y = detail::magnitude(b), divisor = detail::common_divisor(x, y);
    return divisor == 0 ? T(0) : Multiply::call(static_cast<T>(x / divisor), static_cast<T>(y));
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
  PRIEL_DEVICE static constexpr To call(T a) { return convert<To>(a); }
};

}  // namespace priel::op
