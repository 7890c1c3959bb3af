// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Replicated: every rank holds every element.
#pragma once

#include <priel/policy.hpp>

namespace priel {

struct Replicated {
  template <int>
  static constexpr bool fits = true;

  static std::string name() { return "Replicated"; }

  template <int Rank>
  static constexpr Box<Rank> part(const Shape<Rank>& shape, int, int) { return whole(shape); }
};

inline constexpr Replicated replicated{};

template <>
struct join<Replicated, Replicated> {
  static constexpr bool ok = true;
  using type = Replicated;
};

template <class Operation>
struct propagate<Operation, Replicated> {
  static constexpr bool across = false;
  using type = Replicated;
};

}  // namespace priel
