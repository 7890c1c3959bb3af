// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Operators on Eigen's packets: which of Eigen's array functions an operator is; the others run on scalars.
#pragma once

#include <priel/op/math.hpp>

#include <Eigen/Core>

namespace priel::host {

// An operator's scalar function as an Eigen functor.
template <class Operator>
struct ScalarCall {
  template <class... T>
  auto operator()(const T&... values) const { return Operator::function(values...); }
};

// The general form. `Operator` is typed (its operands are already converted to the types it names).
template <class Op, class Operator, class... X>
struct Packets {
  static auto make(const X&... x) {
    if constexpr (sizeof...(X) == 1) return (x.unaryExpr(ScalarCall<Operator>{}), ...);
    else if constexpr (sizeof...(X) == 2)
      return [](const auto& a, const auto& b) { return a.binaryExpr(b, ScalarCall<Operator>{}); }(x...);
    else static_assert(sizeof...(X) <= 2, "an operator of three operands needs its own form");
  }
};

template <class X>
concept Real = std::is_floating_point_v<typename X::Scalar>;

// Eigen 3.4's max and min of arrays, with NaN propagating.
template <template <class, class, int> class Functor, class A, class B>
auto propagating(const A& a, const B& b) {
  return Eigen::CwiseBinaryOp<Functor<typename A::Scalar, typename A::Scalar, Eigen::PropagateNaN>, const A, const B>(a, b);
}

// Eigen 3.4's exp stops at the exponential of its smallest argument; below the smallest normal number the result is 0 here.
template <class T>
struct Exponential {
  static constexpr T lowest = static_cast<T>(sizeof(T) == 4 ? -87.336544 : -708.396418532264);
  T operator()(const T& x) const { return x < lowest ? T(0) : std::exp(x); }
  template <class Packet>
  Packet packetOp(const Packet& x) const {
    using namespace Eigen::internal;
    return pandnot(pexp(x), pcmp_lt(x, pset1<Packet>(lowest)));
  }
};

// Exact. Eigen 3.4 has it in packets for AVX-512 too, but says so only where its approximation is wanted.
template <class T>
struct SquareRoot {
  T operator()(const T& x) const { return std::sqrt(x); }
  template <class Packet>
  Packet packetOp(const Packet& x) const { return Eigen::internal::psqrt(x); }
};

template <class Operator, Real A, class B>
struct Packets<op::Add, Operator, A, B> { static auto make(const A& a, const B& b) { return a + b; } };
template <class Operator, Real A, class B>
struct Packets<op::Subtract, Operator, A, B> { static auto make(const A& a, const B& b) { return a - b; } };
template <class Operator, Real A, class B>
struct Packets<op::Multiply, Operator, A, B> { static auto make(const A& a, const B& b) { return a * b; } };
template <class Operator, Real A, class B>
struct Packets<op::Divide, Operator, A, B> { static auto make(const A& a, const B& b) { return a / b; } };
template <class Operator, Real A, class B>
struct Packets<op::Maximum, Operator, A, B> {
  static auto make(const A& a, const B& b) { return propagating<Eigen::internal::scalar_max_op>(a, b); }
};
template <class Operator, Real A, class B>
struct Packets<op::Minimum, Operator, A, B> {
  static auto make(const A& a, const B& b) { return propagating<Eigen::internal::scalar_min_op>(a, b); }
};
template <class Operator, Real A>
struct Packets<op::Negate, Operator, A> { static auto make(const A& a) { return -a; } };
template <class Operator, Real A>
struct Packets<op::Abs, Operator, A> { static auto make(const A& a) { return a.abs(); } };
template <class Operator, Real A>
struct Packets<op::Square, Operator, A> { static auto make(const A& a) { return a.square(); } };
template <class Operator, Real A>
struct Packets<op::Sqrt, Operator, A> { static auto make(const A& a) { return a.unaryExpr(SquareRoot<typename A::Scalar>{}); } };
template <class Operator, Real A>
struct Packets<op::Exp, Operator, A> { static auto make(const A& a) { return a.unaryExpr(Exponential<typename A::Scalar>{}); } };
template <class Operator, Real A>
struct Packets<op::Log, Operator, A> { static auto make(const A& a) { return a.log(); } };
template <class Operator, Real A>
struct Packets<op::Sin, Operator, A> { static auto make(const A& a) { return a.sin(); } };
template <class Operator, Real A>
struct Packets<op::Cos, Operator, A> { static auto make(const A& a) { return a.cos(); } };
template <class Operator, Real A>
struct Packets<op::Floor, Operator, A> { static auto make(const A& a) { return a.floor(); } };
template <class Operator, Real A>
struct Packets<op::Ceil, Operator, A> { static auto make(const A& a) { return a.ceil(); } };
// Eigen has no log10 in packets. In float the product is within 2 ulp; double takes the exact scalar function.
template <class Operator, Real A>
  requires std::is_same_v<typename A::Scalar, float>
struct Packets<op::Log10, Operator, A> { static auto make(const A& a) { return a.log() * 0.434294481903251827651f; } };
template <class Operator, class C, class A, class B>
struct Packets<op::Where, Operator, C, A, B> {
  static auto make(const C& condition, const A& a, const B& b) { return condition.select(a, b); }
};

}  // namespace priel::host

namespace Eigen {

template <class Operator>
struct ScalarBinaryOpTraits<std::int64_t, std::uint64_t, priel::host::ScalarCall<Operator>> { using ReturnType = bool; };
template <class Operator>
struct ScalarBinaryOpTraits<std::uint64_t, std::int64_t, priel::host::ScalarCall<Operator>> { using ReturnType = bool; };

namespace internal {

template <class T>
struct functor_traits<priel::host::Exponential<T>> : functor_traits<scalar_exp_op<T>> {};
template <class T>
struct functor_traits<priel::host::SquareRoot<T>> {
  enum { Cost = functor_traits<scalar_sqrt_op<T>>::Cost, PacketAccess = packet_traits<T>::Vectorizable };
};

}  // namespace internal
}  // namespace Eigen
