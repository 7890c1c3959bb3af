// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Split<Axis>: contiguous blocks of one axis, one a rank, by the canonical block map.
#pragma once

#include <priel/policies/replicated.hpp>

namespace priel {

template <int Axis>
struct Split {
  static constexpr int axis = Axis;

  template <int Rank>
  static constexpr bool fits = Axis >= 0 && Axis < Rank;

  static std::string name() { return "Split<" + std::to_string(Axis) + ">"; }

  template <int Rank>
  static constexpr Box<Rank> part(const Shape<Rank>& shape, int size, int rank) {
    Box<Rank> box = whole(shape);
    const Block block = block_of(shape[Axis], size, rank);
    box.lower[Axis] = block.lower;
    box.extent[Axis] = block.extent;
    return box;
  }
};

template <int Axis>
inline constexpr Split<Axis> split{};

// Equal axes lie on the same rank; others do not.
template <int J, int K>
struct join<Split<J>, Split<K>> {
  static constexpr bool ok = J == K;
  using type = Split<J>;
};
template <int K>
struct join<Replicated, Split<K>> {
  static constexpr bool ok = true;
  using type = Split<K>;
};
template <int K>
struct join<Split<K>, Replicated> : join<Replicated, Split<K>> {};

template <int By, int K>
struct propagate<Lift<By>, Split<K>> {
  static constexpr bool across = false;
  using type = Split<K + By>;
};
template <int Axis, int K>
struct propagate<RemoveAxis<Axis>, Split<K>> {
  static constexpr bool across = Axis == K;
  using type = Split<(Axis < K ? K - 1 : K)>;
};
template <int Axis, int K>
struct propagate<InsertAxis<Axis>, Split<K>> {
  static constexpr bool across = false;
  using type = Split<(Axis <= K ? K + 1 : K)>;
};
template <int... Axes, int K>
struct propagate<PermuteAxes<Axes...>, Split<K>> {
  static constexpr int position() {
    int at = 0, found = -1;
    ((Axes == K ? found = at : 0, ++at), ...);
    return found;
  }
  static constexpr bool across = false;
  using type = Split<position()>;
};

}  // namespace priel
