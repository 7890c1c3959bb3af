// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Folds of runs: neighbours in memory that become one value, in the lanes of several registers.
#pragma once

#include "vectors.hpp"

namespace priel::detail::PRIEL_ISA {

// Runs of few elements, whose number the compiler knows: f(Length<n>) for n = length <= 8; false for longer ones.
template <int N>
struct Length { static constexpr int value = N; };
template <class F>
PRIEL_INLINE bool short_length(std::int64_t length, F f) {
  switch (length) {
    case 1: f(Length<1>{}); return true;
    case 2: f(Length<2>{}); return true;
    case 3: f(Length<3>{}); return true;
    case 4: f(Length<4>{}); return true;
    case 5: f(Length<5>{}); return true;
    case 6: f(Length<6>{}); return true;
    case 7: f(Length<7>{}); return true;
    case 8: f(Length<8>{}); return true;
    default: return false;
  }
}

// Adds and multiplies. A run is folded by quarters side by side: processors fetch four streams from memory faster than one.
struct Plus {
  template <class A>
  static constexpr A identity = 0;
  template <class V>
  PRIEL_INLINE static V fold(V a, V b) { return a + b; }
};
struct Times {
  template <class A>
  static constexpr A identity = 1;
  template <class V>
  PRIEL_INLINE static V fold(V a, V b) { return a * b; }
};

template <class Operation, class A, class T>
PRIEL_INLINE A fold_run(const T* x, std::int64_t n) {
  constexpr int width = lanes<A>;
  std::int64_t i = 0;
  A result = Operation::template identity<A>;
  if (n >= width) {
    Packed<A> sums[4];
    for (auto& sum : sums) sum = Operation::template identity<A> - Packed<A>{};
    const std::int64_t quarter = n / (4 * width) * width;
    for (; i < quarter; i += width)
      for (int u = 0; u < 4; ++u) sums[u] = Operation::fold(sums[u], widened<A>(x + u * quarter + i));
    for (i = 4 * quarter; i + width <= n; i += width) sums[0] = Operation::fold(sums[0], widened<A>(x + i));
    const Packed<A> sum = Operation::fold(Operation::fold(sums[0], sums[1]), Operation::fold(sums[2], sums[3]));
    for (int lane = 0; lane < width; ++lane) result = Operation::fold(result, static_cast<A>(sum[lane]));
  }
  for (; i < n; ++i) result = Operation::fold(result, static_cast<A>(x[i]));
  return result;
}

// Bytes: 16-bit sums of the even and the odd ones, emptied before they overflow.
PRIEL_INLINE std::int64_t sum_bytes(const std::uint8_t* x, std::int64_t n) {
  constexpr int width = PRIEL_VECTOR_BYTES;
  using Half = Vec<std::uint16_t, width / 2>;
  std::int64_t i = 0, result = 0;
  while (i + width <= n) {
    Half even{}, odd{};
    for (int steps = 0; steps < 256 && i + width <= n; ++steps, i += width) {
      const Half pair = reinterpret_cast<Half>(load<std::uint8_t, width>(x + i));
      even += pair & 0xff;
      odd += pair >> 8;
    }
    for (int lane = 0; lane < width / 2; ++lane) result += even[lane] + odd[lane];
  }
  for (; i < n; ++i) result += x[i];
  return result;
}

template <class Operation, class T, class A>
void fold_runs(const T* x, std::int64_t count, std::int64_t length, A* into) {
  if (short_length(length, [&](auto known) {
        for (std::int64_t r = 0; r < count; ++r) {
          A sum = static_cast<A>(x[r * known.value]);
          for (int j = 1; j < known.value; ++j) sum = Operation::fold(sum, static_cast<A>(x[r * known.value + j]));
          into[r] = sum;
        }
      })) return;
  for (std::int64_t r = 0; r < count; ++r) {
    if constexpr (__is_same(T, std::uint8_t) && __is_same(Operation, Plus)) into[r] = sum_bytes(x + r * length, length);
    else into[r] = fold_run<Operation, A>(x + r * length, length);
  }
}

// A comparison of equally long lanes gives all bits where it holds, which is -1.
template <class T>
struct SignedOf;
template <> struct SignedOf<float> { using type = std::int32_t; };
template <> struct SignedOf<double> { using type = std::int64_t; };
template <> struct SignedOf<std::int32_t> { using type = std::int32_t; };
template <> struct SignedOf<std::int64_t> { using type = std::int64_t; };
template <> struct SignedOf<std::uint8_t> { using type = std::int8_t; };
template <class T>
using MaskLane = typename SignedOf<T>::type;

struct Less {
  template <class V>
  PRIEL_INLINE static auto before(V a, V b) { return a < b; }
};
struct Greater {
  template <class V>
  PRIEL_INLINE static auto before(V a, V b) { return a > b; }
};

// The first by Order; NaN if there is one. Comparisons with NaN are false, so it is looked for by itself. The last register may
// overlap the one before: an element counts once or twice alike.
template <class Order, class T>
PRIEL_INLINE T first_of_run(const T* x, std::int64_t n) {
  constexpr int width = lanes<T>;
  constexpr bool real = !__is_same(T, MaskLane<T>) && !__is_same(T, std::uint8_t);
  T result = x[0], nan = x[0];
  if (n < width) {
    for (std::int64_t i = 0; i < n; ++i) {
      if (Order::before(x[i], result)) result = x[i];
      if (x[i] != x[i]) nan = x[i];
    }
    return nan != nan ? nan : result;
  }
  Packed<T> best[4];
  Packed<MaskLane<T>> odd[4] = {};
  for (auto& b : best) b = load<T, width>(x);
  const auto take = [&](int u, const T* at) {
    const Packed<T> v = load<T, width>(at);
    best[u] = Order::before(v, best[u]) ? v : best[u];
    if constexpr (real) odd[u] |= v != v;
  };
  const std::int64_t quarter = n / (4 * width) * width;
  for (std::int64_t i = 0; i < quarter; i += width)
    for (int u = 0; u < 4; ++u) take(u, x + u * quarter + i);
  for (std::int64_t i = 4 * quarter; i + width <= n; i += width) take(0, x + i);
  take(1, x + n - width);
  for (int u = 1; u < 4; ++u) {
    best[0] = Order::before(best[u], best[0]) ? best[u] : best[0];
    if constexpr (real) odd[0] |= odd[u];
  }
  for (int lane = 0; lane < width; ++lane) {
    if (Order::before(static_cast<T>(best[0][lane]), result)) result = best[0][lane];
    if constexpr (real) if (odd[0][lane] != 0) nan = static_cast<T>(__builtin_nan(""));
  }
  return nan != nan ? nan : result;
}

template <class Order, class T>
void first_of_runs(const T* x, std::int64_t count, std::int64_t length, T* into) {
  if (short_length(length, [&](auto known) {
        for (std::int64_t r = 0; r < count; ++r) {
          T best = x[r * known.value];
          for (int j = 1; j < known.value; ++j) {
            const T v = x[r * known.value + j];
            best = static_cast<int>(Order::before(v, best)) | static_cast<int>(v != v) ? v : best;
          }
          into[r] = best;
        }
      })) return;
  for (std::int64_t r = 0; r < count; ++r) into[r] = first_of_run<Order>(x + r * length, length);
}

template <class T>
PRIEL_INLINE std::int64_t nonzero_of_run(const T* x, std::int64_t n) {
  constexpr int width = lanes<T>;
  std::int64_t i = 0, result = 0;
  while (i + width <= n) {
    Packed<MaskLane<T>> counts{};
    for (int steps = 0; steps < 127 && i + width <= n; ++steps, i += width) counts -= load<T, width>(x + i) != Packed<T>{};
    for (int lane = 0; lane < width; ++lane) result += counts[lane];
  }
  for (; i < n; ++i) result += x[i] != 0 ? 1 : 0;
  return result;
}

template <class T>
void nonzero_runs(const T* x, std::int64_t count, std::int64_t length, std::int64_t* into) {
  for (std::int64_t r = 0; r < count; ++r) into[r] = nonzero_of_run(x + r * length, length);
}

// A shift that is not finite would spoil every difference.
template <class T>
PRIEL_INLINE double shift_of(T x) {
  const double shift = static_cast<double>(x);
  return shift - shift == 0 ? shift : 0;
}

// Σ (x - shift) and Σ (x - shift)² to the mean and the squared deviations; squares that overflow are infinite, not NaN.
PRIEL_INLINE void finish_moments(double shift, double first, double second, double n, double& mean, double& squares) {
  mean = shift + first / n;
  const double rest = second - first * (first / n);
  squares = rest != rest && first - first == 0 ? second : (rest < 0 ? 0 : rest);
}

template <class T>
PRIEL_INLINE void moments_of_run(const T* x, std::int64_t n, double& mean, double& squares) {
  constexpr int width = lanes<double>;
  const double shift = shift_of(x[0]);
  double first = 0, second = 0;
  std::int64_t i = 0;
  if (n >= width) {
    Packed<double> firsts[4] = {}, seconds[4] = {};
    const auto add = [&](int u, const T* at) {
      const Packed<double> d = widened<double>(at) - shift;
      firsts[u] += d;
      seconds[u] += d * d;
    };
    const std::int64_t quarter = n / (4 * width) * width;
    for (; i < quarter; i += width)
      for (int u = 0; u < 4; ++u) add(u, x + u * quarter + i);
    for (i = 4 * quarter; i + width <= n; i += width) add(0, x + i);
    first = total<double>((firsts[0] + firsts[1]) + (firsts[2] + firsts[3]));
    second = total<double>((seconds[0] + seconds[1]) + (seconds[2] + seconds[3]));
  }
  for (; i < n; ++i) {
    const double d = static_cast<double>(x[i]) - shift;
    first += d;
    second += d * d;
  }
  finish_moments(shift, first, second, static_cast<double>(n), mean, squares);
}

template <class T>
void moment_runs(const T* x, std::int64_t count, std::int64_t length, double* mean, double* squares) {
  if (short_length(length, [&](auto known) {
        for (std::int64_t r = 0; r < count; ++r) {
          const T* const run = x + r * known.value;
          double sum = static_cast<double>(run[0]), square = 0;
          for (int j = 1; j < known.value; ++j) sum += static_cast<double>(run[j]);
          const double middle = sum / known.value;
          for (int j = 0; j < known.value; ++j) square += (static_cast<double>(run[j]) - middle) * (static_cast<double>(run[j]) - middle);
          mean[r] = middle;
          squares[r] = square;
        }
      })) return;
  for (std::int64_t r = 0; r < count; ++r) moments_of_run(x + r * length, length, mean[r], squares[r]);
}

}  // namespace priel::detail::PRIEL_ISA
