// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::gamma and what is made of it: chisquare, beta, standard_t, f; Generated.
#pragma once

#include <priel/algorithms/random.hpp>

namespace priel::random {

namespace detail {

// Marsaglia and Tsang 2000, "A simple method for generating gamma variables", ACM TOMS 26, section 2; below 1 by section 6.
PRIEL_DEVICE inline double gamma_of(double shape, Sequence& s) {
  if (shape == 0) return 0;
  if (!(shape > 0 && shape < std::numeric_limits<double>::infinity())) return std::numeric_limits<double>::quiet_NaN();
  const double boost = shape < 1 ? std::pow(s.open(), 1 / shape) : 1.0;
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = s.normal(), u = s.open(), root = 1 + c * x, v = root * root * root;
    if (root <= 0) continue;
    if (u < 1 - 0.0331 * x * x * x * x || std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return boost * d * v;
  }
}
PRIEL_DEVICE inline double chisquare_of(double freedom, Sequence& s) { return 2 * gamma_of(freedom / 2, s); }

struct Gamma {
  static constexpr Stream stream = Stream::gamma;
  double shape, scale;
  PRIEL_DEVICE double operator()(Sequence& s) const { return scale * gamma_of(shape, s); }
  friend constexpr bool operator==(const Gamma&, const Gamma&) = default;
};
struct StandardGamma {
  static constexpr Stream stream = Stream::gamma;
  double shape;
  PRIEL_DEVICE double operator()(Sequence& s) const { return gamma_of(shape, s); }
  friend constexpr bool operator==(const StandardGamma&, const StandardGamma&) = default;
};
struct ChiSquare {
  static constexpr Stream stream = Stream::chisquare;
  double freedom;
  PRIEL_DEVICE double operator()(Sequence& s) const { return chisquare_of(freedom, s); }
  friend constexpr bool operator==(const ChiSquare&, const ChiSquare&) = default;
};
// Of two gamma numbers; where both parameters are at most 1, these may both vanish: Jöhnk 1964 (Devroye 1986, IX.3.4), in logarithms.
struct Beta {
  static constexpr Stream stream = Stream::beta;
  double a, b;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    if (a > 1 || b > 1) {
      const double x = gamma_of(a, s);
      return x / (x + gamma_of(b, s));
    }
    while (true) {
      const double x = std::log(s.open()) / a, y = std::log(s.open()) / b;
      if (std::exp(x) + std::exp(y) > 1) continue;
      return 1 / (1 + std::exp(y - x));
    }
  }
  friend constexpr bool operator==(const Beta&, const Beta&) = default;
};
struct Student {
  static constexpr Stream stream = Stream::student;
  double freedom;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double z = s.normal();
    return z / std::sqrt(chisquare_of(freedom, s) / freedom);
  }
  friend constexpr bool operator==(const Student&, const Student&) = default;
};
struct Fisher {
  static constexpr Stream stream = Stream::fisher;
  double above, below;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double numerator = chisquare_of(above, s) / above;
    return numerator / (chisquare_of(below, s) / below);
  }
  friend constexpr bool operator==(const Fisher&, const Fisher&) = default;
};

}  // namespace detail

// Called as those of random_distributions.hpp: parameters, extents, perhaps a policy tag, the seed.

// Density proportional to x^(shape - 1) exp(-x / scale).
template <detail::Real T, int Rank, class... Where>
auto gamma(double shape, double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(shape >= 0, "gamma: the shape", shape, "at least 0");
  detail::require(scale >= 0, "gamma: the scale", scale, "at least 0");
  return detail::sampled<T>(detail::Gamma{shape, scale}, shape_from(extents), where...);
}
// The sum of the squares of `freedom` normal numbers, which need not be whole.
template <detail::Real T, int Rank, class... Where>
auto chisquare(double freedom, const Size (&extents)[Rank], Where... where) {
  detail::require(freedom > 0, "chisquare: the number of degrees of freedom", freedom, "positive");
  return detail::sampled<T>(detail::ChiSquare{freedom}, shape_from(extents), where...);
}
// Density proportional to x^(a - 1) (1 - x)^(b - 1).
template <detail::Real T, int Rank, class... Where>
auto beta(double a, double b, const Size (&extents)[Rank], Where... where) {
  detail::require(a > 0, "beta: the first parameter", a, "positive");
  detail::require(b > 0, "beta: the second parameter", b, "positive");
  return detail::sampled<T>(detail::Beta{a, b}, shape_from(extents), where...);
}
// Student's t.
template <detail::Real T, int Rank, class... Where>
auto standard_t(double freedom, const Size (&extents)[Rank], Where... where) {
  detail::require(freedom > 0, "standard_t: the number of degrees of freedom", freedom, "positive");
  return detail::sampled<T>(detail::Student{freedom}, shape_from(extents), where...);
}
// Fisher's F: the quotient of two chi-square numbers, each by its degrees of freedom.
template <detail::Real T, int Rank, class... Where>
auto f(double above, double below, const Size (&extents)[Rank], Where... where) {
  detail::require(above > 0, "f: the number of degrees of freedom above", above, "positive");
  detail::require(below > 0, "f: the number of degrees of freedom below", below, "positive");
  return detail::sampled<T>(detail::Fisher{above, below}, shape_from(extents), where...);
}

}  // namespace priel::random
