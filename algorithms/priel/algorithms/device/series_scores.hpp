// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Device kernels for many series: LOF and LoOP for every sample and k from the neighbours, and their aggregate over k.
#pragma once

#include <priel/algorithms/device/series_memory.hpp>
#include <priel/algorithms/sweep.hpp>

#include <cmath>
#include <limits>

namespace priel::kernel {

// For every element (sample, k) of the tables: the size of the inclusive neighbourhood, and the k-distance or, for LoOP,
// sigma = sqrt(mean of d^2).
struct SeriesSpread {
  SeriesMemory m;
  bool loop;

  PRIEL_DEVICE void operator()(Size element) const {
    const Size sample = element / m.columns, length = m.length[sample], n = m.n;
    if (length == 0) return;
    const Size k = m.first + element % m.columns * m.step;
    const double* distance = m.distances_of(sample);
    const double radius = distance[(k - 1) * n];
    Size size = k;
    while (size < length && distance[size * n] == radius) ++size;
    m.size[element] = static_cast<std::int32_t>(size);
    m.spread[element] = loop ? ::std::sqrt(m.mean_over(element, [](Size, double d) { return d * d; })) : radius;
  }
};

// lrd = 1 / mean of max(k-distance(y), d(x, y)): definition 6 of Breunig et al.
struct SeriesDensity {
  SeriesMemory m;

  PRIEL_DEVICE void operator()(Size element) const {
    if (m.length[element / m.columns] == 0) return;
    const double* radius = m.spread;
    m.middle[element] = 1 / m.mean_over(element, [radius](Size y, double d) { return radius[y] > d ? radius[y] : d; });
  }
};

// LOF: definition 7. An own density that is infinite gives 1; a neighbour's makes the mean infinite by itself.
struct SeriesFactor {
  SeriesMemory m;

  PRIEL_DEVICE void operator()(Size element) const {
    if (m.length[element / m.columns] == 0) return;
    const double *density = m.middle, own = density[element];
    m.score[element] = own <= ::std::numeric_limits<double>::max() ? m.mean_over(element, [density](Size y, double) { return density[y]; }) / own : 1;
  }
};

// PLOF: equation 7 of Kriegel et al.; +inf for a/0. By the mean difference of the sigmas, so that nothing cancels where all are
// nearly equal; what still differs from 0 by `rounding` only is 0, lest the normalisation blow it up.
struct SeriesPlof {
  SeriesMemory m;
  double rounding;

  PRIEL_DEVICE void operator()(Size element) const {
    if (m.length[element / m.columns] == 0) return;
    const double *sigma = m.spread, own = sigma[element];
    const double excess = m.mean_over(element, [sigma, own](Size y, double) { return sigma[y] - own; });
    double value = excess > 0 ? -1 : 0;
    if (own > 0 && own > -2 * excess) {
      value = -excess / (own + excess);
      if (value > -rounding && value < rounding) value = 0;
    } else if (own > 0) {   // the mean is much the smaller
      const double mean = m.mean_over(element, [sigma](Size y, double) { return sigma[y]; });
      value = mean > 0 ? own / mean - 1 : ::std::numeric_limits<double>::infinity();
    }
    m.middle[element] = value;
  }
};

// For every (series, k): nPLOF times the root of 2 over all samples whose PLOF is finite, equation 8.
struct SeriesNormal {
  SeriesMemory m;
  double lambda;

  PRIEL_DEVICE void operator()(Size column) const {
    const Size first = column / m.columns * m.n;
    double sum = 0, count = 0;
    for (Size sample = first; sample < first + m.n; ++sample) {
      const double value = m.length[sample] > 0 ? m.middle[sample * m.columns + column % m.columns] : ::std::numeric_limits<double>::infinity();
      const bool counts = value <= ::std::numeric_limits<double>::max();
      sum += counts ? value * value : 0;
      count += counts ? 1 : 0;
    }
    m.normal[column] = lambda * ::std::sqrt(2 * sum / (count > 1 ? count : 1));
  }
};

// PLOF / (nPLOF root of 2), whose error function is the score: equation 9.
struct SeriesRatio {
  SeriesMemory m;
  double lambda;
  bool local;

  PRIEL_DEVICE void operator()(Size element) const {
    const Size sample = element / m.columns;
    if (m.length[sample] == 0) return;
    constexpr double largest = ::std::numeric_limits<double>::max(), infinity = ::std::numeric_limits<double>::infinity();
    const double *plof = m.middle, value = plof[element];
    double normal = m.normal[m.series_of(sample) * m.columns + element % m.columns];
    if (local) {
      const double square = m.mean_over(element, [plof](Size y, double) { return plof[y] <= largest ? plof[y] * plof[y] : 0; });
      const double counted = m.mean_over(element, [plof](Size y, double) { return plof[y] <= largest ? 1.0 : 0.0; });
      normal = counted > 0 ? lambda * ::std::sqrt(2 * square / counted) : 0;
    }
    double ratio = value <= largest ? 0 : infinity;
    if (value <= largest && normal > 0) ratio = value / normal;
    else if (value <= largest && local && value > 0) ratio = infinity;
    m.score[element] = ratio;
  }
};

// Of series that are too short for the largest k.
template <class T>
struct NoScore {
  T* scores;
  PRIEL_DEVICE void operator()(Size sample) const { scores[sample] = ::std::numeric_limits<T>::quiet_NaN(); }
};

// For every sample: one score from those of all k; NaN where it has none.
template <class T>
struct SeriesAggregate {
  SeriesMemory m;
  T* scores;   // (count, n)
  Aggregate aggregate;
  Size drop;   // values left out at each end
  bool loop;

  PRIEL_DEVICE void operator()(Size sample) const {
    double* row = m.score + sample * m.columns;
    double result = ::std::numeric_limits<double>::quiet_NaN();
    if (m.length[sample] > 0 && aggregate == Aggregate::max) {   // erf is monotone
      result = row[0];
      for (Size c = 1; c < m.columns; ++c) result = row[c] > result ? row[c] : result;
      result = final(result);
    } else if (m.length[sample] > 0) {
      for (Size c = 0; c < m.columns; ++c) row[c] = final(row[c]);
      if (drop > 0) sort(row);
      double sum = 0;
      for (Size c = drop; c < m.columns - drop; ++c) sum += row[c];
      result = sum / static_cast<double>(m.columns - 2 * drop);
    }
    scores[sample] = static_cast<T>(result);
  }

 private:
  PRIEL_DEVICE double final(double score) const { return !loop ? score : score > 0 ? ::std::erf(score) : 0; }
  PRIEL_DEVICE void sort(double* row) const {
    for (Size c = 1; c < m.columns; ++c) {
      const double value = row[c];
      Size to = c;
      for (; to > 0 && row[to - 1] > value; --to) row[to] = row[to - 1];
      row[to] = value;
    }
  }
};

}  // namespace priel::kernel
