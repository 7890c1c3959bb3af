// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// QR of one matrix that fits a cache, by Householder reflections (Golub and Van Loan, Matrix Computations, section 5.2), row by row.
#pragma once

#include "products.hpp"

namespace priel::detail::PRIEL_ISA {

// rows[0] and rows[i] = rows[i] - tau v_i (rows[0] + sum_i v_i rows[i]) on the columns [first, last) of a matrix; v_0 = 1, v_i = v[i * v_row].
template <class T>
void reflect(std::int64_t m, std::int64_t first, std::int64_t last, T tau, const T* v, std::int64_t v_row, T* rows, std::int64_t row,
             T* __restrict__ dots) {
  for (std::int64_t c = first; c < last; ++c) dots[c] = rows[c];
  for (std::int64_t i = 1; i < m; ++i) {
    const T factor = v[i * v_row];
    const T* from = rows + i * row;
    for (std::int64_t c = first; c < last; ++c) dots[c] += factor * from[c];
  }
  for (std::int64_t c = first; c < last; ++c) dots[c] *= tau;
  for (std::int64_t c = first; c < last; ++c) rows[c] -= dots[c];
  for (std::int64_t i = 1; i < m; ++i) {
    const T factor = v[i * v_row];
    T* __restrict__ to = rows + i * row;
    for (std::int64_t c = first; c < last; ++c) to[c] -= factor * dots[c];
  }
}

template <class T>
std::int64_t scratch_for(const QrTask<T>& task) { return task.m * task.n + 3 * task.n; }

template <class T>
void compute(const QrTask<T>& task, T* scratch) {
  const auto& [m, n, a, q, r] = task;
  const std::int64_t k = least(m, n);
  T *w = scratch, *tau = w + m * n, *dots = tau + n;
  for (std::int64_t i = 0; i < m * n; ++i) w[i] = a[i];
  for (std::int64_t j = 0; j < k; ++j) {
    T* const corner = w + j * n + j;
    T below = 0;
    for (std::int64_t i = 1; i < m - j; ++i) below += corner[i * n] * corner[i * n];
    tau[j] = 0;
    if (below == 0) continue;   // nothing to remove
    const T alpha = *corner, length = square_root(alpha * alpha + below), beta = alpha > 0 ? -length : length;
    tau[j] = (beta - alpha) / beta;
    for (std::int64_t i = 1; i < m - j; ++i) corner[i * n] /= alpha - beta;
    *corner = beta;
    reflect(m - j, j + 1, n, tau[j], corner, n, w + j * n, n, dots);
  }
  for (std::int64_t i = 0; i < m * k; ++i) q[i] = i / k == i % k ? T(1) : T(0);
  for (std::int64_t j = k - 1; j >= 0; --j)
    if (tau[j] != 0) reflect(m - j, j, k, tau[j], w + j * n + j, n, q + j * k, k, dots);
  for (std::int64_t i = 0; i < k; ++i) {
    const T sign = w[i * n + i] < 0 ? T(-1) : T(1);
    for (std::int64_t j = 0; j < n; ++j) r[i * n + j] = j < i ? T(0) : sign * w[i * n + j];
    if (sign < 0)
      for (std::int64_t j = 0; j < m; ++j) q[j * k + i] = -q[j * k + i];
  }
}

}  // namespace priel::detail::PRIEL_ISA
