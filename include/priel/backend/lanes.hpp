// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Lanes: what a run of a kernel computes, element by element or packet by packet, from memory, constants and operators on them.
#pragma once

#include <priel/backend/packets.hpp>
#include <priel/kernel.hpp>

namespace priel::host {

// A lane has value_type, coeff(j), and where `packets` says so packet<P>(j), the packet from j on. Lanes are made in their place and
// never copied on the way: a tree of twenty operators would be copied twenty times.

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here

template <class T>
struct MemoryLane {
  using value_type = T;
  static constexpr bool packets = has_packets<T>;
  const T* values;

  T coeff(Size j) const { return values[j]; }
  template <class P>
  P packet(Size j) const { return Eigen::internal::ploadu<P>(values + j); }
};

template <class T>
struct ConstantLane {
  using value_type = T;
  static constexpr bool packets = has_packets<T>;
  T value;

  T coeff(Size) const { return value; }
  template <class P>
  P packet(Size) const { return Eigen::internal::pset1<P>(value); }
};

template <class Operator, class... Lanes>
struct OperatorLane {
  using value_type = typename Operator::result;
  static constexpr bool packets = PacketFunction<typename Operator::op, value_type>::exists &&
      ((Lanes::packets && std::is_same_v<typename Lanes::value_type, value_type>) && ...) &&
      std::is_same_v<typename Operator::template operand<0>, value_type>;
  kernel::Pack<Lanes...> operands;

  value_type coeff(Size j) const { return call(j, operands); }
  template <class P>
  P packet(Size j) const {
    if constexpr (sizeof...(Lanes) == 1) return PacketFunction<typename Operator::op, value_type>::call(operands.head.template packet<P>(j));
    else return PacketFunction<typename Operator::op, value_type>::call(operands.head.template packet<P>(j), operands.tail.head.template packet<P>(j));
  }

 private:
  template <class... Values, class Head, class... Tail>
  static value_type call(Size j, const kernel::Pack<Head, Tail...>& rest, Values... values) {
    using Operand = typename Operator::template operand<sizeof...(Values)>;
    return call(j, rest.tail, values..., static_cast<Operand>(rest.head.coeff(j)));
  }
  template <class... Values>
  static value_type call(Size, const kernel::Pack<>&, Values... values) { return static_cast<value_type>(Operator::function(values...)); }
};

#pragma GCC diagnostic pop

}  // namespace priel::host
