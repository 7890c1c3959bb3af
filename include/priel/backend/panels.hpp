// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The order of a loop on the CPU with a transposed operand: panels of a few rows, so that its cache lines are read once.
#pragma once

#include <priel/backend/strided.hpp>
#include <priel/frame.hpp>

namespace priel::host {

// Where a loop is in its panels: every row of one is a run of its own.
struct Panel {
  Size begin;     // linear position of its first element
  Size step;      // from one row to the next, linear
  int rows, columns;
};

// The box as panels: `rows` indices of one axis, `columns` of the last one.
template <int Root>
class Panels {
 public:
  // axis: the one along which a transposed operand is contiguous.
  Panels(const Shape<Root>& extent, int axis, int rows) : outer_(extent), strides_(strides_of(extent)), axis_(axis), rows_(rows) {
    last_ = Root - 1;
    while (last_ > 0 && extent[last_] == 1) --last_;
    along_ = extent[axis_];
    across_ = extent[last_];
    outer_[axis_] = outer_[last_] = 1;
    down_ = (along_ + rows - 1) / rows;
    right_ = (across_ + tile - 1) / tile;
  }
  Size count() const { return outer_.size() * down_ * right_; }
  Panel operator[](Size i) const {
    const Size right = i % right_ * tile, down = i / right_ % down_ * rows_;
    const Index<Root> at = position_of(outer_, i / right_ / down_);
    Size begin = down * strides_[axis_] + right * strides_[last_];
    for (int a = 0; a < Root; ++a) begin += at[a] * strides_[a];
    return {begin, strides_[axis_], smaller(rows_, along_ - down), smaller(tile, across_ - right)};
  }

 private:
  static int smaller(int a, Size b) { return b < a ? static_cast<int>(b) : a; }

  Shape<Root> outer_;
  Index<Root> strides_;
  int axis_, last_, rows_;
  Size along_, across_, down_, right_;
};

}  // namespace priel::host
