// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the device kernels for many series share: where the intermediate results of a batch lie, and means over neighbourhoods.
#pragma once

#include <priel/shape.hpp>

#include <cstdint>

namespace priel::kernel {

// A batch of `count` series of n samples of d features. Everything is computed in double, so that float samples have the ties and
// neighbours of their exact distances. Lists run along the slowest axis, so that neighbouring threads, which work on neighbouring
// samples, read neighbouring memory; the tables have one column for each k, read by neighbouring threads as well.
struct SeriesMemory {
  static constexpr Size width = 16;   // distances that one thread accumulates at once

  Size n, d;
  Size height;               // n up to a multiple of `width`
  Size first, step, last;    // k = first, first + step, ... last
  Size columns;              // how many

  double* magnitude;         // (count, n): the largest absolute value of a sample; -1 where one is not finite
  double* points;            // (count, d, height): the samples' values; NaN where there is none
  double* distance;          // (count, n, n): squared, to all; then to the nearest, in order, with all that tie with the last
  std::int32_t* neighbour;   // (count, n, n): who they are
  std::int32_t* length;      // (count, n): how many; 0 where the sample has no score
  std::int32_t* size;        // (count, n, columns): of the neighbourhood for each k
  double* spread;            // (count, n, columns): k-distance (LOF) or standard distance (LoOP)
  double* middle;            // (count, n, columns): local reachability density (LOF) or PLOF (LoOP)
  double* score;             // (count, n, columns): LOF, or the ratio whose error function is LoOP
  double* normal;            // (count, columns): nPLOF times the root of 2, over all samples

  PRIEL_DEVICE Size series_of(Size sample) const { return sample / n; }
  // The lists of one of the batch's samples; the entry r is at r * n.
  PRIEL_DEVICE double* distances_of(Size sample) const { return distance + series_of(sample) * n * n + sample % n; }
  PRIEL_DEVICE std::int32_t* neighbours_of(Size sample) const { return neighbour + series_of(sample) * n * n + sample % n; }

  // The mean of value(element, distance) over the neighbourhood that belongs to the element (sample, column) of a table; the first
  // argument is a neighbour's element of the same column.
  template <class Value>
  PRIEL_DEVICE double mean_over(Size element, Value value) const {
    const Size sample = element / columns, column = element % columns, others = series_of(sample) * n, members = size[element];
    const double* d_of = distances_of(sample);
    const std::int32_t* y = neighbours_of(sample);
    double sum = 0;
    for (Size r = 0; r < members; ++r) sum += value((others + y[r * n]) * columns + column, d_of[r * n]);
    return sum / static_cast<double>(members);
  }
};

}  // namespace priel::kernel
