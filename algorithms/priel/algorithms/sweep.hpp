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
  // How many of a sample's sorted scores the aggregate leaves out at each end.
  constexpr int dropped() const {
    const int most = (count() - 1) / 2;   // leaves the one or two in the middle: the median
    if (aggregate == Aggregate::median) return most;
    if (aggregate == Aggregate::trimmed) return trim * count() < most ? static_cast<int>(trim * count()) : most;
    return 0;
  }
};

namespace detail {

// Throws InputError unless 1 <= first <= last and step >= 1.
void check_sweep(const Sweep& sweep);

// Which scores of a series.
struct SeriesMethod {
  Sweep k;
  bool loop = false;   // LoOP, not LOF
  double lambda = 3;
  Norm norm = Norm::global;
};

// Scores many series at a time where the CPU does not see a backend's memory: device/series.hpp, of <priel/device.hpp>.
template <class Backend, class T>
class SeriesBatch;

}  // namespace detail

}  // namespace priel
