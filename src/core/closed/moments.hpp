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

// Squares of floats are exact in double, and so many digits that cancel against the mean's square are spared: no shift is needed.
constexpr double least_part = 0x1p-20;

struct MomentParts {
  Packed<double> first, second;
};
template <bool Shifted, class T>
PRIEL_INLINE MomentParts moment_parts(const T* x, std::int64_t n, double shift, Packed<MaskLane<double>> rest) {
  constexpr int width = lanes<double>;
  const auto difference = [&](const T* at) PRIEL_INLINED {
    if constexpr (Shifted) return widened<double>(at) - shift;
    else return widened<double>(at);
  };
  if (n < 4 * width) {
    const Packed<double> last = rest ? difference(x + n - width) : Packed<double>{};
    MomentParts parts{last, last * last};
    fetch(x, fetched_ahead);
    for (std::int64_t i = 0; i + width <= n; i += width) {
      const Packed<double> d = difference(x + i);
      parts.first += d;
      parts.second += d * d;
    }
    return parts;
  }
  Packed<double> first[4] = {}, second[4] = {};
  const auto add = [&](int u, Packed<double> d) PRIEL_INLINED {
    first[u] += d;
    second[u] += d * d;
  };
  walk_run<T, width, 4>(x, n, [&](int u, const T* at) { add(u, difference(at)); });
  if (n % width != 0) add(0, rest ? difference(x + n - width) : Packed<double>{});   // not before: of a long run it is far away
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

// Whether a run may do without: floats that seem to differ by more than a small part of them.
template <class T>
PRIEL_INLINE bool needs_no_shift(const T* x, std::int64_t n) {
  if constexpr (!__is_same(T, float)) return false;
  else {
    constexpr int few = 8;
    if (n < 8 * few) return false;
    const auto differences = load<float, few>(x) - x[0];
    const float part = x[0] * 0x1p-9f;
    bool differ = false;
    for (int j = 0; j < few; ++j) differ |= differences[j] > part || differences[j] < -part;   // of either sign: one holds for some
    return differ;
  }
}
template <class T>
[[gnu::noinline]] void shifted_moments(const T* x, std::int64_t n, Packed<MaskLane<double>> rest, double& mean, double& squares) {
  const double shift = shift_of(static_cast<double>(x[0]));
  const auto [sum, square] = moment_parts<true>(x, n, shift, rest);
  finish_moments(shift, total<double>(sum), total<double>(square), static_cast<double>(n), mean, squares);
}
PRIEL_INLINE void store_moments(Packed<double> m, Packed<double> s, std::int64_t here, double* mean, double* squares) {
  constexpr int width = lanes<double>;
  if (here == width) {
    store<double, width>(mean, m);
    store<double, width>(squares, s);
  } else {
    for (std::int64_t i = 0; i < here; ++i) {
      mean[i] = m[i];
      squares[i] = s[i];
    }
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
    bool plain[width] = {};
#pragma GCC unroll 1
    for (std::int64_t i = 0; i < here; ++i) {
      const T* const run = x + (r + i) * length;
      plain[i] = needs_no_shift(run, length);
      if (!plain[i]) shift[i] = shift_of(static_cast<double>(run[0]));
      const auto [sum, square] = plain[i] ? moment_parts<false>(run, length, 0, rest) : moment_parts<true>(run, length, shift[i], rest);
      first[i] = sum;
      second[i] = square;
    }
    const Packed<double> squared = folded_lanes<1, Plus>(second, AllLanes<width>{});
    finish_moments(load<double, width>(shift), folded_lanes<1, Plus>(first, AllLanes<width>{}), squared, static_cast<double>(length), m, s);
    store_moments(m, s, here, mean + r, squares + r);
    for (std::int64_t i = 0; i < here; ++i)
      if (plain[i] && s[i] < squared[i] * least_part) shifted_moments(x + (r + i) * length, length, rest, mean[r + i], squares[r + i]);
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
      fetch(x + r * stride + j, fetched_ahead);
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
  by_rows<4>(rows, [&](auto few, std::int64_t r) { moments_of_few<T, few.value>(x + r * stride, stride, columns, shift, first, second); });
}

}  // namespace priel::detail::PRIEL_ISA
