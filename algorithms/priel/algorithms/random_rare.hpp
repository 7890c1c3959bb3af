// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::hypergeometric, zipf, logseries, noncentral_chisquare, noncentral_f, vonmises: Generated.
#pragma once

#include <priel/algorithms/random_counts.hpp>

namespace priel::random {

namespace detail {

// Few draws one by one; else ratios of uniform numbers: Stadlober 1989, "Sampling from Poisson, binomial and hypergeometric distributions:
// ratio of uniforms as a simple and fast alternative", algorithm HRUA, below for the rarer kind and at most half of all.
struct Hypergeometric {
  static constexpr Stream stream = Stream::hypergeometric;
  double good, bad, sample;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const {
    const double all = good + bad, m = sample < all - sample ? sample : all - sample;
    double k = m <= 10 ? one_by_one(all, m, s) : by_ratios(all, m, s);
    if (m < sample) k = good - k;
    return static_cast<std::int64_t>(k);
  }
  friend constexpr bool operator==(const Hypergeometric&, const Hypergeometric&) = default;

 private:
  PRIEL_DEVICE double one_by_one(double all, double m, Sequence& s) const {
    double left = good;
    for (; m > 0; --m, --all)
      if (s.unit() * all < left) --left;
    return good - left;
  }
  PRIEL_DEVICE double by_ratios(double all, double m, Sequence& s) const {
    const double rare = good < bad ? good : bad, often = all - rare, p = rare / all, mean = m * p + 0.5;
    const double deviation = std::sqrt((all - m) * sample_variance(m, p) / (all - 1) + 0.5);
    const double width = 1.7155277699214135 * deviation + 0.8989161620588988;   // 2 sqrt(2 / e), 3 - 2 sqrt(3 / e)
    const double mode = std::floor((m + 1) * (rare + 1) / (all + 2)), at_mode = log_ways(mode, rare, often, m);
    const double most = m < rare ? m : rare, far = std::floor(mean + 16 * deviation), end = most + 1 < far ? most + 1 : far;
    while (true) {
      const double x = s.open(), y = s.open(), place = mean + width * (y - 0.5) / x;
      if (place < 0 || place >= end) continue;
      const double k = std::floor(place), t = at_mode - log_ways(k, rare, often, m);
      if (x * (4 - x) - 3 <= t || (x * (x - t) < 1 && 2 * std::log(x) <= t)) return good < bad || good == bad ? k : m - k;
    }
  }
  PRIEL_DEVICE static double sample_variance(double m, double p) { return m * p * (1 - p); }
  PRIEL_DEVICE static double log_ways(double k, double rare, double often, double m) {
    return log_factorial(k) + log_factorial(rare - k) + log_factorial(m - k) + log_factorial(often - m + k);
  }
};
// Devroye 1986, X.6.1.
struct Zipf {
  static constexpr Stream stream = Stream::zipf;
  double exponent;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const {
    const double a = exponent - 1, b = std::pow(2.0, a);
    while (true) {
      const double x = std::floor(std::pow(s.open(), -1 / a)), v = s.unit();
      if (!(x < 0x1p62)) continue;
      const double t = std::pow(1 + 1 / x, a);
      if (v * x * (t - 1) / (b - 1) <= t / b) return static_cast<std::int64_t>(x);
    }
  }
  friend constexpr bool operator==(const Zipf&, const Zipf&) = default;
};
// Kemp 1981, "Efficient generation of logarithmically distributed pseudo-random variables", Applied Statistics 30, algorithm LK.
struct Logseries {
  static constexpr Stream stream = Stream::logseries;
  double probability;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const {
    const double v = s.open();
    if (v >= probability) return 1;
    const double q = -std::expm1(std::log1p(-probability) * s.open());
    if (v > q) return 1;
    if (v > q * q) return 2;
    const double k = std::floor(1 + std::log(v) / std::log(q));
    return k < 0x1p62 ? static_cast<std::int64_t>(k) : std::numeric_limits<std::int64_t>::max();
  }
  friend constexpr bool operator==(const Logseries&, const Logseries&) = default;
};

PRIEL_DEVICE inline double noncentral_chisquare_of(double freedom, double noncentrality, Sequence& s) {
  if (freedom <= 1) {
    const double more = poisson_of(noncentrality / 2, s);
    return chisquare_of(freedom + 2 * more, s);
  }
  const double z = s.normal() + std::sqrt(noncentrality);
  return z * z + chisquare_of(freedom - 1, s);
}
struct NoncentralChiSquare {
  static constexpr Stream stream = Stream::noncentral_chisquare;
  double freedom, noncentrality;
  PRIEL_DEVICE double operator()(Sequence& s) const { return noncentral_chisquare_of(freedom, noncentrality, s); }
  friend constexpr bool operator==(const NoncentralChiSquare&, const NoncentralChiSquare&) = default;
};
struct NoncentralFisher {
  static constexpr Stream stream = Stream::noncentral_f;
  double above, below, noncentrality;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    const double numerator = noncentral_chisquare_of(above, noncentrality, s) / above;
    return numerator / (chisquare_of(below, s) / below);
  }
  friend constexpr bool operator==(const NoncentralFisher&, const NoncentralFisher&) = default;
};

// Best and Fisher 1979, "Efficient simulation of the von Mises distribution", Applied Statistics 28.
struct VonMises {
  static constexpr Stream stream = Stream::vonmises;
  double mean, concentration;
  PRIEL_DEVICE double operator()(Sequence& s) const {
    constexpr double pi = 3.1415926535897932384626433832795;
    if (concentration < 1e-8) return wrapped(pi * (2 * s.unit() - 1));
    const double k = concentration, r = 1 + std::sqrt(1 + 4 * k * k), rho = (r - std::sqrt(2 * r)) / (2 * k);
    const double t = k < 1e-5 ? 1 / k + k : (1 + rho * rho) / (2 * rho);
    while (true) {
      const double z = std::cos(pi * s.unit()), w = (1 + t * z) / (t + z), y = k * (t - w), v = s.open();
      if (y * (2 - y) - v < 0 && std::log(y / v) + 1 - y < 0) continue;
      const double angle = std::acos(w);
      return wrapped(mean + (s.unit() < 0.5 ? -angle : angle));
    }
  }
  PRIEL_DEVICE static double wrapped(double angle) { return std::remainder(angle, 6.283185307179586476925286766559); }
  friend constexpr bool operator==(const VonMises&, const VonMises&) = default;
};

}  // namespace detail

// Called as those of random_distributions.hpp: parameters, extents, perhaps a policy tag, the seed.

// How many are good among `sample` drawn without replacement from good and bad ones.
template <detail::Whole T, int Rank, class... Where>
auto hypergeometric(std::int64_t good, std::int64_t bad, std::int64_t sample, const Size (&extents)[Rank], Where... where) {
  const auto g = static_cast<double>(good), b = static_cast<double>(bad), m = static_cast<double>(sample);
  detail::require(g >= 0 && g < 0x1p40, "hypergeometric: the number of good ones", g, "at least 0 and below 2^40");
  detail::require(b >= 0 && b < 0x1p40, "hypergeometric: the number of bad ones", b, "at least 0 and below 2^40");
  detail::require(m >= 0 && m <= g + b, "hypergeometric: the number drawn", m, "at least 0 and at most that of all");
  return detail::sampled<T>(detail::Hypergeometric{g, b, m}, shape_from(extents), where...);
}
// Probabilities proportional to k^-exponent, k = 1, 2, ... (below 2^62).
template <detail::Whole T, int Rank, class... Where>
auto zipf(double exponent, const Size (&extents)[Rank], Where... where) {
  detail::require(exponent > 1 && exponent < 1000, "zipf: the exponent", exponent, "above 1 and below 1000");
  return detail::sampled<T>(detail::Zipf{exponent}, shape_from(extents), where...);
}
// Probabilities proportional to p^k / k, k = 1, 2, ...
template <detail::Whole T, int Rank, class... Where>
auto logseries(double probability, const Size (&extents)[Rank], Where... where) {
  detail::require(probability >= 0 && probability < 1, "logseries: the probability", probability, "at least 0 and below 1");
  return detail::sampled<T>(detail::Logseries{probability}, shape_from(extents), where...);
}
// The sum of squares of normal numbers of which one is shifted; of F its numerator.
template <detail::Real T, int Rank, class... Where>
auto noncentral_chisquare(double freedom, double noncentrality, const Size (&extents)[Rank], Where... where) {
  detail::require(freedom > 0, "noncentral_chisquare: the number of degrees of freedom", freedom, "positive");
  detail::require(noncentrality >= 0, "noncentral_chisquare: the noncentrality", noncentrality, "at least 0");
  return detail::sampled<T>(detail::NoncentralChiSquare{freedom, noncentrality}, shape_from(extents), where...);
}
template <detail::Real T, int Rank, class... Where>
auto noncentral_f(double above, double below, double noncentrality, const Size (&extents)[Rank], Where... where) {
  detail::require(above > 0, "noncentral_f: the number of degrees of freedom above", above, "positive");
  detail::require(below > 0, "noncentral_f: the number of degrees of freedom below", below, "positive");
  detail::require(noncentrality >= 0, "noncentral_f: the noncentrality", noncentrality, "at least 0");
  return detail::sampled<T>(detail::NoncentralFisher{above, below, noncentrality}, shape_from(extents), where...);
}

// An angle between -pi and pi round a mean direction; concentration 0 is uniform.
template <detail::Real T, int Rank, class... Where>
auto vonmises(double mean, double concentration, const Size (&extents)[Rank], Where... where) {
  detail::require(concentration >= 0 && concentration < 1e6, "vonmises: the concentration", concentration, "at least 0 and below a million");
  return detail::sampled<T>(detail::VonMises{mean, concentration}, shape_from(extents), where...);
}

}  // namespace priel::random
