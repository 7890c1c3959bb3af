// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::exponential, laplace, lognormal, ...: one transformation of one or two random numbers each, Generated.
#pragma once

#include <priel/algorithms/random.hpp>

namespace priel::random {

namespace detail {

// Where no other source is named: the inverse of the distribution function, as in Devroye 1986, "Non-Uniform Random Variate Generation",
// chapter II.2.
struct Exponential {
  static constexpr Stream stream = Stream::exponential;
  double scale;
  PRIEL_DEVICE double operator()(Sequence& s) const { return -scale * std::log(s.open()); }
  friend constexpr bool operator==(const Exponential&, const Exponential&) = default;
};
struct Laplace {
  static constexpr Stream stream = Stream::laplace;
  double location, scale;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double size = -scale * std::log(s.open());
    return s.unit() < 0.5 ? location - size : location + size;
  }
  friend constexpr bool operator==(const Laplace&, const Laplace&) = default;
};
struct Logistic {
  static constexpr Stream stream = Stream::logistic;
  double location, scale;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double u = s.open();
    return location + scale * (std::log(u) - std::log1p(-u));
  }
  friend constexpr bool operator==(const Logistic&, const Logistic&) = default;
};
struct Gumbel {
  static constexpr Stream stream = Stream::gumbel;
  double location, scale;
  PRIEL_DEVICE double operator()(Sequence& s) const { return location - scale * std::log(-std::log(s.open())); }
  friend constexpr bool operator==(const Gumbel&, const Gumbel&) = default;
};
struct Rayleigh {
  static constexpr Stream stream = Stream::rayleigh;
  double scale;
  PRIEL_DEVICE double operator()(Sequence& s) const { return scale * std::sqrt(-2 * std::log(s.open())); }
  friend constexpr bool operator==(const Rayleigh&, const Rayleigh&) = default;
};
struct Weibull {
  static constexpr Stream stream = Stream::weibull;
  double shape;
  PRIEL_DEVICE double operator()(Sequence& s) const { return std::pow(-std::log(s.open()), 1 / shape); }
  friend constexpr bool operator==(const Weibull&, const Weibull&) = default;
};
struct Pareto {
  static constexpr Stream stream = Stream::pareto;
  double shape;
  PRIEL_DEVICE double operator()(Sequence& s) const { return std::expm1(-std::log(s.open()) / shape); }
  friend constexpr bool operator==(const Pareto&, const Pareto&) = default;
};
struct PowerLaw {
  static constexpr Stream stream = Stream::power;
  double shape;
  PRIEL_DEVICE double operator()(Sequence& s) const { return std::pow(s.open(), 1 / shape); }
  friend constexpr bool operator==(const PowerLaw&, const PowerLaw&) = default;
};
struct Cauchy {
  static constexpr Stream stream = Stream::cauchy;
  PRIEL_DEVICE double operator()(Sequence& s) const { return std::tan(3.1415926535897932384626433832795 * (s.open() - 0.5)); }
  friend constexpr bool operator==(const Cauchy&, const Cauchy&) = default;
};
struct Triangular {
  static constexpr Stream stream = Stream::triangular;
  double left, mode, right;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double u = s.unit(), width = right - left, lower = mode - left;
    return u * width <= lower ? left + std::sqrt(u * width * lower) : right - std::sqrt((1 - u) * width * (right - mode));
  }
  friend constexpr bool operator==(const Triangular&, const Triangular&) = default;
};
struct Lognormal {
  static constexpr Stream stream = Stream::lognormal;
  double mean, deviation;
  PRIEL_DEVICE double operator()(Sequence& s) const { return std::exp(mean + deviation * s.normal()); }
  friend constexpr bool operator==(const Lognormal&, const Lognormal&) = default;
};
// Michael, Schucany and Haas 1976, "Generating random variates using transformations with multiple roots", The American Statistician 30.
struct Wald {
  static constexpr Stream stream = Stream::wald;
  double mean, scale;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double z = s.normal(), y = mean * z * z;
    const double root = mean + mean / (2 * scale) * (y - std::sqrt(4 * scale * y + y * y));
    return s.unit() * (mean + root) <= mean ? root : mean * mean / root;
  }
  friend constexpr bool operator==(const Wald&, const Wald&) = default;
};

}  // namespace detail

// Each takes its parameters, then extents and a seed, or extents, a policy tag and a seed: exponential<double>(2.0, {n, m}, seed). The element
// type is float or double. As uniform: Generated, or stored under the policy; nothing is sent. InputError for a parameter without a distribution.

// Density exp(-x / scale) / scale.
template <detail::Real T, int Rank, class... Where>
auto exponential(double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(scale >= 0, "exponential: the scale", scale, "at least 0");
  return detail::sampled<T>(detail::Exponential{scale}, shape_from(extents), where...);
}
// Density exp(-|x - location| / scale) / (2 scale).
template <detail::Real T, int Rank, class... Where>
auto laplace(double location, double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(scale >= 0, "laplace: the scale", scale, "at least 0");
  return detail::sampled<T>(detail::Laplace{location, scale}, shape_from(extents), where...);
}
// Distribution function 1 / (1 + exp(-(x - location) / scale)).
template <detail::Real T, int Rank, class... Where>
auto logistic(double location, double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(scale >= 0, "logistic: the scale", scale, "at least 0");
  return detail::sampled<T>(detail::Logistic{location, scale}, shape_from(extents), where...);
}
// Distribution function exp(-exp(-(x - location) / scale)).
template <detail::Real T, int Rank, class... Where>
auto gumbel(double location, double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(scale >= 0, "gumbel: the scale", scale, "at least 0");
  return detail::sampled<T>(detail::Gumbel{location, scale}, shape_from(extents), where...);
}
// Distribution function 1 - exp(-x^2 / (2 scale^2)).
template <detail::Real T, int Rank, class... Where>
auto rayleigh(double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(scale >= 0, "rayleigh: the scale", scale, "at least 0");
  return detail::sampled<T>(detail::Rayleigh{scale}, shape_from(extents), where...);
}
// Distribution function 1 - exp(-x^shape).
template <detail::Real T, int Rank, class... Where>
auto weibull(double shape, const Size (&extents)[Rank], Where... where) {
  detail::require(shape > 0, "weibull: the shape", shape, "positive");
  return detail::sampled<T>(detail::Weibull{shape}, shape_from(extents), where...);
}
// Distribution function 1 - (1 + x)^-shape: Pareto II, or Lomax, as NumPy's.
template <detail::Real T, int Rank, class... Where>
auto pareto(double shape, const Size (&extents)[Rank], Where... where) {
  detail::require(shape > 0, "pareto: the shape", shape, "positive");
  return detail::sampled<T>(detail::Pareto{shape}, shape_from(extents), where...);
}
// Distribution function x^shape on (0, 1).
template <detail::Real T, int Rank, class... Where>
auto power(double shape, const Size (&extents)[Rank], Where... where) {
  detail::require(shape > 0, "power: the shape", shape, "positive");
  return detail::sampled<T>(detail::PowerLaw{shape}, shape_from(extents), where...);
}
// Density 1 / (pi (1 + x^2)).
template <detail::Real T, int Rank, class... Where>
auto standard_cauchy(const Size (&extents)[Rank], Where... where) { return detail::sampled<T>(detail::Cauchy{}, shape_from(extents), where...); }
// Density rising linearly from left to the mode, falling to right.
template <detail::Real T, int Rank, class... Where>
auto triangular(double left, double mode, double right, const Size (&extents)[Rank], Where... where) {
  detail::require(left < right, "triangular: the left end", left, "below the right one");
  detail::require(left <= mode && mode <= right, "triangular: the mode", mode, "between the ends");
  return detail::sampled<T>(detail::Triangular{left, mode, right}, shape_from(extents), where...);
}
// exp of normal numbers of this mean and deviation.
template <detail::Real T, int Rank, class... Where>
auto lognormal(double mean, double deviation, const Size (&extents)[Rank], Where... where) {
  detail::require(deviation >= 0, "lognormal: the deviation", deviation, "at least 0");
  return detail::sampled<T>(detail::Lognormal{mean, deviation}, shape_from(extents), where...);
}
// The inverse Gaussian distribution.
template <detail::Real T, int Rank, class... Where>
auto wald(double mean, double scale, const Size (&extents)[Rank], Where... where) {
  detail::require(mean > 0, "wald: the mean", mean, "positive");
  detail::require(scale > 0, "wald: the scale", scale, "positive");
  return detail::sampled<T>(detail::Wald{mean, scale}, shape_from(extents), where...);
}

}  // namespace priel::random
