// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The families of point-wise operators: what operands are converted to and what comes out; and which kinds of elements one takes.
#pragma once

#include <priel/element.hpp>

namespace priel::op {

// C is the operands' common type, F its floating_type, part(C) the type of its real part.
struct Arithmetic { using family = Arithmetic; };       // C -> C
struct Unary { using family = Unary; };                 // C -> C, unary
struct Counting { using family = Counting; };           // C, int8 for bool -> the same
struct Floating { using family = Floating; };           // F -> F
struct Doubles { using family = Doubles; };             // double or complex<double> -> the same
struct Part { using family = Part; };                   // C -> part(C), unary
struct FloatingPart { using family = FloatingPart; };   // F -> part(F), unary
struct Exponent { using family = Exponent; };           // F -> int32, unary
struct Scaling { using family = Scaling; };             // F of the first, int64 -> F
struct Comparison { using family = Comparison; };       // C -> bool
struct Predicate { using family = Predicate; };         // C -> bool, unary
struct Logical { using family = Logical; };             // bool -> bool
struct Selection { using family = Selection; };         // bool, C, C -> C
struct Closeness { using family = Closeness; };         // F, F, then part(F) -> bool
struct Adjustment { using family = Adjustment; };       // C, then part(F) -> C

// Bases of operators. Whether one commutes with a sum over ranks, given which operands are pending sums (the others are scalars);
// and the kinds of C that it takes.
struct NotLinear {
  static constexpr bool linear(bool, bool) { return false; }
  static constexpr bool takes(Kind) { return true; }
};
struct OfReals : NotLinear {
  static constexpr bool takes(Kind kind) { return kind != Kind::complex; }
};
struct OfIntegers : NotLinear {
  static constexpr bool takes(Kind kind) { return kind <= Kind::integer; }
};
// Of complex elements by the standard library's functions, which CUDA's kernels cannot call.
struct Analytic : NotLinear {};

template <class T>
inline constexpr bool is_complex = priel::detail::is_complex<T>::value;

}  // namespace priel::op
