// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Coordinate descent for the LASSO on a Gram matrix that every rank has: nothing is sent.
#pragma once

#include <priel/algorithms/detail/gram_sums.hpp>

#include <functional>

namespace priel {

// What `watch` is told after each sweep over the coefficients.
struct LassoStep {
  Size iteration;     // from 1 on
  double objective;   // |y - X w - b|^2 / (2 n) + lambda |w|_1
  double gap;         // the objective is at most this above the least possible one; +inf where that is not known
  Size nonzero;       // coefficients that are not 0
};
using LassoWatch = std::function<void(const LassoStep&)>;

namespace detail {

// When a descent ends: after so many sweeps, or when the gap is at most tolerance * |y|^2 / n, or nothing changes any more.
struct DescentLimits {
  double lambda;
  Size iterations;
  double tolerance;
};
struct Descent {
  std::vector<double> weights;   // (features): where to begin, and the result
  Size iterations = 0;
  double gap = 0;
  bool converged = false;
};

// |y - X w|^2 / 2 + alpha |w|_1, and its distance from the dual objective at the residual, scaled into the dual's feasible set (Kim, Koh, Lustig,
// Boyd, Gorinevsky, An interior-point method for large-scale l1-regularized least squares, 2007, section III). Of r = y - X w: r'r, r'y and the
// largest |X'r|.
struct Duality {
  double primal, gap;
};
Duality duality(double residual_squares, double residual_target, double steepest, double alpha, double weights_sum);

// A sweep of cyclic coordinate descent (Friedman, Hastie, Tibshirani, Regularization paths for generalized linear models via coordinate descent,
// 2010, section 2.2, covariance updates): each weight becomes the best one given the others. `slope` is X'(y - X w), before and after. Returns
// the largest change.
double sweep_once(const std::vector<double>& gram, double alpha, std::vector<double>& slope, std::vector<double>& weights);

// Sweeps until a limit is met.
void descend(const NormalEquations& equations, const DescentLimits& limits, Descent& descent, const LassoWatch& watch);

// Largest first; if there are none: 100 from `least_empty`, the least that leaves no weight, down to a thousandth of it.
void order_lambdas(std::vector<double>& lambdas, double least_empty);

}  // namespace detail
}  // namespace priel
