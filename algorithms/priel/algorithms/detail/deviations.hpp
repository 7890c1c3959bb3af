// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Deviations: of samples in CPU memory their number, means and the triangle of the QR of their deviations from the means, which ranks merge.
#pragma once

#include <priel/communicator.hpp>
#include <priel/shape.hpp>

#include <vector>

namespace priel::detail {

class GramSums;

// The `count` directions of the largest singular values of samples. NaN if a value of theirs is not finite.
struct Directions {
  std::vector<double> values;      // falling
  std::vector<double> vectors;     // (count, d), in each of which the element of largest magnitude is positive
  std::vector<double> variances;   // of the samples along them, divided by n - 1; of samples that are not centred by n
  std::vector<double> ratios;      // as parts of the sum over all features
  double rest;                     // the mean of the variances along the other directions
};
// By the eigenvalues of a Gram matrix of the deviations, or of the samples themselves: a value s has an error of rounding times (largest / s) squared,
// half of that relative to itself, where triangles leave rounding times largest / s.
Directions directions(const GramSums& sums, Size count, bool centred);

// In double; never more than a block of samples is copied. The deviations of a block are from its own means, so that a large common
// offset costs no digits. Merged as two sets of moments are (Chan, Golub, LeVeque 1983, eq. 2.1), but by the QR of both triangles and the row
// sqrt(n m / (n + m)) (means - other means), whose Gram matrix is that of the union: squares, which lose half of the digits, are never formed.
class Deviations {
 public:
  // Of d features, for at most n samples on at most p ranks: what one rank sends has (at most) min(n + p, d) rows of the triangle.
  Deviations(Size d, Size n, int ranks);

  // Rows of samples, C order, by all threads; the same, bit for bit, for any number of them.
  void add(Size rows, const float* x);
  void add(Size rows, const double* x);
  // Collective: those of all ranks. One Allreduce of d (min(n + p, d) + 1) + 4 doubles.
  void reduce(const Communicator& comm) { comm.all_reduce(state_.data(), 1, static_cast<Size>(state_.size() * sizeof(double)), &merge); }

  Size samples() const { return static_cast<Size>(state_[0]); }
  std::vector<double> means() const { return {state_.begin() + 4, state_.begin() + 4 + static_cast<std::ptrdiff_t>(state_[1])}; }
  // Of the deviations, or of the samples themselves.
  Directions directions(Size count, bool centred) const;

 private:
  static void merge(void* into, const void* from, Size count);
  template <class T>
  void add_blocks(Size rows, const T* x);

  std::vector<double> state_;   // samples, features, rows held, rows possible; means; triangle
};

}  // namespace priel::detail
