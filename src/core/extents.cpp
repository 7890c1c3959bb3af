// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Shapes as text, and the errors of shapes that do not fit: compiled once, not in every unit that has expressions.

#include <priel/broadcast.hpp>

namespace priel::detail {

std::string text_of_extents(const Size* extents, int rank) {
  std::string text = "(";
  for (int axis = 0; axis < rank; ++axis) text += (axis > 0 ? ", " : "") + std::to_string(extents[axis]);
  return text + (rank == 1 ? ",)" : ")");
}

void extents_differ(const Size* result, int rank, const Size* operand, int operand_rank, int axis) {
  throw ShapeError("extents do not fit: " + text_of_extents(result, rank) + " and " + text_of_extents(operand, operand_rank) +
                   " differ on axis " + std::to_string(axis - operand_rank) +
                   " (counted from the right); NumPy's broadcasting allows equal extents or 1");
}

void stretched_on_the_split_axis(const Size* operand, int rank, int axis) {
  throw ShapeError("extent 1 on the split axis " + std::to_string(axis) + " of " + text_of_extents(operand, rank) +
                   " does not broadcast; write redistribute(x, replicated)");
}

void extent_is_negative(const Size* extents, int rank) {
  throw ShapeError("no array has the shape " + text_of_extents(extents, rank) + ": an extent is negative");
}

void extents_are_too_many(const Size* extents, int rank) {
  throw ShapeError("no array has the shape " + text_of_extents(extents, rank) + ": it would have 2^63 elements or more");
}

}  // namespace priel::detail
