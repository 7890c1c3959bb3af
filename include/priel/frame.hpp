// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How a node is asked for its values: an affine map from positions in the box being evaluated to the node's global indices.
#pragma once

#include <priel/shape.hpp>

namespace priel {

// Evaluating an expression of rank Root over a box walks positions i in [0, extent). A node of rank Rank below it is
// wanted at global index  offset[a] + step[a] * i[source[a]]  on its axis a (source -1: offset[a] alone).
// Slices, transposes, new axes and broadcasting only change this map, so they cost nothing per element.
template <int Root, int Rank>
struct Frame {
  Shape<Root> extent;
  Index<Rank> offset;
  Index<Rank> step;
  int source[Rank == 0 ? 1 : Rank] = {};

  PRIEL_DEVICE constexpr Index<Rank> at(const Index<Root>& i) const {
    Index<Rank> index = offset;
    for (int a = 0; a < Rank; ++a)
      if (source[a] >= 0) index[a] += step[a] * i[source[a]];
    return index;
  }

  // The node's smallest box that holds every index asked for.
  constexpr Box<Rank> box() const {
    Box<Rank> box;
    for (int a = 0; a < Rank; ++a) {
      const Size count = source[a] >= 0 ? extent[source[a]] : 1;
      const Size span = source[a] >= 0 && count > 0 ? step[a] * (count - 1) : 0;
      box.lower[a] = span < 0 ? offset[a] + span : offset[a];
      box.extent[a] = count == 0 ? 0 : (span < 0 ? -span : span) + 1;
    }
    return box;
  }
};

// The frame of the root itself.
template <int Rank>
constexpr Frame<Rank, Rank> frame_of(const Box<Rank>& box) {
  Frame<Rank, Rank> frame{box.extent, box.lower, {}, {}};
  for (int a = 0; a < Rank; ++a) {
    frame.step[a] = 1;
    frame.source[a] = a;
  }
  return frame;
}

// The frame of an operand of shape `operand` that is broadcast (axes counted from the right) to a node of shape `node`.
template <int Root, int Rank, int OperandRank>
constexpr Frame<Root, OperandRank> broadcast_frame(const Frame<Root, Rank>& frame, const Shape<Rank>& node,
                                                   const Shape<OperandRank>& operand) {
  static_assert(OperandRank <= Rank);
  Frame<Root, OperandRank> result{frame.extent, {}, {}, {}};
  for (int a = 0; a < OperandRank; ++a) {
    const int b = a + Rank - OperandRank;
    const bool stretched = operand[a] == 1 && node[b] != 1;
    result.offset[a] = stretched ? 0 : frame.offset[b];
    result.step[a] = stretched ? 0 : frame.step[b];
    result.source[a] = stretched ? -1 : frame.source[b];
  }
  return result;
}

// C-order strides of a buffer that holds a box of these extents.
template <int Rank>
constexpr Index<Rank> strides_of(const Shape<Rank>& extent) {
  Index<Rank> strides;
  Size stride = 1;
  for (int a = Rank - 1; a >= 0; --a) {
    strides[a] = stride;
    stride *= extent[a];
  }
  return strides;
}

// The position of linear offset `linear` (C order) in a box of these extents.
template <int Rank>
PRIEL_DEVICE constexpr Index<Rank> position_of(const Shape<Rank>& extent, Size linear) {
  Index<Rank> index;
  for (int a = Rank - 1; a > 0; --a) {
    index[a] = linear % extent[a];
    linear /= extent[a];
  }
  if constexpr (Rank > 0) index[0] = linear;
  return index;
}

// The next position in C order; wraps to zero after the last.
template <int Rank>
PRIEL_DEVICE constexpr void advance(const Shape<Rank>& extent, Index<Rank>& index) {
  for (int a = Rank - 1; a >= 0; --a) {
    if (++index[a] < extent[a]) return;
    index[a] = 0;
  }
}

}  // namespace priel
