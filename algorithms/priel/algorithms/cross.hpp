// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// cross: vector products of three-dimensional vectors, S<k> -> S<k>.
#pragma once

#include <priel/algorithms/roll.hpp>
#include <priel/operators.hpp>

namespace priel {

// The vector product of the vectors along the last axis of a and b, which has three elements (ShapeError else); other axes broadcast, policies
// join as in a * b. Integers wrap. Nothing is sent, unless the vectors themselves are split.
template <Expression A, Expression B>
  requires(rank_of<A> > 0 && rank_of<B> > 0 && Combinable<A, B>)
auto cross(A&& a, B&& b) {
  const auto refuse = [](const auto& shape) { throw ShapeError("cross: vectors of three elements expected; found " + to_string(shape)); };
  if (a.shape()[rank_of<A> - 1] != 3) refuse(a.shape());
  if (b.shape()[rank_of<B> - 1] != 3) refuse(b.shape());
  return roll(a, -1, axis<-1>) * roll(b, -2, axis<-1>) - roll(a, -2, axis<-1>) * roll(b, -1, axis<-1>);
}

}  // namespace priel
