// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Singular values of a small matrix with at least as many columns as rows, by one-sided Jacobi rotations of its rows (Hestenes, 1958).
#pragma once

#include "products.hpp"

namespace priel::detail::PRIEL_ISA {

template <class T>
std::int64_t scratch_for(const SvdTask<T>& task) { return task.k * task.n + task.k * task.k + task.k; }

template <class T>
void rotate(std::int64_t n, T c, T s, T* __restrict__ x, T* __restrict__ y) {
  for (std::int64_t i = 0; i < n; ++i) {
    const T a = x[i], b = y[i];
    x[i] = c * a - s * b;
    y[i] = s * a + c * b;
  }
}

// A row of norm 1 that is orthogonal to the rows before it: what is left of a unit vector.
template <class T>
void complete(std::int64_t row, std::int64_t n, T* rows) {
  T* const own = rows + row * n;
  for (std::int64_t unit = 0; unit < n; ++unit) {
    for (std::int64_t i = 0; i < n; ++i) own[i] = i == unit ? T(1) : T(0);
    for (int twice = 0; twice < 2; ++twice)
      for (std::int64_t r = 0; r < row; ++r) {
        const T along = inner(n, rows + r * n, own);
        for (std::int64_t i = 0; i < n; ++i) own[i] -= along * rows[r * n + i];
      }
    const T squares = inner(n, own, own);
    if (2 * squares * static_cast<T>(n) < T(1)) continue;
    const T length = square_root(squares);
    for (std::int64_t i = 0; i < n; ++i) own[i] /= length;
    return;
  }
}

// Rotates pairs of rows of w, and those of j alike, until all are orthogonal to rounding.
template <class T>
void orthogonalise(std::int64_t k, std::int64_t n, T* w, T* j, T* squares) {
  constexpr int most_sweeps = 60;
  const T tolerance = Number<T>::epsilon * square_root(static_cast<T>(n));
  for (std::int64_t r = 0; r < k; ++r) squares[r] = inner(n, w + r * n, w + r * n);
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < most_sweeps; ++sweep) {
    rotated = false;
    for (std::int64_t p = 0; p < k; ++p)
      for (std::int64_t q = p + 1; q < k; ++q) {
        T *x = w + p * n, *y = w + q * n;
        const T along = inner(n, x, y), a = squares[p], b = squares[q];
        if (!((along < 0 ? -along : along) > tolerance * square_root(a) * square_root(b))) continue;
        rotated = true;
        const T zeta = (b - a) / (2 * along), size = zeta < 0 ? -zeta : zeta;
        const T t = (zeta < 0 ? T(-1) : T(1)) / (size + square_root(1 + zeta * zeta)), c = 1 / square_root(1 + t * t), s = c * t;
        rotate(n, c, s, x, y);
        rotate(k, c, s, j + p * k, j + q * k);
        squares[p] = inner(n, x, x);
        squares[q] = inner(n, y, y);
      }
  }
}

template <class T>
void compute(const SvdTask<T>& task, T* scratch) {
  const auto& [k, n, a, u, s, vh] = task;
  T *w = scratch, *j = w + k * n, *squares = j + k * k;
  for (std::int64_t i = 0; i < k * n; ++i) w[i] = a[i];
  for (std::int64_t i = 0; i < k * k; ++i) j[i] = i / k == i % k ? T(1) : T(0);
  orthogonalise(k, n, w, j, squares);
  for (std::int64_t r = 0; r < k; ++r) {   // the largest that is left
    std::int64_t at = 0;
    for (std::int64_t i = 1; i < k; ++i) at = squares[i] > squares[at] ? i : at;
    s[r] = square_root(squares[at]);
    squares[at] = -1;
    T* const row = vh + r * n;
    T most = 0;
    if (s[r] > 0) for (std::int64_t i = 0; i < n; ++i) row[i] = w[at * n + i] / s[r];
    else complete(r, n, vh);
    for (std::int64_t i = 0; i < n; ++i) most = (row[i] < 0 ? -row[i] : row[i]) > (most < 0 ? -most : most) ? row[i] : most;
    const T sign = most < 0 ? T(-1) : T(1);
    for (std::int64_t i = 0; i < n; ++i) row[i] *= sign;
    for (std::int64_t i = 0; i < k; ++i) u[i * k + r] = sign * j[at * k + i];
  }
}

}  // namespace priel::detail::PRIEL_ISA
