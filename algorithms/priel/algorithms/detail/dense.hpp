// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Matrix products and distances of all pairs in CPU memory: closed kernels, compiled once per instruction set and chosen at run time.
#pragma once

#include <priel/shape.hpp>

#include <complex>

namespace priel::detail {

// A matrix of any strides, in elements.
template <class T>
struct MatrixView {
  T* data;
  Size row, column;
};

// c (m, n) = a (m, k) b (k, n), or c += a b; columns of c are neighbours. By all threads, unless within a parallel region. An element of
// c is the same sum, bit for bit, by any number of threads and whichever rows of a are given with it.
void multiply(Size m, Size n, Size k, MatrixView<const float> a, MatrixView<const float> b, float* c, Size c_row, bool add);
void multiply(Size m, Size n, Size k, MatrixView<const double> a, MatrixView<const double> b, double* c, Size c_row, bool add);
void multiply(Size m, Size n, Size k, MatrixView<const std::complex<float>> a, MatrixView<const std::complex<float>> b, std::complex<float>* c,
              Size c_row, bool add);
void multiply(Size m, Size n, Size k, MatrixView<const std::complex<double>> a, MatrixView<const std::complex<double>> b, std::complex<double>* c,
              Size c_row, bool add);

// Sum of squared differences, its root, sum of absolute differences, the largest of them.
enum class Metric { squared, euclidean, manhattan, chebyshev };

// What is computed of a pair: the metric's distance, or, with a decay, exp(-decay * distance).
struct Measure {
  constexpr Measure(Metric of, double per_distance = 0) : metric(of), decay(per_distance) {}
  Metric metric;
  double decay;
};

// out (n, m; rows `out_row` apart): rows of x (n, d) to rows of y (m, d), both C order. By all threads, unless within a parallel region.
// Exactly symmetric, exactly 0 for duplicates; the same, bit for bit, whichever other rows are given with them.
void pair_distances(const Measure& measure, Size n, Size m, Size d, const float* x, const float* y, float* out, Size out_row);
void pair_distances(const Measure& measure, Size n, Size m, Size d, const double* x, const double* y, double* out, Size out_row);

// The pairs i < j of n samples, row after row, and some of them: those from `lower` on, `extent` of them.
struct Condensed {
  Size n, lower, extent;

  static constexpr Size before(Size n, Size row) { return row * (2 * n - row - 1) / 2; }   // the place of the first pair of a row
  static constexpr Size row_of(Size n, Size place) {   // the last row that begins there or before, if there is such a pair
    Size lower = 0, upper = n;
    while (upper - lower > 1) {
      const Size middle = (lower + upper) / 2;
      (before(n, middle) <= place ? lower : upper) = middle;
    }
    return lower;
  }
  // The rows that these pairs begin with.
  constexpr Block rows() const {
    if (extent == 0) return {0, 0};
    const Size first = row_of(n, lower);
    return {first, row_of(n, lower + extent - 1) + 1 - first};
  }
  // Of a row, the columns of such pairs.
  constexpr Block columns(Size row) const {
    const Size start = before(n, row), from = lower > start ? lower - start : 0, most = n - 1 - row, left = lower + extent - start;
    const Size to = left < most ? left : most;
    return {row + 1 + from, to > from ? to - from : 0};
  }
};

// out[0] ... are the pairs `of`: what is new to them of the samples `rows`, which lie at x, and `columns`, which lie at y, each of d features.
// Bit for bit what pair_distances gives. By all threads, unless within a parallel region.
void condensed_distances(const Measure& measure, const Condensed& of, const Block& rows, const Block& columns, Size d, const float* x, const float* y, float* out);
void condensed_distances(const Measure& measure, const Condensed& of, const Block& rows, const Block& columns, Size d, const double* x, const double* y, double* out);

}  // namespace priel::detail
