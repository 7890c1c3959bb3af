// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the kernels of matrix products, distances and factorisations of every instruction set are asked: plain data and one entry point each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace priel::detail {

// c (m, n) = a (m, k) b (k, n), or c += a b. Elements of a row of c are neighbours; the operands have any strides.
template <class T>
struct ProductTask {
  std::int64_t m, n, k;
  const T* a;
  std::int64_t a_row, a_column;
  const T* b;
  std::int64_t b_row, b_column;
  T* c;
  std::int64_t c_row;
  bool add;
};

// out (n, m) = distances of the rows of x (n, d) to the rows of y (m, d); the rows of out lie `out_row` elements apart.
// Metric: 0 the sum of squared differences, 1 its root, 2 the sum of absolute differences, 3 the largest of them.
template <class T>
struct DistanceTask {
  std::int64_t n, m, d;
  const T* x;
  const T* y;
  T* out;
  std::int64_t out_row;
  int metric;
};

// a (m, n) = q (m, k) r (k, n), k = min(m, n); the diagonal of r is >= 0.
template <class T>
struct QrTask {
  std::int64_t m, n;
  const T* a;
  T* q;
  T* r;
};

// a (k, n) = u (k, k) diag(s) vh (k, n), k <= n; s falls, the largest element of a row of vh is positive.
template <class T>
struct SvdTask {
  std::int64_t k, n;
  const T* a;
  T* u;
  T* s;
  T* vh;
};

// Each instruction set has: the elements of scratch memory that run() needs, aligned to 64 bytes; and run() itself.
namespace baseline {
std::int64_t scratch_of(const ProductTask<float>& task);
std::int64_t scratch_of(const ProductTask<double>& task);
std::int64_t scratch_of(const DistanceTask<float>& task);
std::int64_t scratch_of(const DistanceTask<double>& task);
std::int64_t scratch_of(const QrTask<float>& task);
std::int64_t scratch_of(const QrTask<double>& task);
std::int64_t scratch_of(const SvdTask<float>& task);
std::int64_t scratch_of(const SvdTask<double>& task);
void run(const ProductTask<float>& task, float* scratch);
void run(const ProductTask<double>& task, double* scratch);
void run(const DistanceTask<float>& task, float* scratch);
void run(const DistanceTask<double>& task, double* scratch);
void run(const QrTask<float>& task, float* scratch);
void run(const QrTask<double>& task, double* scratch);
void run(const SvdTask<float>& task, float* scratch);
void run(const SvdTask<double>& task, double* scratch);
}  // namespace baseline

namespace avx2 {
std::int64_t scratch_of(const ProductTask<float>& task);
std::int64_t scratch_of(const ProductTask<double>& task);
std::int64_t scratch_of(const DistanceTask<float>& task);
std::int64_t scratch_of(const DistanceTask<double>& task);
std::int64_t scratch_of(const QrTask<float>& task);
std::int64_t scratch_of(const QrTask<double>& task);
std::int64_t scratch_of(const SvdTask<float>& task);
std::int64_t scratch_of(const SvdTask<double>& task);
void run(const ProductTask<float>& task, float* scratch);
void run(const ProductTask<double>& task, double* scratch);
void run(const DistanceTask<float>& task, float* scratch);
void run(const DistanceTask<double>& task, double* scratch);
void run(const QrTask<float>& task, float* scratch);
void run(const QrTask<double>& task, double* scratch);
void run(const SvdTask<float>& task, float* scratch);
void run(const SvdTask<double>& task, double* scratch);
}  // namespace avx2

namespace avx512 {
std::int64_t scratch_of(const ProductTask<float>& task);
std::int64_t scratch_of(const ProductTask<double>& task);
std::int64_t scratch_of(const DistanceTask<float>& task);
std::int64_t scratch_of(const DistanceTask<double>& task);
std::int64_t scratch_of(const QrTask<float>& task);
std::int64_t scratch_of(const QrTask<double>& task);
std::int64_t scratch_of(const SvdTask<float>& task);
std::int64_t scratch_of(const SvdTask<double>& task);
void run(const ProductTask<float>& task, float* scratch);
void run(const ProductTask<double>& task, double* scratch);
void run(const DistanceTask<float>& task, float* scratch);
void run(const DistanceTask<double>& task, double* scratch);
void run(const QrTask<float>& task, float* scratch);
void run(const QrTask<double>& task, double* scratch);
void run(const SvdTask<float>& task, float* scratch);
void run(const SvdTask<double>& task, double* scratch);
}  // namespace avx512

}  // namespace priel::detail
