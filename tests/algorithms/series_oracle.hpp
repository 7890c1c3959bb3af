// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LOF and LoOP of one series straight from their definitions, in double and without any haste: what the kernels are held to.
#pragma once

#include <priel/algorithms/sweep.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace priel::test {

using Samples = std::vector<std::vector<double>>;

using Matrix = std::vector<std::vector<double>>;

inline Matrix distances(const Samples& x) {
  Matrix result(x.size(), std::vector<double>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < x.size(); ++j) {
      double sum = 0;
      for (std::size_t f = 0; f < x[i].size(); ++f) sum += (x[i][f] - x[j][f]) * (x[i][f] - x[j][f]);
      result[i][j] = std::sqrt(sum);
    }
  return result;
}

// N_k(x) and the k-distances, for samples that are all finite.
struct Neighbourhoods {
  const Matrix& distance;
  std::vector<std::vector<int>> members;
  std::vector<double> radius;
};

inline Neighbourhoods neighbourhoods(const Matrix& distance, int k) {
  const std::size_t n = distance.size();
  Neighbourhoods result{distance, std::vector<std::vector<int>>(n), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> others = distance[i];
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    std::nth_element(others.begin(), others.begin() + (k - 1), others.end());
    result.radius[i] = others[static_cast<std::size_t>(k) - 1];
    for (std::size_t j = 0; j < n; ++j)
      if (j != i && distance[i][j] <= result.radius[i]) result.members[i].push_back(static_cast<int>(j));
  }
  return result;
}

// The mean of value(y) over the neighbourhood of x.
template <class F>
double mean_over(const std::vector<int>& members, F value) {
  double sum = 0;
  for (const int y : members) sum += value(static_cast<std::size_t>(y));
  return sum / static_cast<double>(members.size());
}

inline std::vector<double> lof(const Neighbourhoods& near) {
  const std::size_t n = near.members.size();
  std::vector<double> density(n), result(n);
  for (std::size_t x = 0; x < n; ++x)
    density[x] = 1 / mean_over(near.members[x], [&](std::size_t y) { return std::max(near.radius[y], near.distance[x][y]); });
  for (std::size_t x = 0; x < n; ++x)
    result[x] = std::isinf(density[x]) ? 1 : mean_over(near.members[x], [&](std::size_t y) { return density[y]; }) / density[x];
  return result;
}

inline std::vector<double> loop(const Neighbourhoods& near, double lambda, Norm norm) {
  const std::size_t n = near.members.size();
  std::vector<double> extent(n), plof(n), result(n);
  std::vector<bool> counts(n, true);
  for (std::size_t x = 0; x < n; ++x)
    extent[x] = lambda * std::sqrt(mean_over(near.members[x], [&](std::size_t y) { return std::pow(near.distance[x][y], 2); }));
  for (std::size_t x = 0; x < n; ++x) {
    const double mean = mean_over(near.members[x], [&](std::size_t y) { return extent[y]; });
    counts[x] = mean > 0 || extent[x] == 0;
    plof[x] = mean > 0 ? extent[x] / mean - 1 : 0;
    if (std::abs(plof[x]) < 1e-13) plof[x] = 0;  // rounding: the normalisation must not blow it up
  }
  const auto deviation = [&](const std::vector<int>& members) {
    double sum = 0, count = 0;
    for (const int member : members) {
      const auto y = static_cast<std::size_t>(member);
      if (counts[y]) sum += plof[y] * plof[y], ++count;
    }
    return count > 0 ? lambda * std::sqrt(sum / count) : 0;
  };
  std::vector<int> everybody(n);
  for (std::size_t x = 0; x < n; ++x) everybody[x] = static_cast<int>(x);
  const double all = deviation(everybody);
  for (std::size_t x = 0; x < n; ++x) {
    const double own = norm == Norm::global ? all : deviation(near.members[x]);
    if (!counts[x]) result[x] = 1;
    else if (own > 0) result[x] = std::max(0.0, std::erf(plof[x] / (own * std::sqrt(2.0))));
    else result[x] = norm == Norm::local && plof[x] > 0 ? 1 : 0;
  }
  return result;
}

inline double aggregated(std::vector<double> values, const Sweep& k) {
  std::sort(values.begin(), values.end());
  const auto count = values.size();
  std::size_t drop = 0;
  if (k.aggregate == Aggregate::max) return values.back();
  if (k.aggregate == Aggregate::median) drop = (count - 1) / 2;
  if (k.aggregate == Aggregate::trimmed) drop = static_cast<std::size_t>(std::floor(k.trim * static_cast<double>(count)));
  double sum = 0;
  for (std::size_t i = drop; i < count - drop; ++i) sum += values[i];
  return sum / static_cast<double>(count - 2 * drop);
}

// Scores for a whole sweep: score(neighbourhoods) gives those of one k. Samples that are not finite are left out.
template <class Score>
std::vector<double> over_sweep(const Samples& x, const Sweep& k, Score score) {
  std::vector<double> result(x.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<std::size_t> taken;
  Samples finite;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::all_of(x[i].begin(), x[i].end(), [](double v) { return std::isfinite(v); })) {
      taken.push_back(i);
      finite.push_back(x[i]);
    }
  if (static_cast<int>(taken.size()) <= k.largest()) return result;
  const Matrix distance = distances(finite);
  std::vector<std::vector<double>> scores(taken.size());
  for (int i = 0; i < k.count(); ++i) {
    const std::vector<double> one = score(neighbourhoods(distance, k.k(i)));
    for (std::size_t s = 0; s < one.size(); ++s) scores[s].push_back(one[s]);
  }
  for (std::size_t s = 0; s < taken.size(); ++s) result[taken[s]] = aggregated(scores[s], k);
  return result;
}

inline std::vector<double> reference_lof(const Samples& x, const Sweep& k) {
  return over_sweep(x, k, [](const Neighbourhoods& near) { return lof(near); });
}

inline std::vector<double> reference_loop(const Samples& x, const Sweep& k, double lambda, Norm norm) {
  return over_sweep(x, k, [&](const Neighbourhoods& near) { return loop(near, lambda, norm); });
}

}  // namespace priel::test
