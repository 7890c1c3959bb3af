// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sums of the first four powers of differences from a value, of runs and down columns.
#pragma once

#include "moments.hpp"

namespace priel::detail::PRIEL_ISA {

template <class V>
struct Powers {
  V of[4] = {};
  PRIEL_INLINE void add(V d) {
    const V square = d * d;
    of[0] += d;
    of[1] += square;
    of[2] += square * d;
    of[3] += square * square;
  }
};

// The sum of the lanes, pairs of them at a time.
template <int Step, int... Lane>
PRIEL_INLINE double sum_of_lanes(Packed<double> x, Lanes<Lane...> all) {
  if constexpr (Step == 0) return x[0];
  else return sum_of_lanes<Step / 2>(x + __builtin_shufflevector(x, x, (Lane ^ Step)...), all);
}

template <class T>
PRIEL_INLINE void powers_of_run(const T* x, std::int64_t n, Packed<MaskLane<double>> rest, PowerSums& into) {
  constexpr int width = lanes<double>;
  const double shift = shift_of(static_cast<double>(x[0]));
  into.shift = shift;
  if (n < width) {
    Powers<double> sums;
    for (std::int64_t i = 0; i < n; ++i) sums.add(static_cast<double>(x[i]) - shift);
    for (int k = 0; k < 4; ++k) into.of[k] = sums.of[k];
    return;
  }
  Powers<Packed<double>> sums[2];
  walk_run<T, width, 2, fetched_far_ahead>(x, n, [&](int u, const T* at) PRIEL_INLINED { sums[u].add(widened<double>(at) - shift); });
  if (n % width != 0) sums[0].add(rest ? widened<double>(x + n - width) - shift : Packed<double>{});   // not before: of a long run it is far away
  for (int k = 0; k < 4; ++k) into.of[k] = sum_of_lanes<width / 2>(sums[0].of[k] + sums[1].of[k], AllLanes<width>{});
}
template <class T>
void power_runs(const T* x, std::int64_t count, std::int64_t length, PowerSums* into) {
  const auto rest = rest_of_run<double, lanes<double>>(length);
  for (std::int64_t r = 0; r < count; ++r) powers_of_run(x + r * length, length, rest, into[r]);
}

// Of `Rows` rows; power k of column c is at sums[(k - 1) * apart + c].
template <class T, int Rows>
PRIEL_INLINE void powers_of_few(const T* x, std::int64_t stride, std::int64_t columns, const double* shift, double* sums, std::int64_t apart) {
  constexpr int width = lanes<double>;
  std::int64_t j = 0;
  for (; j + width <= columns; j += width) {
    const Packed<double> from = load<double, width>(shift + j);
    Powers<Packed<double>> all;
    for (int k = 0; k < 4; ++k) all.of[k] = load<double, width>(sums + k * apart + j);
    for (int r = 0; r < Rows; ++r) {
      fetch(x + r * stride + j, fetched_ahead);
      all.add(widened<double>(x + r * stride + j) - from);
    }
    for (int k = 0; k < 4; ++k) store<double, width>(sums + k * apart + j, all.of[k]);
  }
  for (; j < columns; ++j) {
    Powers<double> all;
    for (int r = 0; r < Rows; ++r) all.add(static_cast<double>(x[r * stride + j]) - shift[j]);
    for (int k = 0; k < 4; ++k) sums[k * apart + j] += all.of[k];
  }
}
template <class T>
void power_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, const double* shift, double* sums, std::int64_t apart) {
  by_rows<8>(rows, [&](auto few, std::int64_t r) { powers_of_few<T, few.value>(x + r * stride, stride, columns, shift, sums, apart); });
}

}  // namespace priel::detail::PRIEL_ISA
