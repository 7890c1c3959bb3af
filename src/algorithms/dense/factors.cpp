// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// QR of tall matrices by blocks of rows that fit a cache, and singular values.
#include <priel/algorithms/detail/dense.hpp>
#include <priel/algorithms/detail/factors.hpp>

#include "entry.hpp"

#include <omp.h>

#include <cmath>
#include <limits>
#include <vector>

namespace priel::detail {
namespace {

// As between ranks: blocks of rows are factored by themselves, their triangles stacked and factored again.
template <class T>
void qr(Size m, Size n, const T* a, T* q, T* r) {
  const Size k = m < n ? m : n;
  if (k == 0) return;
  constexpr Size cached = (Size{1} << 18) / static_cast<Size>(sizeof(T));
  const Size height = cached / n > 4 * n ? cached / n : 4 * n;   // rows of a block: several times those of its triangle
  if (m < 2 * height) return run(QrTask<T>{m, n, a, q, r});
  const int blocks = static_cast<int>(m / height);
  std::vector<T> triangles(static_cast<std::size_t>(blocks * n * n)), second(triangles.size());
  const bool nested = omp_in_parallel();
#pragma omp parallel for if (!nested) schedule(dynamic, 1)
  for (int b = 0; b < blocks; ++b) {
    const Block rows = block_of(m, blocks, b);
    run(QrTask<T>{rows.extent, n, a + rows.lower * n, q + rows.lower * n, triangles.data() + b * n * n});
  }
  qr(blocks * n, n, triangles.data(), second.data(), r);
#pragma omp parallel for if (!nested) schedule(dynamic, 1)
  for (int b = 0; b < blocks; ++b) {
    const Block rows = block_of(m, blocks, b);
    const std::vector<T> own(q + rows.lower * n, q + (rows.lower + rows.extent) * n);
    multiply(rows.extent, n, n, {own.data(), n, 1}, {second.data() + b * n * n, n, 1}, q + rows.lower * n, n, false);
  }
}

template <class T>
void svd(Size k, Size n, const T* a, T* u, T* s, T* vh) {
  if (k == 0) return;
  bool finite = true;
  for (Size i = 0; i < k * n; ++i) finite = finite && std::isfinite(a[i]);
  if (finite) return run(SvdTask<T>{k, n, a, u, s, vh});
  constexpr T undefined = std::numeric_limits<T>::quiet_NaN();
  for (Size i = 0; i < k * k; ++i) u[i] = undefined;
  for (Size i = 0; i < k; ++i) s[i] = undefined;
  for (Size i = 0; i < k * n; ++i) vh[i] = undefined;
}

}  // namespace

void qr_factors(Size m, Size n, const float* a, float* q, float* r) { qr(m, n, a, q, r); }
void qr_factors(Size m, Size n, const double* a, double* q, double* r) { qr(m, n, a, q, r); }
void svd_factors(Size k, Size n, const float* a, float* u, float* s, float* vh) { svd(k, n, a, u, s, vh); }
void svd_factors(Size k, Size n, const double* a, double* u, double* s, double* vh) { svd(k, n, a, u, s, vh); }

}  // namespace priel::detail
