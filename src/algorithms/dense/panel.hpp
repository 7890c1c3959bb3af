// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// QR of a few long columns that a cache holds, by Householder reflections (Golub and Van Loan, Matrix Computations, section 5.2), column by column.
#pragma once

#include "tile.hpp"

namespace priel::detail::PRIEL_ISA {

// y_c -= tau v (v y_c) for `Columns` columns y_c; length is what v has, in vectors of two steps.
template <class T, int Columns>
PRIEL_INLINE void reflect_columns(std::int64_t length, const T* v, T tau, T* y, std::int64_t column) {
  constexpr int steps = 2;
  Vec<T> sum[Columns][steps] = {};
  for (std::int64_t i = 0; i < length; i += steps * lanes<T>)
    unrolled<steps>([&](auto s) PRIEL_INLINED {
      const Vec<T> of = load(v + i + s * lanes<T>);
      unrolled<Columns>([&](auto c) PRIEL_INLINED { sum[c][s] += of * load(y + c * column + i + s * lanes<T>); });
    });
  Vec<T> factor[Columns];
  unrolled<Columns>([&](auto c) PRIEL_INLINED {
    const Vec<T> both = sum[c][0] + sum[c][1];
    T dot = 0;
    for (int lane = 0; lane < lanes<T>; ++lane) dot += both[lane];
    factor[c] = Vec<T>{} + tau * dot;
  });
  for (std::int64_t i = 0; i < length; i += steps * lanes<T>)
    unrolled<steps>([&](auto s) PRIEL_INLINED {
      const Vec<T> of = load(v + i + s * lanes<T>);
      unrolled<Columns>([&](auto c) PRIEL_INLINED {
        T* const to = y + c * column + i + s * lanes<T>;
        store<T>(to, load(to) - factor[c] * of);
      });
    });
}

template <class T>
T sum_of_squares(std::int64_t length, const T* x) {
  Vec<T> sum[4] = {};
  std::int64_t i = 0;
  for (; i + 4 * lanes<T> <= length; i += 4 * lanes<T>)
    unrolled<4>([&](auto s) PRIEL_INLINED {
      const Vec<T> value = load(x + i + s * lanes<T>);
      sum[s] += value * value;
    });
  const Vec<T> all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  T total = 0;
  for (int lane = 0; lane < lanes<T>; ++lane) total += all[lane];
  for (; i < length; ++i) total += x[i] * x[i];
  return total;
}

template <class T>
std::int64_t scratch_for(const PanelTask<T>&) { return 0; }

template <class T>
void compute(const PanelTask<T>& task, T*) {
  const auto& [m, n, a, column, tau] = task;
  for (std::int64_t j = 0; j < n; ++j) {
    tau[j] = 0;
    T* const v = a + j * column + j;
    const T below = j + 1 < m ? sum_of_squares(m - j - 1, v + 1) : T(0);
    if (below == 0) continue;   // nothing to remove
    const T alpha = *v, length = square_root(alpha * alpha + below), beta = alpha > 0 ? -length : length, scale = 1 / (alpha - beta);
    tau[j] = (beta - alpha) / beta;
    for (std::int64_t i = 1; i < m - j; ++i) v[i] *= scale;
    *v = 1;
    std::int64_t c = j + 1;
    for (; c + 4 <= n; c += 4) reflect_columns<T, 4>(m - j, v, tau[j], a + c * column + j, column);
    for (; c < n; ++c) reflect_columns<T, 1>(m - j, v, tau[j], a + c * column + j, column);
    *v = beta;
  }
}

}  // namespace priel::detail::PRIEL_ISA
