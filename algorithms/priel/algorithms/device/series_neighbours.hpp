// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Device kernels for many series: samples into columns, and each sample's nearest by exact distances, ties included.
#pragma once

#include <priel/algorithms/device/series_memory.hpp>

#include <bit>
#include <cmath>
#include <limits>

namespace priel::kernel {

// For every sample of the batch: the largest absolute value, or -1 where one is not finite.
template <class T>
struct SeriesMagnitudes {
  SeriesMemory m;
  const T* x;   // (count, n, d)

  PRIEL_DEVICE void operator()(Size sample) const {
    const T* row = x + sample * m.d;
    double largest = 0;
    for (Size f = 0; f < m.d; ++f) {
      const double value = ::std::fabs(static_cast<double>(row[f]));
      if (!(value <= ::std::numeric_limits<double>::max())) largest = -1;
      else if (largest >= 0 && value > largest) largest = value;
    }
    m.magnitude[sample] = largest;
  }
};

// For every sample: its values as a column. Where squares could leave the range of double the series is scaled by a power of two,
// which is exact and changes no score. length = 0 marks a sample that gets no score: because it is not finite, or its series has
// too few that are.
template <class T>
struct SeriesColumns {
  SeriesMemory m;
  const T* x;

  PRIEL_DEVICE void operator()(Size sample) const {
    const Size series = m.series_of(sample), row = sample % m.n;
    const double* magnitude = m.magnitude + series * m.n;
    double largest = 0;
    Size valid = 0;
    for (Size j = 0; j < m.n; ++j) {
      valid += magnitude[j] >= 0 ? 1 : 0;
      largest = magnitude[j] > largest ? magnitude[j] : largest;
    }
    const double scale = largest > 0x1p400 ? 0x1p-600 : largest < 0x1p-400 ? 0x1p600 : 1;
    constexpr double none = ::std::numeric_limits<double>::quiet_NaN();
    const bool finite = magnitude[row] >= 0;
    m.length[sample] = finite && valid > m.last ? 1 : 0;
    double* column = m.points + series * m.d * m.height;
    for (Size f = 0; f < m.d; ++f) {
      column[f * m.height + row] = finite ? static_cast<double>(x[sample * m.d + f]) * scale : none;
      for (Size pad = m.n + row; pad < m.height; pad += m.n) column[f * m.height + pad] = none;
    }
  }
};

// For every (series, block of `width` samples, sample): the squared distances of the sample to the block; NaN for its own and for
// samples that are not finite. Squared differences are added feature by feature, always `width` sums at a time, so that
// d(x, y) = d(y, x) bit for bit and duplicates are exactly 0.
struct SeriesSquares {
  SeriesMemory m;

  PRIEL_DEVICE void operator()(Size i) const {
    const Size row = i % m.n, blocks = m.height / SeriesMemory::width, series = i / m.n / blocks, start = i / m.n % blocks * SeriesMemory::width;
    if (m.length[series * m.n + row] == 0) return;
    const double* points = m.points + series * m.d * m.height;
    double sum[SeriesMemory::width] = {};
    for (Size f = 0; f < m.d; ++f) {
      const double own = points[f * m.height + row];
      const double* other = points + f * m.height + start;
#pragma omp simd
      for (int j = 0; j < SeriesMemory::width; ++j) sum[j] += (own - other[j]) * (own - other[j]);
    }
    double* out = m.distance + (series * m.n + start) * m.n + row;
    for (int j = 0; j < SeriesMemory::width; ++j)
      if (start + j < m.n) out[j * m.n] = start + j == row ? ::std::numeric_limits<double>::quiet_NaN() : sum[j];
  }
};

// For every sample: from the squared distances to all, the sorted distances to the nearest, and who they are. Threads search,
// collect and sort in step with each other: nothing but the length of a loop depends on the values.
struct SeriesNearest {
  SeriesMemory m;

  PRIEL_DEVICE void operator()(Size sample) const {
    if (m.length[sample] == 0) return;
    const Size n = m.n;
    double* value = m.distances_of(sample);
    std::int32_t* index = m.neighbours_of(sample);
    // What has the same root as the k-th square is not above this.
    const double limit = threshold(value) * (1 + 8 * ::std::numeric_limits<double>::epsilon()) + ::std::numeric_limits<double>::min();
    Size held = 0;
    for (Size j = 0; j < n; ++j) {
      const double square = value[j * n];
      if (!(square <= limit)) continue;
      value[held * n] = square;
      index[held++ * n] = static_cast<std::int32_t>(j);
    }
    sort(value, index, held);
    Size length = 0;
    for (; length < held; ++length) {
      value[length * n] = ::std::sqrt(value[length * n]);
      if (length >= m.last && value[length * n] != value[(m.last - 1) * n]) break;
    }
    m.length[sample] = static_cast<std::int32_t>(length);
  }

 private:
  // A square that is not below the one of the largest k, and few are between: by halving between two squares that occur.
  PRIEL_DEVICE double threshold(const double* value) const {
    constexpr double infinity = ::std::numeric_limits<double>::infinity();
    constexpr Size spare = 16;
    double low = infinity, high = 0;
    for (Size j = 0; j < m.n; ++j) {
      const double square = value[j * m.n];
      low = square < low ? square : low;
      high = square > high ? square : high;
    }
    for (Size count = m.n; low < high && count > m.last + spare;) {
      // Between them as numbers of their kind: halfway between their bit patterns.
      const auto bits = ::std::bit_cast<std::int64_t>(low), more = ::std::bit_cast<std::int64_t>(high) - bits;
      const double middle = ::std::bit_cast<double>(bits + more / 2);
      double below = low, above = high;
      Size reached = 0;
      for (Size j = 0; j < m.n; ++j) {
        const double square = value[j * m.n];
        reached += square <= middle ? 1 : 0;
        below = square <= middle && square > below ? square : below;
        above = square > middle && square < above ? square : above;
      }
      if (reached < m.last) low = above;
      else high = below, count = reached;
    }
    return high;
  }

  PRIEL_DEVICE void sort(double* value, std::int32_t* index, Size count) const {
    const Size n = m.n;
    for (Size r = 1; r < count; ++r) {
      const double square = value[r * n];
      const std::int32_t who = index[r * n];
      Size to = r;
      for (; to > 0 && value[(to - 1) * n] > square; --to) {
        value[to * n] = value[(to - 1) * n];
        index[to * n] = index[(to - 1) * n];
      }
      value[to * n] = square;
      index[to * n] = who;
    }
  }
};

}  // namespace priel::kernel
