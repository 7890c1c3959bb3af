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

// out (n, m; rows `out_row` apart): rows of x (n, d) to rows of y (m, d), both C order. By all threads, unless within a parallel region.
// Exactly symmetric, exactly 0 for duplicates; the same, bit for bit, whichever other rows are given with them.
void pair_distances(Metric metric, Size n, Size m, Size d, const float* x, const float* y, float* out, Size out_row);
void pair_distances(Metric metric, Size n, Size m, Size d, const double* x, const double* y, double* out, Size out_row);

}  // namespace priel::detail
