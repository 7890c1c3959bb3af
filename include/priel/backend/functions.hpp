// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions of whole runs for the Host backend: in packets of the unit's own where Eigen has them, else by the library's kernels.
#pragma once

#include <priel/backend/closed.hpp>
#include <priel/backend/packets.hpp>
#include <priel/backend/strided.hpp>
#include <priel/op/special.hpp>
#include <priel/op/trigonometric.hpp>

namespace priel::host {

// Which closed kernel an operator is.
template <class Op>
inline constexpr int function_of = -1;
template <> inline constexpr int function_of<op::Exp> = static_cast<int>(detail::ClosedFunction::exp);
template <> inline constexpr int function_of<op::Exp2> = static_cast<int>(detail::ClosedFunction::exp2);
template <> inline constexpr int function_of<op::Expm1> = static_cast<int>(detail::ClosedFunction::expm1);
template <> inline constexpr int function_of<op::Log> = static_cast<int>(detail::ClosedFunction::log);
template <> inline constexpr int function_of<op::Log2> = static_cast<int>(detail::ClosedFunction::log2);
template <> inline constexpr int function_of<op::Log10> = static_cast<int>(detail::ClosedFunction::log10);
template <> inline constexpr int function_of<op::Log1p> = static_cast<int>(detail::ClosedFunction::log1p);
template <> inline constexpr int function_of<op::Cbrt> = static_cast<int>(detail::ClosedFunction::cbrt);
template <> inline constexpr int function_of<op::Sin> = static_cast<int>(detail::ClosedFunction::sin);
template <> inline constexpr int function_of<op::Cos> = static_cast<int>(detail::ClosedFunction::cos);
template <> inline constexpr int function_of<op::Tan> = static_cast<int>(detail::ClosedFunction::tan);
template <> inline constexpr int function_of<op::ArcSin> = static_cast<int>(detail::ClosedFunction::asin);
template <> inline constexpr int function_of<op::ArcCos> = static_cast<int>(detail::ClosedFunction::acos);
template <> inline constexpr int function_of<op::ArcTan> = static_cast<int>(detail::ClosedFunction::atan);
template <> inline constexpr int function_of<op::Sinh> = static_cast<int>(detail::ClosedFunction::sinh);
template <> inline constexpr int function_of<op::Cosh> = static_cast<int>(detail::ClosedFunction::cosh);
template <> inline constexpr int function_of<op::Tanh> = static_cast<int>(detail::ClosedFunction::tanh);
template <> inline constexpr int function_of<op::ArcSinh> = static_cast<int>(detail::ClosedFunction::asinh);
template <> inline constexpr int function_of<op::ArcCosh> = static_cast<int>(detail::ClosedFunction::acosh);
template <> inline constexpr int function_of<op::ArcTanh> = static_cast<int>(detail::ClosedFunction::atanh);
template <> inline constexpr int function_of<op::Erf> = static_cast<int>(detail::ClosedFunction::erf);
template <> inline constexpr int function_of<op::Erfc> = static_cast<int>(detail::ClosedFunction::erfc);
template <class Op>
inline constexpr int function2_of = -1;
template <> inline constexpr int function2_of<op::Power> = static_cast<int>(detail::ClosedFunction2::pow);
template <> inline constexpr int function2_of<op::FloatPower> = static_cast<int>(detail::ClosedFunction2::pow);
template <> inline constexpr int function2_of<op::ArcTan2> = static_cast<int>(detail::ClosedFunction2::atan2);
template <> inline constexpr int function2_of<op::Hypot> = static_cast<int>(detail::ClosedFunction2::hypot);

// Where Eigen 3.4's packets are the faster ones: the exponential of floats in units with wide registers; and where the kernels are
// plain loops.
template <class Op, class T>
inline constexpr bool own_packets =
#if !defined(__x86_64__)
    std::is_same_v<Op, op::Exp> || std::is_same_v<Op, op::Log>;
#elif defined(__AVX2__)
    std::is_same_v<Op, op::Exp> && std::is_same_v<T, float>;
#else
    false;
#endif

// Whether Op on T is computed run by run, by call_function<Op>(values, n), n a multiple of the grid.
template <class Op, class T>
concept StagedFunction = (std::is_same_v<T, float> || std::is_same_v<T, double>) && function_of<Op> >= 0;

// The same for two operands: call_function<Op>(values, others, n) leaves the results in `values`.
template <class Op, class T>
concept StagedFunction2 = (std::is_same_v<T, float> || std::is_same_v<T, double>) && function2_of<Op> >= 0;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here
template <class Op, class T>
[[gnu::noinline]] void call_function(T* values, Size n) {
  if constexpr (own_packets<Op, T>) {
    using Packet = PacketOf<T>;
    for (Size j = 0; j < n; j += Eigen::internal::unpacket_traits<Packet>::size)
      Eigen::internal::pstoreu(values + j, PacketFunction<Op, T>::call(Eigen::internal::ploadu<Packet>(values + j)));
  } else detail::closed_kernels().functions_of(values).unary[function_of<Op>](values, values, n);
}
#pragma GCC diagnostic pop
template <class Op, class T>
void call_function(T* values, const T* others, Size n) {
  detail::closed_kernels().functions_of(values).binary[function2_of<Op>](values, others, values, n);
}

}  // namespace priel::host
