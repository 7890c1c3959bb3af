// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The neighbourhood sizes of a LOF or LoOP and how the scores of a sweep become one.
#pragma once

#include <priel/shape.hpp>

namespace priel {

// How the scores of one sample over all k become one score. `trimmed` drops floor(trim * number of k) values at each end and
// takes the mean of the rest. A NaN or an infinite score takes part as numbers do: +inf wins a max.
enum class Aggregate { max, mean, median, trimmed };

// What LoOP normalises by: nPLOF over all points (Kriegel et al. 2009, section 3.2) or over the point's neighbourhood.
enum class Norm { global, local };

// k = first, first + step, ... <= last.
struct Sweep {
  int first = 20;
  int last = 20;
  int step = 1;
  Aggregate aggregate = Aggregate::max;
  double trim = 0.1;

  constexpr int count() const { return (last - first) / step + 1; }
  constexpr int k(int i) const { return first + i * step; }
  constexpr int largest() const { return k(count() - 1); }
};

}  // namespace priel
