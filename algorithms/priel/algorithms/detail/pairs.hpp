// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Distances of all pairs in a backend's memory: compiled kernels for the metrics of the library on Host, a functor for the others.
#pragma once

#include <priel/algorithms/metric.hpp>
#include <priel/buffer.hpp>

#include <cmath>
#include <concepts>

namespace priel {

namespace kernel {

template <class M, class T>
PRIEL_DEVICE T distance_of_pair(const M& metric, const T* left, const T* right, Size d) {
  if constexpr (SumsFeatures<M>) {
    T sum{};
    for (Size f = 0; f < d; ++f) sum = metric.add(sum, left[f] - right[f]);
    return metric.finish(sum);
  } else return static_cast<T>(metric(Sample<T>(left, d), Sample<T>(right, d)));
}

// out (n, m; rows `out_stride` apart) = distances of the rows of x (n, d) to the rows of y (m, d).
template <class M, class T>
struct Pairs {
  Size n, m, d;
  const T* x;
  const T* y;
  T* out;
  Size out_stride;
  M metric = M{};

  PRIEL_DEVICE void operator()(Size at) const { measure(at / m, at % m); }
  PRIEL_DEVICE void measure(Size i, Size j) const { out[i * out_stride + j] = distance_of_pair(metric, x + i * d, y + j * d, d); }
};
// The same of a whole row.
template <class M, class T>
struct RowOfPairs {
  Pairs<M, T> pairs;
  void operator()(Size i) const {
    for (Size j = 0; j < pairs.m; ++j) pairs.measure(i, j);
  }
};

// Pairs i < j: rows `row` ... of the samples, at x, to rows `column` ..., at y; those of `of` go to out.
template <class M, class T>
struct CondensedPairs {
  detail::Condensed of;
  Size row, column, m, d;
  const T* x;
  const T* y;
  T* out;
  M metric = M{};

  PRIEL_DEVICE void operator()(Size at) const {
    const Size i = row + at / m, j = column + at % m, place = i * (2 * of.n - i - 1) / 2 + j - i - 1 - of.lower;
    if (j > i && place >= 0 && place < of.extent) out[place] = distance_of_pair(metric, x + at / m * d, y + at % m * d, d);
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

// As compiled kernels know it.
template <class M>
constexpr Measure measure_of(const M&) { return M::compiled; }
inline Measure measure_of(const metric::Rbf& metric) { return {Metric::squared, metric.decay()}; }
template <class Backend, class M, class T>
inline constexpr bool measured_by_kernels =
    std::is_same_v<Backend, Host> && (std::is_same_v<T, float> || std::is_same_v<T, double>) && (CompiledMetric<M, T> || std::is_same_v<M, metric::Rbf>);

template <class Backend, class M, class T>
void measure_pairs(const kernel::Pairs<M, T>& task) {
  if constexpr (of_directions<M>()) {
    Buffer<T, Backend> x(task.n * task.d), y(task.m * task.d);
    Backend::for_each(task.n, kernel::Directions<T>{task.d, task.x, x.data()});
    Backend::for_each(task.m, kernel::Directions<T>{task.d, task.y, y.data()});
    measure_pairs<Backend, metric::SquaredEuclidean, T>({task.n, task.m, task.d, x.data(), y.data(), task.out, task.out_stride});
  } else if constexpr (measured_by_kernels<Backend, M, T>)
    pair_distances(measure_of(task.metric), task.n, task.m, task.d, task.x, task.y, task.out, task.out_stride);
  else if constexpr (std::is_same_v<Backend, Host>) Backend::for_each(task.n, kernel::RowOfPairs<M, T>{task});
  else if (task.n * task.m > 0) Backend::for_each(task.n * task.m, task);
}

// `rows` rows of x.
template <class Backend, class M, class T>
void measure_condensed(const kernel::CondensedPairs<M, T>& task, Size rows) {
  if constexpr (measured_by_kernels<Backend, M, T>)
    condensed_distances(measure_of(task.metric), task.of, {task.row, rows}, {task.column, task.m}, task.d, task.x, task.y, task.out);
  else if (rows * task.m > 0) Backend::for_each(rows * task.m, task);
}

}  // namespace detail
}  // namespace priel
