// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Lanes: what a run of a kernel computes, element by element or packet by packet, from memory, constants and operators on them.
#pragma once

#include <priel/backend/choices.hpp>
#include <priel/backend/strided.hpp>
#include <priel/kernel.hpp>

namespace priel::host {

// A lane has value_type, coeff(j), and where `packets` says so packet<P>(j), the packet from j on. Lanes are made in their place and
// never copied on the way: a tree of twenty operators would be copied twenty times.
// Where it `alternates`, packet<P, true>(j) has the same values, computed by other parts of the processor: of neighbouring packets, one each
// way takes less time than two either way.

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here

// The lines of the grid of values from here on, a KiB before they are read: the processor's own prefetching stops at each page, and
// reads alone do not keep the memory busy.
template <class T>
void fetch_ahead(const T* values) {
  constexpr Size ahead = 1024, line = 64;
  for (Size at = 0; at < grid * static_cast<Size>(sizeof(T)); at += line) __builtin_prefetch(reinterpret_cast<const char*>(values) + ahead + at);
}

template <class T>
struct MemoryLane {
  using value_type = T;
  static constexpr bool packets = has_packets<T>, compares = false, alternates = false;
  const T* values;

  T coeff(Size j) const { return values[j]; }
  template <class P, bool = false>
  P packet(Size j) const { return Eigen::internal::ploadu<P>(values + j); }
  void fetch(Size j) const { fetch_ahead<T>(values + j); }
};

template <class T>
struct ConstantLane {
  using value_type = T;
  static constexpr bool packets = has_packets<T>, compares = false, alternates = false;
  T value;

  T coeff(Size) const { return value; }
  template <class P, bool = false>
  P packet(Size) const { return Eigen::internal::pset1<P>(value); }
  void fetch(Size) const {}
};

// Square roots: the processor's divider takes one packet, as long as its multipliers take for square_root.hpp.
template <class Operator>
inline constexpr bool two_ways =
#if defined(__AVX512F__)
    std::is_same_v<typename Operator::op, op::Sqrt> && std::is_same_v<typename Operator::result, float>;
#else
    false;
#endif

template <class Operator, class... Lanes>
struct OperatorLane {
  using value_type = typename Operator::result;
  using compared_type = typename Operator::template operand<0>;

 private:
  template <class T>
  static constexpr bool on_packets_of = ((Lanes::packets && std::is_same_v<typename Lanes::value_type, T>) && ...) && std::is_same_v<compared_type, T>;
  static constexpr bool chooses = chooses_packets<typename Operator::op, value_type, Lanes...>;

 public:
  static constexpr bool packets = (PacketFunction<typename Operator::op, value_type>::exists && on_packets_of<value_type>) || chooses;
  static constexpr bool compares = gives_masks<typename Operator::op> && on_packets_of<compared_type>;
  static constexpr bool alternates = two_ways<Operator> || (Lanes::alternates || ...);
  kernel::Pack<Lanes...> operands;

  value_type coeff(Size j) const { return call(j, operands); }
  void fetch(Size j) const { fetch_all(j, operands); }
  template <class P, bool Other = false>
  P packet(Size j) const {
    using Function = PacketFunction<typename Operator::op, value_type>;
    if constexpr (chooses)
      return chosen(operands.head.template mask<P, Other>(j), operands.tail.head.template packet<P, Other>(j), operands.tail.tail.head.template packet<P, Other>(j));
    else if constexpr (Other && two_ways<Operator>) return Function::by_instruction(operands.head.template packet<P, Other>(j));
    else if constexpr (sizeof...(Lanes) == 1) return Function::call(operands.head.template packet<P, Other>(j));
    else return Function::call(operands.head.template packet<P, Other>(j), operands.tail.head.template packet<P, Other>(j));
  }
  // Of a lane that compares: for which elements of packets the comparison holds.
  template <class P, bool Other>
  auto mask(Size j) const {
    return compared<typename Operator::op>(operands.head.template packet<P, Other>(j), operands.tail.head.template packet<P, Other>(j));
  }

 private:
  template <class... Values, class Head, class... Tail>
  static value_type call(Size j, const kernel::Pack<Head, Tail...>& rest, Values... values) {
    using Operand = typename Operator::template operand<sizeof...(Values)>;
    return call(j, rest.tail, values..., convert<Operand>(rest.head.coeff(j)));
  }
  template <class... Values>
  static value_type call(Size, const kernel::Pack<>&, Values... values) { return static_cast<value_type>(Operator::function(values...)); }
  template <class Head, class... Tail>
  static void fetch_all(Size j, const kernel::Pack<Head, Tail...>& lanes) {
    lanes.head.fetch(j);
    fetch_all(j, lanes.tail);
  }
  static void fetch_all(Size, const kernel::Pack<>&) {}
};

#pragma GCC diagnostic pop

}  // namespace priel::host
