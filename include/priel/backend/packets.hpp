// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Operators on packets of Eigen's: which packet function an operator is; the others run on scalars, in loops that compilers vectorise.
#pragma once

#include <priel/backend/square_root.hpp>
#include <priel/op/math.hpp>
#include <priel/op/parts.hpp>
#include <priel/op/rounding.hpp>

#include <Eigen/Core>

namespace priel::host {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here

template <class T>
inline constexpr bool has_packets = std::is_floating_point_v<T> && Eigen::internal::packet_traits<T>::Vectorizable;
template <class T>
using PacketOf = typename Eigen::internal::packet_traits<T>::type;

// The packet function of Op on T, where there is one.
template <class Op, class T>
struct PacketFunction { static constexpr bool exists = false; };
template <class T>
struct HasPackets { static constexpr bool exists = has_packets<T>; };

template <class T>
struct PacketFunction<op::Add, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::padd(a, b); }
};
template <class T>
struct PacketFunction<op::Subtract, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::psub(a, b); }
};
template <class T>
struct PacketFunction<op::Multiply, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::pmul(a, b); }
};
template <class T>
struct PacketFunction<op::Divide, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::pdiv(a, b); }
};
template <class T>
struct PacketFunction<op::Maximum, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::pmax<Eigen::PropagateNaN>(a, b); }
};
template <class T>
struct PacketFunction<op::Minimum, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::pmin<Eigen::PropagateNaN>(a, b); }
};
template <class T>
struct PacketFunction<op::Negate, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) { return Eigen::internal::pxor(a, Eigen::internal::pset1<P>(T(-0.0))); }   // of 0 it is -0
};
template <class T>
struct PacketFunction<op::Abs, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) { return Eigen::internal::pabs(a); }
};
template <class T>
struct PacketFunction<op::Square, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) { return Eigen::internal::pmul(a, a); }
};
// Exact. (Eigen 3.4 says that AVX-512 has none, unless its approximation is wanted.)
template <class T>
struct PacketFunction<op::Sqrt, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) {
#if defined(__AVX512F__)
    if constexpr (std::is_same_v<P, __m512>) return detail::square_root(a);
    else
#endif
    return by_instruction(a);
  }
  template <class P>
  static P by_instruction(const P& a) { return Eigen::internal::psqrt(a); }
};
// A rounded number keeps its sign where it becomes 0, also where Eigen's packets lose it.
template <class P>
P with_sign(const P& rounded, const P& of) {
  using T = typename Eigen::internal::unpacket_traits<P>::type;
  return Eigen::internal::por(rounded, Eigen::internal::pand(of, Eigen::internal::pset1<P>(T(-0.0))));
}
template <class T>
struct PacketFunction<op::Floor, T> {
  static constexpr bool exists = has_packets<T> && Eigen::internal::packet_traits<T>::HasFloor;
  template <class P>
  static P call(const P& a) { return with_sign(Eigen::internal::pfloor(a), a); }
};
template <class T>
struct PacketFunction<op::Ceil, T> {
  static constexpr bool exists = has_packets<T> && Eigen::internal::packet_traits<T>::HasCeil;
  template <class P>
  static P call(const P& a) { return with_sign(Eigen::internal::pceil(a), a); }
};
template <class T>
struct PacketFunction<op::Rint, T> {
  static constexpr bool exists = has_packets<T> && Eigen::internal::packet_traits<T>::HasRint;
  template <class P>
  static P call(const P& a) { return with_sign(Eigen::internal::print(a), a); }
};
template <class T>
struct PacketFunction<op::Round, T> : PacketFunction<op::Rint, T> {};
template <class T>
struct PacketFunction<op::Trunc, T> {
  static constexpr bool exists = has_packets<T> && Eigen::internal::packet_traits<T>::HasFloor;
  template <class P>
  static P call(const P& a) { return with_sign(Eigen::internal::pfloor(Eigen::internal::pabs(a)), a); }
};
template <class T>
struct PacketFunction<op::CopySign, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return with_sign(Eigen::internal::pabs(a), b); }
};
template <class T>
struct PacketFunction<op::Positive, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) { return a; }
};
template <class T>
struct PacketFunction<op::RealPart, T> : PacketFunction<op::Positive, T> {};
template <class T>
struct PacketFunction<op::Conjugate, T> : PacketFunction<op::Positive, T> {};
template <class T>
struct PacketFunction<op::Reciprocal, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) { return Eigen::internal::pdiv(Eigen::internal::pset1<P>(T(1)), a); }
};
template <class T>
struct PacketFunction<op::Fmax, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::pmax<Eigen::PropagateNumbers>(a, b); }
};
template <class T>
struct PacketFunction<op::Fmin, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a, const P& b) { return Eigen::internal::pmin<Eigen::PropagateNumbers>(a, b); }
};
template <class T>
struct PacketFunction<op::Log, T> : HasPackets<T> {
  template <class P>
  static P call(const P& a) { return Eigen::internal::plog(a); }
};
// Eigen 3.4's exp stops at the exponential of its smallest argument; below the smallest normal number the result is 0 here.
template <class T>
struct PacketFunction<op::Exp, T> : HasPackets<T> {
  static constexpr T lowest = static_cast<T>(sizeof(T) == 4 ? -87.336544 : -708.396418532264);
  template <class P>
  static P call(const P& a) {
    using namespace Eigen::internal;
    return pandnot(pexp(a), pcmp_lt(a, pset1<P>(lowest)));
  }
};

#pragma GCC diagnostic pop

}  // namespace priel::host
