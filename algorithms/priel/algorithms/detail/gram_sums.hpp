// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sums of products of deviations in CPU memory, and the normal equations that they make.
#pragma once

#include <priel/communicator.hpp>
#include <priel/shape.hpp>

#include <vector>

namespace priel {

// How a linear model gets its intercept, which is never penalised: it is added, it is the coefficient of x's first column, which is constant,
// or there is none.
enum class Intercept { add, column0, none };

namespace detail {

// Of samples of d features and a target, v = d + 1 variables: their number, the means, and the upper triangle of the sums of products of the
// variables' deviations from these. In double; a plain block, so that ranks' can be merged (Chan, Golub, LeVeque 1983, as pairs of variables).
// A variable that is constant has its value as mean and sums that are exactly 0.
class GramSums {
 public:
  explicit GramSums(Size features);
  Size features() const { return static_cast<Size>(state_[1]) - 1; }
  Size samples() const { return static_cast<Size>(state_[0]); }
  double mean(Size i) const { return state_[static_cast<std::size_t>(2 + i)]; }
  std::vector<double> means() const { return {state_.begin() + 2, state_.begin() + 2 + features()}; }   // the features'
  double product(Size i, Size j) const { return state_[static_cast<std::size_t>(place(i, j))]; }   // i <= j
  Size bytes() const { return static_cast<Size>(state_.size() * sizeof(double)); }
  // Whether no variable from `first` on to `end` has a value that is not finite, or a square that overflows.
  bool finite(Size first, Size end) const;

  // Of the rows of x (rows, features; `x_row` elements apart) and y. Sums of products of deviations from the first rows' means, corrected at
  // the end: rounding is at most the number of rows over those times that of two passes. By all threads, half the work of a product.
  void take(Size rows, const float* x, Size x_row, const double* y);
  void take(Size rows, const double* x, Size x_row, const double* y);
  // The same of sums that are known: of deviations from `shift` (v), and of their products (v, v; rows `stride` apart; the upper triangle is read).
  void take(Size rows, const double* shift, const double* sums, const double* products, Size stride);

  // Of all ranks' samples: one Allreduce of 8 (2 + v + v (v + 1) / 2) bytes.
  void reduce(const Communicator& comm) { comm.all_reduce(state_.data(), 1, bytes(), &merge); }

 private:
  static void merge(void* into, const void* from, Size count);
  Size place(Size i, Size j) const { return 2 + (features() + 1) * (i + 1) - i * (i - 1) / 2 + j - i; }
  std::vector<double> state_;   // samples, v, means, the triangle's rows
};

// InputError, unless the first feature is constant, and not 0.
void check_column0(const char* name, bool varies, double value);

// X'X w = X'y, of deviations from the means, or of the values themselves.
struct NormalEquations {
  NormalEquations(const GramSums& sums, bool centred);
  Size samples, features;
  std::vector<double> gram;     // (features, features), symmetric: X'X
  std::vector<double> target;   // (features): X'y
  double squares;               // y'y
};

// X'X + alpha I. Returns the sum of the diagonal before.
double add_to_diagonal(NormalEquations& equations, double alpha);

double largest_of(const std::vector<double>& values);   // in magnitude
double sum_of_magnitudes(const std::vector<double>& values);
Size count_nonzero_of(const std::vector<double>& values);

// The intercept of weights that fit deviations from means; with column0 it becomes that column's weight, and 0.
double completed(Intercept intercept, std::vector<double>& weights, const std::vector<double>& means, double target_mean);

}  // namespace detail
}  // namespace priel
