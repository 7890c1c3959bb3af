// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::poisson, binomial, negative_binomial, geometric: whole numbers, Generated.
#pragma once

#include <priel/algorithms/random_gamma.hpp>

namespace priel::random {

namespace detail {

// log(k!), by Stirling's series (Abramowitz and Stegun 1964, 6.1.41), what is left out is below 1e-14.
PRIEL_DEVICE inline double log_factorial(double k) {
  double product = 1;
  for (; k < 10; ++k) product *= k + 1;   // k! = 10! / (10 * 9 * ... * (k + 1))
  const double x = k + 1, y = 1 / (x * x);
  const double series = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x;
  return (x - 0.5) * std::log(x) - x + 0.918938533204672741780329736406 + series - std::log(product);
}

// Below 10 by multiplication (Devroye 1986, X.3.2); else Hörmann 1993, "The transformed rejection method for generating Poisson random
// variables", Insurance: Mathematics and Economics 12, algorithm PTRS.
PRIEL_DEVICE inline double poisson_of(double mean, Sequence& s) {
  if (!(mean >= 0 && mean < 0x1p62)) return 0;
  if (mean < 10) {
    const double bound = std::exp(-mean);
    double k = 0;
    for (double product = s.unit(); product > bound; product *= s.unit()) ++k;
    return k;
  }
  const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
  const double scale = 1.1239 + 1.1328 / (b - 3.4), surely = 0.9277 - 3.6624 / (b - 2), log_mean = std::log(mean);
  while (true) {
    const double u = s.open() - 0.5, v = s.open(), distance = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= surely) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    if (std::log(v * scale / (a / (distance * distance) + b)) <= k * log_mean - mean - log_factorial(k)) return k;
  }
}

// For p up to a half. Where few are expected, the waiting times between successes (Devroye 1986, X.4.3); else Hörmann 1993, "The generation of
// binomial random variates", Journal of Statistical Computation and Simulation 46, algorithm BTRS.
PRIEL_DEVICE inline double binomial_of(double n, double p, Sequence& s) {
  if (!(p >= 0)) return 0;
  if (n * p < 10) {
    double k = 0;
    for (double tried = 0;; ++k) {
      tried += std::floor(std::log(s.open()) / std::log1p(-p)) + 1;
      if (!(tried <= n)) return k;
    }
  }
  const double deviation = std::sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double alpha = (2.83 + 5.1 / b) * deviation, surely = 0.92 - 4.2 / b, log_odds = std::log(p / (1 - p));
  const double mode = std::floor((n + 1) * p), at_mode = log_factorial(mode) + log_factorial(n - mode);
  while (true) {
    const double u = s.open() - 0.5, v = s.open(), distance = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / distance + b) * u + n * p + 0.5);
    if (distance >= 0.07 && v <= surely) return k;
    if (k < 0 || k > n) continue;
    if (std::log(v * alpha / (a / (distance * distance) + b)) <= at_mode - log_factorial(k) - log_factorial(n - k) + (k - mode) * log_odds) return k;
  }
}

struct Poisson {
  static constexpr Stream stream = Stream::poisson;
  double mean;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const { return static_cast<std::int64_t>(poisson_of(mean, s)); }
  friend constexpr bool operator==(const Poisson&, const Poisson&) = default;
};
struct Binomial {
  static constexpr Stream stream = Stream::binomial;
  double trials, probability;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const {
    if (!(probability <= 1)) return 0;
    const bool often = probability > 0.5;
    const double k = binomial_of(trials, often ? 1 - probability : probability, s);
    return static_cast<std::int64_t>(often ? trials - k : k);
  }
  friend constexpr bool operator==(const Binomial&, const Binomial&) = default;
};
struct Geometric {
  static constexpr Stream stream = Stream::geometric;
  double probability;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const {
    const double trials = std::floor(std::log(s.open()) / std::log1p(-probability)) + 1;
    return trials < 0x1p63 ? static_cast<std::int64_t>(trials) : std::numeric_limits<std::int64_t>::max();
  }
  friend constexpr bool operator==(const Geometric&, const Geometric&) = default;
};
// Poisson numbers of gamma-distributed means (Devroye 1986, X.4.7).
struct NegativeBinomial {
  static constexpr Stream stream = Stream::negative_binomial;
  double successes, probability;
  PRIEL_DEVICE std::int64_t operator()(Sequence& s) const {
    const double mean = gamma_of(successes, s) * ((1 - probability) / probability);
    return mean < 0x1p62 ? static_cast<std::int64_t>(poisson_of(mean, s)) : std::numeric_limits<std::int64_t>::max();
  }
  friend constexpr bool operator==(const NegativeBinomial&, const NegativeBinomial&) = default;
};

}  // namespace detail

// Called as those of random_distributions.hpp: parameters, extents, perhaps a policy tag, the seed: poisson<int>(4.5, {n}, seed). The element
// type is an integer type; a number that it does not hold wraps.

// How often what happens `mean` times on average happens.
template <detail::Whole T, int Rank, class... Where>
auto poisson(double mean, const Size (&extents)[Rank], Where... where) {
  detail::require(mean >= 0 && mean < 0x1p62, "poisson: the mean", mean, "at least 0 and below 2^62");
  return detail::sampled<T>(detail::Poisson{mean}, shape_from(extents), where...);
}
// Successes among a number of trials.
template <detail::Whole T, int Rank, class... Where>
auto binomial(std::int64_t trials, double probability, const Size (&extents)[Rank], Where... where) {
  const auto n = static_cast<double>(trials);
  detail::require(n >= 0 && n < 0x1p53, "binomial: the number of trials", n, "at least 0 and below 2^53");
  detail::require(probability >= 0 && probability <= 1, "binomial: the probability", probability, "from 0 to 1");
  return detail::sampled<T>(detail::Binomial{n, probability}, shape_from(extents), where...);
}
// Trials up to the first success, this one included.
template <detail::Whole T, int Rank, class... Where>
auto geometric(double probability, const Size (&extents)[Rank], Where... where) {
  detail::require(probability > 0 && probability <= 1, "geometric: the probability", probability, "above 0, at most 1");
  return detail::sampled<T>(detail::Geometric{probability}, shape_from(extents), where...);
}
// Failures before a number of successes, which need not be whole.
template <detail::Whole T, int Rank, class... Where>
auto negative_binomial(double successes, double probability, const Size (&extents)[Rank], Where... where) {
  detail::require(successes > 0, "negative_binomial: the number of successes", successes, "positive");
  detail::require(probability > 0 && probability <= 1, "negative_binomial: the probability", probability, "above 0, at most 1");
  return detail::sampled<T>(detail::NegativeBinomial{successes, probability}, shape_from(extents), where...);
}

}  // namespace priel::random
