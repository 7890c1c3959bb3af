// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sums of products of deviations: a shard's by matrix products of blocks of rows, ranks' merged, and the normal equations they make.
#include <priel/algorithms/detail/dense.hpp>
#include <priel/algorithms/detail/gram_sums.hpp>

#include "../statistics/merge_products.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>

namespace priel::detail {
namespace {

// Rows of deviations that are multiplied at a time: a second-level cache holds them.
constexpr Size depth = 320;
Size rows_at_once(Size v) { return std::clamp<Size>((Size{1} << 16) / v / depth, 1, 16) * depth; }
// Columns of a strip of the upper triangle: what is computed below the diagonal is little, and what is read for a strip much used.
Size strip(Size v) { return v <= 512 ? 24 : 192; }

// Deviations of rows of x, of y, and 1: (rows, v + 1).
template <class T>
void deviations(Size rows, Size d, const T* x, Size x_row, const double* y, const double* shift, double* to) {
  for (Size i = 0; i < rows; ++i, x += x_row, to += d + 2) {
    for (Size j = 0; j < d; ++j) to[j] = static_cast<double>(x[j]) - shift[j];
    to[d] = y[i] - shift[d];
    to[d + 1] = 1;
  }
}

// Means of a few rows, exact for constants.
template <class T>
std::vector<double> means_of(Size rows, Size d, const T* x, Size x_row, const double* y) {
  std::vector<double> means(static_cast<std::size_t>(d + 2)), sums(means.size());
  std::vector<double> block(means.size());
  for (Size j = 0; j < d; ++j) means[static_cast<std::size_t>(j)] = static_cast<double>(x[j]);
  means[static_cast<std::size_t>(d)] = y[0];
  for (Size i = 0; i < rows; ++i) {
    deviations(1, d, x + i * x_row, x_row, y + i, means.data(), block.data());
    for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += block[j];
  }
  for (std::size_t j = 0; j < sums.size(); ++j) means[j] += sums[j] / static_cast<double>(rows);
  return means;
}

template <class T>
void take_rows(GramSums& sums, Size rows, const T* x, Size x_row, const double* y) {
  const Size d = sums.features(), v = d + 1, width = v + 1, step = rows_at_once(v);
  const auto shift = means_of(std::min(rows, step), d, x, x_row, y);
  // Each thread has a sum of its own, unless these are large: then products are shared among them.
  constexpr Size large = 1024;
  const Size blocks = (rows + step - 1) / step;
  const int strands = v > large || omp_in_parallel() ? 1 : static_cast<int>(std::min<Size>(omp_get_max_threads(), blocks));
  const auto square = static_cast<std::size_t>(width * width);
  std::vector<double> products(square * static_cast<std::size_t>(strands));
#pragma omp parallel for num_threads(strands) if (strands > 1) schedule(static, 1)
  for (int s = 0; s < strands; ++s) {
    double* const mine = products.data() + square * static_cast<std::size_t>(s);
    std::vector<double> block(static_cast<std::size_t>(std::min(rows, step) * width));
    const Block part = block_of(blocks, strands, s);
    for (Size b = part.lower; b < part.lower + part.extent; ++b) {
      const Size begin = b * step, n = std::min(step, rows - begin);
      deviations(n, d, x + begin * x_row, x_row, y + begin, shift.data(), block.data());
      for (Size j = 0; j < width; j += strip(v))
        multiply(std::min(strip(v), width - j), width - j, n, {block.data() + j, 1, width}, {block.data() + j, width, 1},
                 mine + j * width + j, width, true);
    }
  }
  for (int s = 1; s < strands; ++s)
    for (std::size_t i = 0; i < square; ++i) products[i] += products[square * static_cast<std::size_t>(s) + i];
  std::vector<double> totals;
  for (Size j = 0; j < v; ++j) totals.push_back(products[static_cast<std::size_t>(j * width + v)]);
  sums.take(rows, shift.data(), totals.data(), products.data(), width);
}

}  // namespace

GramSums::GramSums(Size features) {
  const Size v = features + 1;
  state_.resize(static_cast<std::size_t>(2 + v + v * (v + 1) / 2));
  state_[1] = static_cast<double>(v);
}

bool GramSums::finite(Size first, Size end) const {
  bool all = true;
  for (Size i = first; i < end; ++i) all = all && std::isfinite(mean(i)) && std::isfinite(product(i, i));
  return all;
}

void GramSums::take(Size rows, const float* x, Size x_row, const double* y) { take_rows(*this, rows, x, x_row, y); }
void GramSums::take(Size rows, const double* x, Size x_row, const double* y) { take_rows(*this, rows, x, x_row, y); }

void GramSums::take(Size rows, const double* shift, const double* sums, const double* products, Size stride) {
  const Size v = features() + 1;
  const double n = static_cast<double>(rows);
  state_[0] = n;
  double* to = state_.data() + 2;
  for (Size i = 0; i < v; ++i) *to++ = shift[i] + sums[i] / n;
  for (Size i = 0; i < v; ++i)
    for (Size j = i; j < v; ++j) *to++ = products[i * stride + j] - sums[i] * (sums[j] / n);
}

void GramSums::merge(void* into, const void* from, Size) { merge_products(static_cast<double*>(into), static_cast<const double*>(from), true); }

NormalEquations::NormalEquations(const GramSums& sums, bool centred)
    : samples(sums.samples()), features(sums.features()), gram(static_cast<std::size_t>(features * features)),
      target(static_cast<std::size_t>(features)) {
  const auto value = [&](Size i, Size j) {
    return sums.product(i, j) + (centred ? 0 : static_cast<double>(samples) * sums.mean(i) * sums.mean(j));
  };
  for (Size i = 0; i < features; ++i) {
    for (Size j = i; j < features; ++j)
      gram[static_cast<std::size_t>(i * features + j)] = gram[static_cast<std::size_t>(j * features + i)] = value(i, j);
    target[static_cast<std::size_t>(i)] = value(i, features);
  }
  squares = value(features, features);
}

double add_to_diagonal(NormalEquations& equations, double alpha) {
  double trace = 0;
  for (Size i = 0; i < equations.features; ++i) {
    double& value = equations.gram[static_cast<std::size_t>(i * (equations.features + 1))];
    trace += value;
    value += alpha;
  }
  return trace;
}

void check_column0(const char* name, bool varies, double value) {
  if (!varies && value != 0) return;
  throw InputError(std::string(name) + ": column 0 of x is " + (varies ? "not constant" : "0") +
                   ": Intercept::column0 needs a constant that is not 0 there; or write Intercept::add");
}

double completed(Intercept intercept, std::vector<double>& weights, const std::vector<double>& means, double target_mean) {
  if (intercept == Intercept::none) return 0;
  if (intercept == Intercept::column0) weights[0] = 0;
  double constant = target_mean;
  for (std::size_t i = 0; i < means.size(); ++i) constant -= weights[i] * means[i];
  if (intercept == Intercept::add) return constant;
  weights[0] = constant / means[0];
  return 0;
}

}  // namespace priel::detail
