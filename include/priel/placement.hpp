// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where in an element-wise expression a redistribution is placed: at its result, or below, where fewer bytes move.
#pragma once

#include <priel/held.hpp>

namespace priel {

template <class Operator, class... Kids>
class Elementwise;
template <Expression E, class To>
class Redistribute;

namespace detail {

// The bytes that move for one element of E: those of its value, or of the operands that are not on every rank. An operand of lower
// rank is not moved alone: the target's axis may not be one of its own.
template <class E>
struct Moved {
  static constexpr Size bytes = static_cast<Size>(sizeof(value_of<E>));
  static constexpr bool below = false;
};
template <class Kid, int Rank>
constexpr Size moved_bytes() {
  if constexpr (is_generated<policy_of<Kid>> || std::is_same_v<finished_policy<policy_of<Kid>>, Replicated>) return 0;
  else return rank_of<Kid> < Rank || is_window<policy_of<Kid>> ? Size{1} << 20 : Moved<Kid>::bytes;
}
template <class Operator, class... Kids>
struct Moved<Elementwise<Operator, Kids...>> {
  using E = Elementwise<Operator, Kids...>;
  static constexpr Size of_value = static_cast<Size>(sizeof(value_of<E>));
  static constexpr Size of_operands = (0 + ... + moved_bytes<Kids, E::rank>());
  static constexpr bool below = of_operands < of_value;
  static constexpr Size bytes = below ? of_operands : of_value;
};

// Whether e, to be stored as T under another policy, is better moved in another form than as T.
template <class E, class T>
inline constexpr bool moves_lighter = !is_window<policy_of<E>> && Moved<std::remove_cvref_t<E>>::bytes < static_cast<Size>(sizeof(T));

// Operands that are stretched are left where they are, and their expression with them.
template <class E>
bool can_be_placed(const E& e) {
  if constexpr (Moved<E>::below) return e.with_kids([&](const auto&... kid) {
    const auto fits = [&](const auto& k) {
      using Kid = std::remove_cvref_t<decltype(k)>;
      if constexpr (moved_bytes<Kid, E::rank>() == 0) return true;
      else return k.shape() == e.shape() && can_be_placed(k);
    };
    return (fits(kid) && ...);
  });
  else return true;
}

// e under To, redistributed where that is lightest.
template <class To, class E>
auto placed(const E& e) {
  if constexpr (!Moved<E>::below) return Redistribute<E, To>(e);
  else return e.with_kids([]<class... Kid>(const Kid&... kid) {
    const auto one = [](const auto& k) {
      using K = std::remove_cvref_t<decltype(k)>;
      if constexpr (moved_bytes<K, E::rank>() == 0) return k;
      else return placed<To>(k);
    };
    return E::rebuilt(one(kid)...);
  });
}

}  // namespace detail
}  // namespace priel
