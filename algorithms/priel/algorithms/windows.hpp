// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's window functions as arrays of n numbers: Generated, nothing is stored or sent.
#pragma once

#include <priel/create.hpp>

#include <cmath>

namespace priel {

namespace detail {

// The modified Bessel function of order 0: its power series, whose terms are positive (Abramowitz and Stegun, 9.6.12).
PRIEL_DEVICE inline double bessel_i0(double x) {
  const double quarter = x * x / 4;
  double term = 1, sum = 1;
  for (int k = 1; term > sum * 1e-17; ++k) sum += term *= quarter / (static_cast<double>(k) * k);
  return sum;
}

// A window of a curve, which gives the value at t in [-1, 1] from end to end; 1 alone.
template <class Curve>
struct WindowFunction {
  Size n;
  Curve curve;
  PRIEL_DEVICE double operator()(const Index<1>& i) const {
    return n == 1 ? 1 : curve(static_cast<double>(2 * i[0] - (n - 1)) / static_cast<double>(n - 1));
  }
  friend bool operator==(const WindowFunction&, const WindowFunction&) = default;
};

// a + b cos(pi t) + c cos(2 pi t).
struct CosineWindow {
  double a, b, c;
  PRIEL_DEVICE double operator()(double t) const {
    constexpr double pi = 3.141592653589793238462643383279503;
    return a + b * std::cos(pi * t) + (c == 0 ? 0 : c * std::cos(2 * pi * t));
  }
  friend bool operator==(const CosineWindow&, const CosineWindow&) = default;
};
struct TriangleWindow {
  PRIEL_DEVICE double operator()(double t) const { return t <= 0 ? 1 + t : 1 - t; }
  friend bool operator==(const TriangleWindow&, const TriangleWindow&) = default;
};
struct KaiserWindow {
  double beta, whole;
  PRIEL_DEVICE double operator()(double t) const { return bessel_i0(beta * std::sqrt((1 - t) * (1 + t))) / whole; }
  friend bool operator==(const KaiserWindow&, const KaiserWindow&) = default;
};

template <class Curve>
auto window(Size n, const Curve& curve) { return generate<double>(Shape<1>{n < 0 ? 0 : n}, WindowFunction<Curve>{n, curve}); }

}  // namespace detail

// n numbers, none if n < 1, from one end of the window to the other.
inline auto hanning(Size n) { return detail::window(n, detail::CosineWindow{0.5, 0.5, 0}); }
inline auto hamming(Size n) { return detail::window(n, detail::CosineWindow{0.54, 0.46, 0}); }
inline auto blackman(Size n) { return detail::window(n, detail::CosineWindow{0.42, 0.5, 0.08}); }
inline auto bartlett(Size n) { return detail::window(n, detail::TriangleWindow{}); }
inline auto kaiser(Size n, double beta) { return detail::window(n, detail::KaiserWindow{beta, detail::bessel_i0(beta)}); }

}  // namespace priel
