// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Means and squared deviations of runs and down columns: sums of differences from a value of the run, so that little cancels.
#pragma once

#include "runs.hpp"

namespace priel::detail::PRIEL_ISA {

// A shift that is not finite would spoil every difference. Of lanes or of one value.
template <class V>
PRIEL_INLINE V shift_of(V x) { return x - x == 0 ? x : V{}; }

// Σ (x - shift) and Σ (x - shift)² to the mean and the squared deviations; squares that overflow are infinite, not NaN.
template <class V>
PRIEL_INLINE void finish_moments(V shift, V first, V second, double n, V& mean, V& squares) {
  const V part = first / n, rest = second - first * part;
  mean = shift + part;
  squares = rest != rest ? (first - first == 0 ? second : rest) : (rest < 0 ? V{} : rest);
}

struct MomentParts {
  Packed<double> first, second;
};
template <class T>
PRIEL_INLINE MomentParts moment_parts(const T* x, std::int64_t n, double shift, Packed<MaskLane<double>> rest) {
  constexpr int width = lanes<double>;
  const Packed<double> last = rest ? widened<double>(x + n - width) - shift : Packed<double>{};
  if (n < 4 * width) {
    MomentParts parts{last, last * last};
    fetch(x, fetched_along);
    for (std::int64_t i = 0; i + width <= n; i += width) {
      const Packed<double> d = widened<double>(x + i) - shift;
      parts.first += d;
      parts.second += d * d;
    }
    return parts;
  }
  Packed<double> first[4] = {last}, second[4] = {last * last};
  walk_run<T, width, 4>(x, n, [&](int u, const T* at) {
    const Packed<double> d = widened<double>(at) - shift;
    first[u] += d;
    second[u] += d * d;
  });
  return {(first[0] + first[1]) + (first[2] + first[3]), (second[0] + second[1]) + (second[2] + second[3])};
}

// Of runs whose number of elements the compiler knows: twice through them.
template <int Length, class V>
PRIEL_INLINE void few_moments(const V* v, V& mean, V& squares) {
  const V shift = shift_of(v[0]);
  V sum = v[0] - shift;
  for (int j = 1; j < Length; ++j) sum += v[j] - shift;
  const V middle = sum * (1.0 / Length);
  mean = shift + middle;
  squares = V{};
  for (int j = 0; j < Length; ++j) {
    const V d = (v[j] - shift) - middle;
    squares += d * d;
  }
}

template <class T>
void moment_runs(const T* x, std::int64_t count, std::int64_t length, double* mean, double* squares) {
  constexpr int width = lanes<double>;
  if (short_runs(x, count, length, [&](auto known, const T* columns, std::int64_t stride, std::int64_t at, std::int64_t n) {
        std::int64_t i = 0;
        for (; i + width <= n; i += width) {
          Packed<double> v[known.value], m, s;
          for (int j = 0; j < known.value; ++j) v[j] = widened<double>(columns + j * stride + i);
          few_moments<known.value>(v, m, s);
          store<double, width>(mean + at + i, m);
          store<double, width>(squares + at + i, s);
        }
        for (; i < n; ++i) {
          double v[known.value];
          for (int j = 0; j < known.value; ++j) v[j] = static_cast<double>(columns[j * stride + i]);
          few_moments<known.value>(v, mean[at + i], squares[at + i]);
        }
      })) return;
  const auto rest = rest_of_run<double, width>(length);
  for (std::int64_t r = 0; r < count; r += width) {
    const std::int64_t here = count - r < width ? count - r : width;
    Packed<double> first[width] = {}, second[width] = {}, m, s;
    alignas(64) double shift[width] = {};
#pragma GCC unroll 1
    for (std::int64_t i = 0; i < here; ++i) {
      const T* const run = x + (r + i) * length;
      shift[i] = shift_of(static_cast<double>(run[0]));
      const auto [sum, square] = moment_parts(run, length, shift[i], rest);
      first[i] = sum;
      second[i] = square;
    }
    finish_moments(load<double, width>(shift), folded_lanes<1, Plus>(first, AllLanes<width>{}), folded_lanes<1, Plus>(second, AllLanes<width>{}),
                   static_cast<double>(length), m, s);
    if (here == width) {
      store<double, width>(mean + r, m);
      store<double, width>(squares + r, s);
    } else {
      for (std::int64_t i = 0; i < here; ++i) {
        mean[r + i] = m[i];
        squares[r + i] = s[i];
      }
    }
  }
}

// first[c] += Σ (x - shift[c]), second[c] += Σ (x - shift[c])² over `Rows` rows.
template <class T, int Rows>
PRIEL_INLINE void moments_of_few(const T* x, std::int64_t stride, std::int64_t columns, const double* shift, double* first, double* second) {
  constexpr int width = lanes<double>;
  std::int64_t j = 0;
  for (; j + width <= columns; j += width) {
    const Packed<double> from = load<double, width>(shift + j);
    Packed<double> sum = load<double, width>(first + j), square = load<double, width>(second + j);
    for (int r = 0; r < Rows; ++r) {
      fetch(x + r * stride + j, fetched_across);
      const Packed<double> d = widened<double>(x + r * stride + j) - from;
      sum += d;
      square += d * d;
    }
    store<double, width>(first + j, sum);
    store<double, width>(second + j, square);
  }
  for (; j < columns; ++j)
    for (int r = 0; r < Rows; ++r) {
      const double d = static_cast<double>(x[r * stride + j]) - shift[j];
      first[j] += d;
      second[j] += d * d;
    }
}
template <class T>
void moment_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, const double* shift, double* first, double* second) {
  by_rows(rows, [&](auto few, std::int64_t r) { moments_of_few<T, few.value>(x + r * stride, stride, columns, shift, first, second); });
}

}  // namespace priel::detail::PRIEL_ISA
