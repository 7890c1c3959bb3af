// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md about random numbers: NumPy's and ours differ, their distributions must not.
#pragma once

#include <tests/numpy/rows.hpp>
#include <tests/support/arrays.hpp>

#include <cmath>
#include <cstring>

namespace priel::test {

struct DistributionOptions {
  bool moments = true;   // whether the mean and the variance exist
};

namespace detail {

inline std::vector<double> sorted_doubles(const NumpyArray& array) {
  std::vector<double> values;
  const auto append = [&]<class T>(std::type_identity<T>) {
    values.resize(array.bytes.size() / sizeof(T));
    for (std::size_t i = 0; i < values.size(); ++i) {
      T value;
      std::memcpy(&value, array.bytes.data() + i * sizeof(T), sizeof(T));
      values[i] = static_cast<double>(value);
    }
  };
  if (array.type == "int64") append(std::type_identity<std::int64_t>{});
  else if (array.type == "float64") append(std::type_identity<double>{});
  std::sort(values.begin(), values.end());
  return values;
}

// The largest distance of two samples' distribution functions, in units of its spread (Smirnov 1939): 1.95 is exceeded once in a thousand.
inline double smirnov(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  double largest = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
  }
  return largest * std::sqrt(n * m / (n + m));
}

struct Moments {
  double mean = 0, variance = 0, of_variance = 0;   // and the variance of the square of the distance from the mean
};
inline Moments moments(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Moments m;
  double fourth = 0;
  for (const double x : values) m.mean += x / n;
  for (const double x : values) {
    const double square = (x - m.mean) * (x - m.mean);
    m.variance += square / n;
    fourth += square * square / n;
  }
  m.of_variance = fourth - m.variance * m.variance;
  return m;
}

inline void compare_samples(const std::string& what, const std::vector<double>& ours, const std::vector<double>& numpys, bool with_moments) {
  if (ours.empty() || numpys.empty()) {
    BOOST_ERROR(what << ": a sample is empty");
    return;
  }
  const double apart = smirnov(ours, numpys);
  if (!(apart < 1.95)) BOOST_ERROR(what << ": the distribution functions are " << apart << " spreads apart");
  if (!with_moments) return;
  const Moments a = moments(ours), b = moments(numpys);
  const auto n = static_cast<double>(ours.size()), m = static_cast<double>(numpys.size());
  const auto far = [&](double x, double y, double of_x, double of_y) { return std::abs(x - y) > 4 * std::sqrt(of_x / n + of_y / m) + 1e-9 * std::abs(y); };
  if (far(a.mean, b.mean, a.variance, b.variance)) BOOST_ERROR(what << ": the mean is " << a.mean << ", NumPy's " << b.mean);
  if (far(a.variance, b.variance, a.of_variance, b.of_variance)) BOOST_ERROR(what << ": the variance is " << a.variance << ", NumPy's " << b.variance);
}

}  // namespace detail

// NumPy's line, of a generator rng and 50000 numbers n, and ours: f.operator()<T>(n, seed). For every type of the list: distribution functions, means
// and variances of both samples are alike (by the row's own seeds, which are fixed), and every rank, policy and backend has the same bits.
template <class List, class F>
void distribution_row(const char* line, const F& f, const DistributionOptions& options = {}) {
  constexpr std::uint64_t seed = 20261122;
  const auto answer = ask_numpy(line, "float64", "any", {"none"}).at(0);
  const auto check = [&]<class T>(std::type_identity<T>) {
    const std::string what = std::string(line) + " of " + numpy_name<T>;
    const auto ours = shard_of(eval(astype<double>(f.template operator()<T>(Size{50000}, seed))));
    std::vector<double> sorted(ours.begin(), ours.end());
    std::sort(sorted.begin(), sorted.end());
    if (!answer.raised.empty()) BOOST_ERROR(what << ": NumPy raises " << answer.raised);
    else detail::compare_samples(what, sorted, detail::sorted_doubles(answer.results.at(0)), options.moments);

    using Own = backend_of<decltype(f.template operator()<T>(Size{60}, seed))>;   // void, unless a table of its own is involved
    using Backend = std::conditional_t<std::is_void_v<Own>, Tested, Own>;
    const auto reference = shard_of(Array<T, 1, Replicated, std::conditional_t<std::is_void_v<Own>, Reference, Own>>(f.template operator()<T>(Size{60}, seed)));
    on_ranks([&] {
      const auto at = [&](const Index<1>& i) { return reference[static_cast<std::size_t>(i[0])]; };
      const auto made = f.template operator()<T>(Size{60}, seed);
      expect(identical(shard_of(Array<T, 1, Replicated, Backend>(made)), reference), what + ", on " + Backend::name);
      expect(holds(Array<T, 1, Split<0>, Backend>(made), at), what + ", split on " + Backend::name);
    }, {1, 3, 4});
  };
  [&]<class... T>(std::type_identity<Types<T...>>) { (check(std::type_identity<T>{}), ...); }(std::type_identity<List>{});
}

}  // namespace priel::test
