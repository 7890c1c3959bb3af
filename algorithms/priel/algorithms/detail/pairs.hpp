// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Distances of all pairs in a backend's memory: compiled kernels for the metrics of the library on Host, a functor for the others.
#pragma once

#include <priel/algorithms/detail/dense.hpp>
#include <priel/backend.hpp>
#include <priel/buffer.hpp>

#include <cmath>
#include <concepts>

namespace priel {

// A metric adds up the features of two samples, each of which gives a difference, and makes a distance of the sum:
//   static T add(T so_far, T difference), from T{};  static T finish(T)
//   additive: a plain sum over the features, so that ranks may hold some of them each
//   of_directions, if it has that and it is true: samples are scaled to a length of the root of 1/2 beforehand
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

namespace kernel {

// out (n, m; rows `out_stride` apart) = distances of the rows of x (n, d) to the rows of y (m, d).
template <class M, class T>
struct Pairs {
  Size n, m, d;
  const T* x;
  const T* y;
  T* out;
  Size out_stride;

  PRIEL_DEVICE void operator()(Size at) const {
    const T* left = x + at / m * d;
    const T* right = y + at % m * d;
    T sum{};
    for (Size f = 0; f < d; ++f) sum = M::add(sum, left[f] - right[f]);
    out[at / m * out_stride + at % m] = M::finish(sum);
  }
};

// Row i of x (n, d) scaled to a length of the root of 1/2; NaN where it has none. By the largest feature first, whose square might overflow.
template <class T>
struct Directions {
  Size d;
  const T* x;
  T* out;

  PRIEL_DEVICE void operator()(Size row) const {
    const T* from = x + row * d;
    T* to = out + row * d;
    T largest{}, sum{};
    for (Size f = 0; f < d; ++f) largest = from[f] > largest ? from[f] : (-from[f] > largest ? -from[f] : largest);
    for (Size f = 0; f < d; ++f) {
      to[f] = from[f] / largest;
      sum += to[f] * to[f];
    }
    const T length = ::std::sqrt(sum + sum);
    for (Size f = 0; f < d; ++f) to[f] /= length;
  }
};

}  // namespace kernel

namespace detail {

template <class M>
constexpr bool of_directions() {
  if constexpr (requires { M::of_directions; }) return M::of_directions;
  else return false;
}

template <class M, class T>
concept CompiledMetric = (std::is_same_v<T, float> || std::is_same_v<T, double>) && requires { { M::compiled } -> std::convertible_to<Metric>; };

template <class Backend, class M, class T>
void measure_pairs(const kernel::Pairs<M, T>& task) {
  if constexpr (of_directions<M>()) {
    Buffer<T, Backend> x(task.n * task.d), y(task.m * task.d);
    Backend::for_each(task.n, kernel::Directions<T>{task.d, task.x, x.data()});
    Backend::for_each(task.m, kernel::Directions<T>{task.d, task.y, y.data()});
    measure_pairs<Backend, metric::SquaredEuclidean, T>({task.n, task.m, task.d, x.data(), y.data(), task.out, task.out_stride});
  } else if constexpr (std::is_same_v<Backend, Host> && CompiledMetric<M, T>)
    pair_distances(M::compiled, task.n, task.m, task.d, task.x, task.y, task.out, task.out_stride);
  else if (task.n * task.m > 0) Backend::for_each(task.n * task.m, task);
}

}  // namespace detail
}  // namespace priel
