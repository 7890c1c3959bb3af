// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The sweeps of coordinate descent for the LASSO, their duality gap, and the values of lambda of a path.
#include <priel/algorithms/detail/coordinate_descent.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace priel::detail {
namespace {

double inner(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// The soft threshold.
double shrunk(double rho, double alpha) {
  const double rest = std::abs(rho) - alpha;
  return rest > 0 ? std::copysign(rest, rho) : 0;
}

// slope -= change * row
void step(double change, const double* row, std::vector<double>& slope) {
  for (std::size_t i = 0; i < slope.size(); ++i) slope[i] -= change * row[i];
}

}  // namespace

double largest_of(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}
double sum_of_magnitudes(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value);
  return sum;
}
Size count_nonzero_of(const std::vector<double>& values) {
  return std::count_if(values.begin(), values.end(), [](double value) { return value != 0; });
}

Duality duality(double residual_squares, double residual_target, double steepest, double alpha, double weights_sum) {
  const double scale = steepest > alpha ? alpha / steepest : 1;
  const double primal = residual_squares / 2 + alpha * weights_sum;
  return {primal, primal - scale * residual_target + scale * scale * residual_squares / 2};
}

double sweep_once(const std::vector<double>& gram, double alpha, std::vector<double>& slope, std::vector<double>& weights) {
  double most = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double* const row = gram.data() + j * weights.size();
    if (!(row[j] > 0)) continue;   // a constant feature
    const double next = shrunk(slope[j] + row[j] * weights[j], alpha) / row[j], change = next - weights[j];
    if (change == 0) continue;
    weights[j] = next;
    step(change, row, slope);
    most = std::max(most, std::abs(change));
  }
  return most;
}

void descend(const NormalEquations& equations, const DescentLimits& limits, Descent& descent, const LassoWatch& watch) {
  const auto& [samples, features, gram, target, squares] = equations;
  const double n = static_cast<double>(samples), alpha = limits.lambda * n;
  auto& w = descent.weights;
  w.resize(target.size());
  std::vector<double> slope = target;
  for (std::size_t j = 0; j < w.size(); ++j)
    if (w[j] != 0) step(w[j], gram.data() + j * w.size(), slope);
  for (descent.iterations = 1;; ++descent.iterations) {
    const double change = sweep_once(gram, alpha, slope, w);
    const double residual_target = squares - inner(w, target), residual_squares = residual_target - inner(w, slope);
    const auto [primal, gap] = duality(std::max(residual_squares, 0.0), residual_target, largest_of(slope), alpha, sum_of_magnitudes(w));
    descent.gap = std::max(gap, 0.0) / n;
    descent.converged = change == 0 || descent.gap <= limits.tolerance * squares / n;
    if (watch) watch({descent.iterations, primal / n, descent.gap, count_nonzero_of(w)});
    if (descent.converged || descent.iterations >= limits.iterations) return;
  }
}

void order_lambdas(std::vector<double>& lambdas, double least_empty) {
  if (lambdas.empty()) {
    constexpr int count = 100;
    constexpr double least = 1e-3;
    const double most = std::max(least_empty, std::numeric_limits<double>::min());
    for (int i = 0; i < count; ++i) lambdas.push_back(most * std::pow(least, i / (count - 1.0)));
  }
  std::sort(lambdas.begin(), lambdas.end(), std::greater<>());
}

}  // namespace priel::detail
