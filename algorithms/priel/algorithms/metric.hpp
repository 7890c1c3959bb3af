// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Metrics: what two samples are apart, feature by feature or as a callable of both says.
#pragma once

#include <priel/algorithms/detail/dense.hpp>
#include <priel/backend.hpp>
#include <priel/communicator.hpp>

#include <cmath>
#include <concepts>
#include <limits>
#include <string>

namespace priel {

// A metric adds up the features of two samples, each of which gives a difference, and makes a distance of the sum:
//   static T add(T so_far, T difference), from T{};  static T finish(T)
//   additive: a plain sum over the features, so that ranks may hold some of them each
//   of_directions, if it has that and it is true: samples are scaled to a length of the root of 1/2 beforehand
// Where these are const members rather than static, it has a state: enough for cdist and pdist. So is any callable of two samples (Sample<T>,
// which reads as a std::span) that returns a number; on Device, a struct whose operator() is PRIEL_DEVICE.
namespace metric {

struct SquaredEuclidean {
  static constexpr bool additive = true;
  static constexpr auto compiled = detail::Metric::squared;
  template <class T>
  PRIEL_DEVICE static T add(T sum, T difference) { return sum + difference * difference; }
  template <class T>
  PRIEL_DEVICE static T finish(T sum) { return sum; }
};
struct Euclidean : SquaredEuclidean {
  static constexpr bool additive = false;
  static constexpr auto compiled = detail::Metric::euclidean;
  template <class T>
  PRIEL_DEVICE static T finish(T sum) { return ::std::sqrt(sum); }
};
struct Manhattan {
  static constexpr bool additive = true;
  static constexpr auto compiled = detail::Metric::manhattan;
  template <class T>
  PRIEL_DEVICE static T add(T sum, T difference) { return sum + (difference < T{} ? -difference : difference); }
  template <class T>
  PRIEL_DEVICE static T finish(T sum) { return sum; }
};
struct Chebyshev {   // NaN stays
  static constexpr bool additive = false;
  static constexpr auto compiled = detail::Metric::chebyshev;
  template <class T>
  PRIEL_DEVICE static T add(T most, T difference) {
    const T size = difference < T{} ? -difference : difference;
    return most >= size || most != most ? most : size;
  }
  template <class T>
  PRIEL_DEVICE static T finish(T most) { return most; }
};

// 1 - xy / (|x| |y|), as half the squared distance of x/|x| and y/|y|, which is exactly 0 for duplicates. A sample of zeros has no
// direction: NaN.
struct Cosine : SquaredEuclidean {
  static constexpr bool additive = false;
  static constexpr bool of_directions = true;
};

// exp(-|x - y|² / (2 sigma²)): a similarity, 1 for duplicates, so that nothing is near by it.
class Rbf {
 public:
  static constexpr bool additive = false;
  explicit Rbf(double decay) : decay_(decay) {}
  double decay() const { return decay_; }   // of the squared distance
  template <class T>
  PRIEL_DEVICE T add(T sum, T difference) const { return sum + difference * difference; }
  template <class T>
  PRIEL_DEVICE T finish(T sum) const { return ::std::exp(sum * static_cast<T>(-decay_)); }

 private:
  double decay_;
};

// scikit-learn's gamma is 1 / (2 sigma²). Throws InputError unless sigma is a positive number.
inline Rbf rbf(double sigma) {
  if (!(sigma > 0) || sigma > std::numeric_limits<double>::max())
    throw InputError("metric::rbf: sigma is " + std::to_string(sigma) + ": write a positive number, a length in the samples' units");
  const double decay = 1 / (2 * sigma * sigma);
  return Rbf(decay > 0 ? decay : std::numeric_limits<double>::denorm_min());
}

inline constexpr SquaredEuclidean squared_euclidean{};
inline constexpr Euclidean euclidean{};
inline constexpr Manhattan manhattan{};
inline constexpr Chebyshev chebyshev{};
inline constexpr Cosine cosine{};

}  // namespace metric

template <class M>
concept MetricLike = requires(double value) {
  { M::template add<double>(value, value) } -> std::convertible_to<double>;
  { M::template finish<double>(value) } -> std::convertible_to<double>;
  { M::additive } -> std::convertible_to<bool>;
};

// The features of one sample, as a callable of two samples sees them.
template <class T>
class Sample {
 public:
  using value_type = T;
  PRIEL_DEVICE Sample(const T* data, Size size) : data_(data), size_(size) {}
  PRIEL_DEVICE const T& operator[](Size feature) const { return data_[feature]; }
  PRIEL_DEVICE Size size() const { return size_; }
  PRIEL_DEVICE const T* begin() const { return data_; }
  PRIEL_DEVICE const T* end() const { return data_ + size_; }
  PRIEL_DEVICE const T* data() const { return data_; }

 private:
  const T* data_;
  Size size_;
};

// A metric that may have a state, and what measures two samples as it likes.
template <class M>
concept SumsFeatures = requires(const M& metric, double value) {
  { metric.template add<double>(value, value) } -> std::convertible_to<double>;
  { metric.template finish<double>(value) } -> std::convertible_to<double>;
  { M::additive } -> std::convertible_to<bool>;
};
template <class M, class T = double>
concept MeasuresSamples = !SumsFeatures<M> && requires(const M& metric, Sample<T> sample) {
  { metric(sample, sample) } -> std::convertible_to<T>;
};
template <class M, class T = double>
concept PairMetric = SumsFeatures<M> || MeasuresSamples<M, T>;

}  // namespace priel
