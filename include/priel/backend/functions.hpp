// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions of whole runs for the Host backend: what costs more than staging its operand, computed packet by packet.
#pragma once

#include <priel/backend/packets.hpp>
#include <priel/backend/strided.hpp>

namespace priel::host {

// Whether Op on T is computed run by run, by call_function<Op>(values, n), n a multiple of the grid.
template <class Op, class T>
concept StagedFunction = std::is_floating_point_v<T> && (std::is_same_v<Op, op::Exp> || std::is_same_v<Op, op::Log> ||
    std::is_same_v<Op, op::Sin> || std::is_same_v<Op, op::Cos>);

template <class Op>
struct WholeOperator {
  template <class T>
  static T function(T x) { return Op::call(x); }
};

template <class Op, class T>
[[gnu::noinline]] void call_function(T* values, int n) {
  using Values = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>>;
  Values x(values, n);
  x = Packets<Op, WholeOperator<Op>, Values>::make(x);
}

}  // namespace priel::host
