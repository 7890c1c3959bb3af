// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Moments about the mean up to the fourth: how they are added and merged, and how the library's closed kernels make them on Host.
#pragma once

#include <priel/backend/closed_folds.hpp>

#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

namespace priel {

namespace statistic {

// Of n elements: their mean, and Σ (x - mean)^k for k = 2, 3, 4.
struct Moments {
  double n, mean, second, third, fourth;
};

// Two parts become one by P. Pébay, Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
// moments (SAND2008-6212, 2008), the pairwise update of order p for p = 2, 3, 4, which J. Bennett, R. Grout, P. Pébay, D. Roe, D. Thompson,
// Numerically stable, single-pass, parallel statistics algorithms (IEEE Cluster 2009) test; one element is a part whose moments are 0.
PRIEL_DEVICE constexpr void merge_moments(Moments& s, const Moments& other) {
  if (other.n == 0) return;
  if (s.n == 0) {   // exactly, and also where powers of the mean leave the range of double
    s = other;
    return;
  }
  const double n = s.n + other.n, a = s.n / n, b = other.n / n, d = other.mean - s.mean, between = d * d * a * other.n;
  s.fourth += other.fourth + between * d * d * (a * a - a * b + b * b) + 6 * d * d * (a * a * other.second + b * b * s.second) +
              4 * d * (a * other.third - b * s.third);
  s.third += other.third + between * d * (a - b) + 3 * d * (a * other.second - b * s.second);
  s.second += other.second + between;
  s.mean += d * b;
  s.n = n;
}

// What skew and kurtosis have in common.
template <class T>
struct HigherMoments : NotLinear<T> {
  using state = Moments;
  PRIEL_DEVICE static constexpr Moments identity() { return {0, 0, 0, 0, 0}; }
  PRIEL_DEVICE static constexpr void add(Moments& s, T x) { merge_moments(s, {1, static_cast<double>(x), 0, 0, 0}); }
  PRIEL_DEVICE static constexpr void merge(Moments& s, const Moments& other) { merge_moments(s, other); }
  static bool is_constant(const Moments& s) {
    const double rounding = std::numeric_limits<double>::epsilon() * s.mean;
    return s.second <= s.n * rounding * rounding;
  }
};

}  // namespace statistic

namespace host {

inline constexpr int highest_moments = 4;

struct FoldOfPowers {
  static constexpr bool exists = true;
};

// Power sums of n elements as moments; squares that overflow are infinite, not NaN.
inline statistic::Moments moments_of(double n, double shift, double first, double second, double third, double fourth) {
  const double d = first / n;
  const double squares = second - first * d;
  const double about = squares != squares && first - first == 0 ? second : squares;
  const double cubes = third - 3 * d * second + 2 * d * d * first;
  const double fourths = fourth - 4 * d * third + 6 * d * d * second - 3 * d * d * d * first;
  return {n, shift + d, about < 0 ? 0 : about, cubes, fourths};
}
inline statistic::Moments moments_of(double n, const priel::detail::PowerSums& sums) {
  return moments_of(n, sums.shift, sums.of[0], sums.of[1], sums.of[2], sums.of[3]);
}

// The kernels are of float and double: other elements are converted first, so many at a time.
template <class T>
using PowerElement = std::conditional_t<std::is_same_v<T, float>, float, double>;
inline constexpr Size converted_at_most = priel::detail::moments_at_most;
template <class T>
const PowerElement<T>* as_power_elements(const void* x, Size n, [[maybe_unused]] PowerElement<T>* converted) {
  if constexpr (std::is_same_v<T, PowerElement<T>>) return (void)n, static_cast<const T*>(x);
  else {
    for (Size i = 0; i < n; ++i) converted[i] = static_cast<double>(static_cast<const T*>(x)[i]);
    return converted;
  }
}
template <class T>
const auto& power_kernels() { return priel::detail::closed_kernels().powers_of(static_cast<const PowerElement<T>*>(nullptr)); }

template <class Statistic>
class FoldingPowers : public Folded {
  using T = typename Statistic::element;
  using Element = PowerElement<T>;
  static constexpr bool converts = !std::is_same_v<T, Element>;
  static constexpr Size piece = priel::detail::moments_at_most;

 public:
  static constexpr Size elements_at_most = converts ? converted_at_most : Size{1} << 16;
  FoldingPowers(statistic::Moments* states, Riders riders) : states_(states), riders_(std::move(riders)) {}

  void runs(Size at, const void* x, Size count, Size length) override {
    if (!states_) return;
    if (length > piece) {
      for (Size i = 0; i < count; ++i) long_run(at + i, static_cast<const T*>(x) + i * length, length);
      return;
    }
    of_runs(x, count, length, [&](Size i, const statistic::Moments& part) { put(at + i, part); });
  }
  static void finish(const T* x, Size count, Size length, typename Statistic::result* out) {
    of_runs(x, count, length, [&](Size i, const statistic::Moments& all) { out[i] = Statistic::value(all, length); });
  }
  void begin(Size columns) override {
    if (!states_) return;
    if (columns > held_) values_ = std::make_unique<double[]>(static_cast<std::size_t>(5 * (held_ = columns)));
    for (Size c = 0; c < 4 * held_; ++c) values_[static_cast<std::size_t>(held_ + c)] = 0;
    shifted_ = 0;
  }
  void rows(const void* from, Size stride, Size rows, Size columns) override {
    if (!states_) return;
    const T* const x = static_cast<const T*>(from);
    double* const shift = values_.get();
    for (; shifted_ < columns; ++shifted_) {
      const double first = static_cast<double>(x[shifted_]);
      shift[shifted_] = first - first == 0 ? first : 0;
    }
    if constexpr (!converts) power_kernels<T>().rows(x, stride, rows, columns, shift, shift + held_, held_);
    else {
      Element row[converted_at_most];
      for (Size r = 0; r < rows; ++r)
        for (Size c = 0; c < columns; c += converted_at_most) {
          const Size here = columns - c < converted_at_most ? columns - c : converted_at_most;
          power_kernels<T>().rows(as_power_elements<T>(x + r * stride + c, here, row), here, 1, here, shift + c, shift + held_ + c, held_);
        }
    }
  }
  void end(Size at, Size first, Size period, Size columns, Size whole, Size longer) override {
    if (!states_) return;
    const double *const shift = values_.get(), *const sums = shift + held_;
    Size to = first % period;
    for (Size c = 0; c < columns; ++c, to = to + 1 == period ? 0 : to + 1) {
      const double n = static_cast<double>(whole + (c < longer ? 1 : 0));
      if (n > 0) put(at + to, moments_of(n, shift[c], sums[c], sums[held_ + c], sums[2 * held_ + c], sums[3 * held_ + c]));
    }
  }

 private:
  // f(run, its moments).
  template <class F>
  static void of_runs(const void* x, Size count, Size length, F f) {
    priel::detail::PowerSums sums[runs_at_most];
    Element converted[converts ? converted_at_most : 1];
    power_kernels<T>().runs(as_power_elements<T>(x, count * length, converted), count, length, sums);
    for (Size i = 0; i < count; ++i) f(i, moments_of(static_cast<double>(length), sums[i]));
  }
  void long_run(Size at, const T* x, Size length) {
    const Size pieces = length / piece, rest = length % piece;
    if (pieces > 0) of_runs(x, pieces, piece, [&](Size, const statistic::Moments& part) { put(at, part); });
    if (rest > 0) of_runs(x + pieces * piece, 1, rest, [&](Size, const statistic::Moments& part) { put(at, part); });
  }
  void put(Size at, const statistic::Moments& part) {
    statistic::merge_moments(states_[at], part);
    for (const Rider& rider : riders_) {
      if (rider.order == highest_moments) statistic::merge_moments(static_cast<statistic::Moments*>(rider.states)[at], part);
      else give<T>(rider, at, {part.n, part.mean, part.second});
    }
  }

  statistic::Moments* states_;
  Riders riders_;
  Size held_ = 0, shifted_ = 0;
  std::unique_ptr<double[]> values_;
};

}  // namespace host
}  // namespace priel
