// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed folds against plain loops: runs and columns of every length about a register's, of every element type, with NaN anywhere.
#include <priel/backend/closed.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace priel::detail;
using Size = std::int64_t;

template <class A>
bool close(A a, A b, double scale) {
  if (a == b || (a != a && b != b)) return true;
  return std::is_floating_point_v<A> && std::fabs(static_cast<double>(a) - static_cast<double>(b)) <= 1e-13 * scale;
}

// Small integers, or multiples of a quarter, so that sums are exact; `rare`: every how many of them is NaN or infinite.
template <class T>
std::vector<T> values(Size n, int rare) {
  std::mt19937 random(static_cast<unsigned>(n + rare));
  std::vector<T> x(static_cast<std::size_t>(n));
  for (T& v : x) {
    v = static_cast<T>(random() % 7);
    if (std::is_floating_point_v<T>) v = v / T(4) - T(0.5);
    if (rare > 0 && std::is_floating_point_v<T> && random() % static_cast<unsigned>(rare) == 0)
      v = static_cast<T>(random() % 2 == 0 ? std::nan("") : HUGE_VAL);
  }
  return x;
}

template <class A>
struct Folds {
  A sum = 0, product = 1;
  Size nonzero = 0;
  double least = HUGE_VAL, greatest = -HUGE_VAL, mean = 0, squares = 0;
};
template <class A, class T>
Folds<A> plain(const T* x, Size n, Size step) {
  Folds<A> f;
  double sum = 0;
  for (Size i = 0; i < n; ++i) {
    const T v = x[i * step];
    const double d = static_cast<double>(v);
    f.sum += static_cast<A>(v);
    f.product *= static_cast<A>(v);
    f.nonzero += v != 0 ? 1 : 0;
    f.least = d < f.least || d != d ? d : f.least;
    f.greatest = d > f.greatest || d != d ? d : f.greatest;
    sum += d;
  }
  f.mean = sum / static_cast<double>(n);
  for (Size i = 0; i < n; ++i) f.squares += (static_cast<double>(x[i * step]) - f.mean) * (static_cast<double>(x[i * step]) - f.mean);
  return f;
}

// What differs from plain loops, if anything; the squares of what is not finite are NaN.
template <class A, class T>
std::string differing(const Folds<A>& f, A sum, A product, T least, T greatest, Size nonzero, double mean, double squares) {
  if (!close(f.sum, sum, 1)) return "sum";
  if (!close(f.product, product, std::fabs(static_cast<double>(f.product)))) return "product";
  if (!close(f.least, static_cast<double>(least), 0)) return "least";
  if (!close(f.greatest, static_cast<double>(greatest), 0)) return "greatest";
  if (f.nonzero != nonzero) return "nonzero";
  if (!close(f.mean, mean, 10)) return "mean";
  if (!close(f.squares, squares, 1000) && f.mean - f.mean == 0) return "squares";
  if (f.mean - f.mean != 0 && squares == squares) return "squares of what is not finite";
  return "";
}

template <class T, class A>
void check_runs(const FoldKernels<T, A>& kernels, Size count, Size length, int rare) {
  const auto x = values<T>(count * length, rare);
  const auto n = static_cast<std::size_t>(count);
  std::vector<A> sum(n), product(n);
  std::vector<T> least(n), greatest(n);
  std::vector<Size> nonzero(n);
  std::vector<double> mean(n), squares(n);
  kernels.sum_runs(x.data(), count, length, sum.data());
  kernels.product_runs(x.data(), count, length, product.data());
  kernels.least_runs(x.data(), count, length, least.data());
  kernels.greatest_runs(x.data(), count, length, greatest.data());
  kernels.nonzero_runs(x.data(), count, length, nonzero.data());
  kernels.moment_runs(x.data(), count, length, mean.data(), squares.data());
  for (std::size_t r = 0; r < n; ++r) {
    const auto what = differing(plain<A>(x.data() + static_cast<Size>(r) * length, length, 1), sum[r], product[r], least[r], greatest[r], nonzero[r],
                                mean[r], squares[r]);
    BOOST_TEST(what == "", what << " of run " << r << " of " << count << " of " << length << ", element size " << sizeof(T));
    if (what != "") return;
  }
}

// The columns begin with what a first call left: all rows in two calls.
template <class T, class A>
void check_rows(const FoldKernels<T, A>& kernels, Size rows, Size columns, int rare) {
  const Size stride = columns + 3, first = rows / 3;
  const auto x = values<T>(rows * stride, rare);
  const auto n = static_cast<std::size_t>(columns);
  std::vector<A> sum(n, 0), product(n, 1);
  using Limits = std::numeric_limits<T>;
  std::vector<T> least(n, Limits::has_infinity ? Limits::infinity() : Limits::max());
  std::vector<T> greatest(n, Limits::has_infinity ? -Limits::infinity() : Limits::lowest());
  std::vector<Size> nonzero(n, 0);
  std::vector<double> shift(n, 0.25), mean(n, 0), squares(n, 0);
  for (const auto& [from, number] : {std::pair{Size{0}, first}, std::pair{first, rows - first}}) {
    const T* const at = x.data() + from * stride;
    kernels.sum_rows(at, stride, number, columns, sum.data());
    kernels.product_rows(at, stride, number, columns, product.data());
    kernels.least_rows(at, stride, number, columns, least.data());
    kernels.greatest_rows(at, stride, number, columns, greatest.data());
    kernels.nonzero_rows(at, stride, number, columns, nonzero.data());
    kernels.moment_rows(at, stride, number, columns, shift.data(), mean.data(), squares.data());
  }
  for (std::size_t c = 0; c < n; ++c) {
    squares[c] -= mean[c] * (mean[c] / static_cast<double>(rows));
    mean[c] = shift[c] + mean[c] / static_cast<double>(rows);
    const auto what = differing(plain<A>(x.data() + c, rows, stride), sum[c], product[c], least[c], greatest[c], nonzero[c], mean[c], squares[c]);
    BOOST_TEST(what == "", what << " of column " << c << " of " << columns << ", rows " << rows << ", element size " << sizeof(T));
    if (what != "") return;
  }
}

// Sums of powers from a value: those of runs and, in two calls, down columns; exact, for multiples of a quarter.
template <class T>
std::array<double, 4> plain_powers(const T* x, Size n, Size step, double shift) {
  std::array<double, 4> sums{};
  for (Size i = 0; i < n; ++i) {
    double power = 1;
    for (double& sum : sums) sum += power *= static_cast<double>(x[i * step]) - shift;
  }
  return sums;
}
template <class T>
void check_powers(const PowerKernels<T>& kernels, Size count, Size length) {
  const auto x = values<T>(count * length, 0);
  std::vector<PowerSums> runs(static_cast<std::size_t>(count));
  kernels.runs(x.data(), count, length, runs.data());
  const Size apart = length + 5;
  std::vector<double> shift(static_cast<std::size_t>(length), 0.25), rows(static_cast<std::size_t>(4 * apart));
  kernels.rows(x.data(), length, count / 3, length, shift.data(), rows.data(), apart);
  kernels.rows(x.data() + count / 3 * length, length, count - count / 3, length, shift.data(), rows.data(), apart);
  bool runs_equal = true, rows_equal = true;
  for (Size r = 0; r < count; ++r) {
    const PowerSums& run = runs[static_cast<std::size_t>(r)];
    const auto expected = plain_powers(x.data() + r * length, length, 1, static_cast<double>(x[static_cast<std::size_t>(r * length)]));
    runs_equal = runs_equal && run.shift == x[static_cast<std::size_t>(r * length)] && std::equal(expected.begin(), expected.end(), run.of);
  }
  for (Size c = 0; c < length; ++c) {
    const auto expected = plain_powers(x.data() + c, count, length, 0.25);
    for (Size k = 0; k < 4; ++k) rows_equal = rows_equal && rows[static_cast<std::size_t>(k * apart + c)] == expected[static_cast<std::size_t>(k)];
  }
  BOOST_TEST(runs_equal, count << " runs of " << length << ", element size " << sizeof(T));
  BOOST_TEST(rows_equal, length << " columns of " << count << ", element size " << sizeof(T));
}

template <class F>
void for_each_type(F f) {
  const ClosedKernels& kernels = closed_kernels();
  f(kernels.of_float);
  f(kernels.of_double);
  f(kernels.of_int32);
  f(kernels.of_int64);
  f(kernels.of_uint8);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(closed_folds)

BOOST_AUTO_TEST_CASE(runs, *boost::unit_test::label("serial")) {
  for_each_type([](const auto& kernels) {
    for (const int rare : {0, 30})
      for (Size length = 1; length < 300; length += length < 70 ? 1 : 29)
        for (const Size count : {1, 2, 7, 16, 33, 300}) check_runs(kernels, count, length, rare);
  });
}

BOOST_AUTO_TEST_CASE(rows, *boost::unit_test::label("serial")) {
  for_each_type([](const auto& kernels) {
    for (const int rare : {0, 30})
      for (const Size number : {1, 2, 5, 8, 16, 31})
        for (const Size columns : {1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100}) check_rows(kernels, number, columns, rare);
  });
}

// A value that is not finite comes first: it does not spoil the mean of the others.
BOOST_AUTO_TEST_CASE(moments_from_a_value_that_is_not_finite, *boost::unit_test::label("serial")) {
  for (const Size n : {2, 5, 8, 9, 40}) {
    std::vector<double> x(static_cast<std::size_t>(n), 1.5);
    double mean = 0, squares = 0;
    x[0] = HUGE_VAL;
    closed_kernels().of_double.moment_runs(x.data(), 1, n, &mean, &squares);
    BOOST_TEST((std::isinf(mean) && std::isnan(squares)), "infinity first of " << n);
    x[0] = 1.5;
    closed_kernels().of_double.moment_runs(x.data(), 1, n, &mean, &squares);
    BOOST_TEST((mean == 1.5 && squares == 0), "equal ones, " << n);
  }
}

// Runs that hardly differ from their first value, from the ninth value on or throughout, beside runs that do.
BOOST_AUTO_TEST_CASE(moments_of_floats_far_from_zero, *boost::unit_test::label("serial")) {
  for (const Size n : {64, 301, 4096})
    for (const float step : {0x1p-7f, 0.0f, 50.0f}) {
      constexpr Size count = 11;
      std::vector<float> x;
      for (Size i = 0; i < count * n; ++i) x.push_back(1000 + (i % n < 8 && i / n % 2 == 0 ? 3.0f : step) * static_cast<float>(i % 3));
      double mean[count], squares[count];
      closed_kernels().of_float.moment_runs(x.data(), count, n, mean, squares);
      for (Size r = 0; r < count; ++r) {
        double sum = 0, deviations = 0;
        for (Size i = 0; i < n; ++i) sum += static_cast<double>(x[static_cast<std::size_t>(r * n + i)]) - 1000;
        for (Size i = 0; i < n; ++i) {
          const double d = static_cast<double>(x[static_cast<std::size_t>(r * n + i)]) - 1000 - sum / static_cast<double>(n);
          deviations += d * d;
        }
        BOOST_TEST((std::abs(mean[r] - 1000 - sum / static_cast<double>(n)) < 1e-12 * 1000 && std::abs(squares[r] - deviations) <= 1e-9 * deviations),
                   "run " << r << " of " << n << ", step " << step << ": " << squares[r] << ", not " << deviations);
      }
    }
}

BOOST_AUTO_TEST_CASE(powers, *boost::unit_test::label("serial")) {
  for (Size length = 1; length < 300; length += length < 70 ? 1 : 29)
    for (const Size count : {1, 2, 7, 16, 33}) {
      check_powers(closed_kernels().float_powers, count, length);
      check_powers(closed_kernels().double_powers, count, length);
    }
}

BOOST_AUTO_TEST_SUITE_END()
