// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Factorisations of a matrix in CPU memory, C order: closed kernels, compiled once per instruction set and chosen at run time.
#pragma once

#include <priel/shape.hpp>

namespace priel::detail {

// a (m, n) = q (m, k) r (k, n) with k = min(m, n), q's columns orthonormal, r upper triangular with a diagonal >= 0.
void qr_factors(Size m, Size n, const float* a, float* q, float* r);
void qr_factors(Size m, Size n, const double* a, double* q, double* r);

// a (k, n) = u (k, k) diag(s) vh (k, n), k <= n; s falls; the element of largest magnitude in each row of vh is positive. Values that
// are not finite give NaN.
void svd_factors(Size k, Size n, const float* a, float* u, float* s, float* vh);
void svd_factors(Size k, Size n, const double* a, double* u, double* s, double* vh);

}  // namespace priel::detail
