// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Coordinate descent of the LASSO, x R or S<0>: on one Gram matrix, one message in all; or by blocks of features, one message each.
#pragma once

#include <priel/algorithms/detail/coordinate_descent.hpp>
#include <priel/algorithms/detail/gram.hpp>

#include <algorithm>
#include <limits>

namespace priel::detail {

// Of so many features that they have one Gram matrix.
class WholeGram {
 public:
  // Checks x and y. Sends one Allreduce of 4 d^2 + 20 d + 32 bytes.
  template <class X, Expression Y>
  WholeGram(const char* name, const X& x, const Y& y, Intercept intercept)
      : sums_(checked_sums(name, x, target_of(name, x, y), 0, x.shape()[1], intercept)), equations_(sums_, intercept != Intercept::none) {}

  double steepest() const { return largest_of(equations_.target); }   // the largest |X'y|
  std::vector<double> means() const { return sums_.means(); }
  double offset() const { return sums_.mean(sums_.features()); }      // y's mean
  // Sweeps from the weights in `descent` on; sends nothing.
  void descend(const DescentLimits& limits, Descent& descent, const LassoWatch& watch) const { detail::descend(equations_, limits, descent, watch); }

 private:
  GramSums sums_;
  NormalEquations equations_;
};

// Of samples x (n, d), R or S<0>, in blocks of `width` features that have Gram matrices; with the residual, split as x is.
template <class X>
class FeatureBlocks {
  using Backend = backend_of<X>;
  using Policy = policy_of<X>;
  using Row = Array<double, 1, Replicated, Backend>;

 public:
  // Checks x and y. Sends one Allreduce for each block, 4 width^2 + 20 width + 32 bytes.
  template <Expression Y>
  FeatureBlocks(const char* name, const X& x, const Y& y, Intercept intercept, Size width) : x_(x), residual_(target_of(name, x, y)) {
    const Size d = x.shape()[1];
    for (Size first = 0; first < d; first += width) {
      const Size features = std::min(width, d - first);
      const auto sums = checked_sums(name, x, residual_, first, features, first == 0 ? intercept : Intercept::add);
      const NormalEquations equations(sums, intercept != Intercept::none);
      squares_ = equations.squares;
      offset_ = sums.mean(features);
      const auto means = sums.means();
      means_.insert(means_.end(), means.begin(), means.end());
      steepest_ = std::max(steepest_, largest_of(equations.target));
      blocks_.push_back({first, features, row(intercept == Intercept::none ? std::vector<double>(means.size()) : means), equations.gram});
    }
    if (intercept != Intercept::none) residual_ = residual_ - offset_;
    target_ = residual_;
    weights_.resize(static_cast<std::size_t>(d));
  }

  double steepest() const { return steepest_; }
  const std::vector<double>& means() const { return means_; }
  double offset() const { return offset_; }

  // Sweeps from the weights of the last call on. Each sends 8 width bytes for each block and 8 for the residual's square. The gap, for which
  // every block sends as much again, is known after every eighth sweep, the last, and those that change little: else it is +inf.
  void descend(const DescentLimits& limits, Descent& descent, const LassoWatch& watch) {
    const double n = static_cast<double>(x_.shape()[0]), alpha = limits.lambda * n;
    for (descent.iterations = 1;; ++descent.iterations) {
      double change = 0;
      for (const Block& block : blocks_) change = std::max(change, sweep(block, alpha));
      const double most = largest_of(weights_), squared = item(sum(square(residual_)));
      const bool last = change == 0 || descent.iterations >= limits.iterations;
      const bool measured = last || descent.iterations % 8 == 0 || change <= limits.tolerance * most;
      const auto [primal, gap] = measured ? duality(squared, item(sum(residual_ * target_)), steepest_slope(), alpha, sum_of_magnitudes(weights_))
                                          : Duality{squared / 2 + alpha * sum_of_magnitudes(weights_), std::numeric_limits<double>::infinity()};
      descent.gap = std::max(gap, 0.0) / n;
      descent.converged = change == 0 || descent.gap <= limits.tolerance * squares_ / n;
      descent.weights = weights_;
      if (watch) watch({descent.iterations, primal / n, descent.gap, count_nonzero_of(weights_)});
      if (descent.converged || last) return;
    }
  }

 private:
  struct Block {
    Size first, features;
    Row centre;                  // the means, or 0
    std::vector<double> gram;
  };

  Row row(const std::vector<double>& values) const { return array_from_host<Row>({static_cast<Size>(values.size())}, x_.comm(), values); }
  auto deviations(const Block& block) const {
    return eval(astype<double>(x_(all, range(block.first, block.first + block.features))) - block.centre);
  }
  // The largest change.
  double sweep(const Block& block, double alpha) {
    const auto x = deviations(block);
    auto slope = row_of(Row(matmul(transpose(x), residual_)));
    const auto begin = weights_.begin() + block.first;
    std::vector<double> weights(begin, begin + block.features), changes(weights);
    const double change = sweep_once(block.gram, alpha, slope, weights);
    if (change == 0) return 0;
    for (std::size_t j = 0; j < weights.size(); ++j) changes[j] = weights[j] - changes[j];
    std::copy(weights.begin(), weights.end(), begin);
    residual_ = residual_ - matmul(x, row(changes));
    return change;
  }
  double steepest_slope() const {
    double most = 0;
    for (const Block& block : blocks_) most = std::max(most, largest_of(row_of(Row(matmul(transpose(deviations(block)), residual_)))));
    return most;
  }

  X x_;
  Array<double, 1, Policy, Backend> residual_, target_;
  std::vector<Block> blocks_;
  std::vector<double> means_, weights_;
  double offset_ = 0, squares_ = 0, steepest_ = 0;
};

}  // namespace priel::detail
