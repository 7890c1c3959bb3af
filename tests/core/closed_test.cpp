// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The closed kernels of every instruction set that this processor has: functions against long double, folds against plain loops.
#include <src/core/closed/tables.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

// The part of this unit that is compiled for processors with AVX-512, and runs on those only.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__AVX512F__)
#include <immintrin.h>
#pragma GCC push_options
#pragma GCC target("avx512f")
#define __AVX512F__ 1   // g++ 12 does not say so by itself
#include <priel/backend/square_root.hpp>
#undef __AVX512F__
#define PRIEL_TEST_SQUARE_ROOT
namespace {
void square_roots(const float* x, float* roots, std::size_t n) {
  for (std::size_t i = 0; i < n; i += 16) _mm512_storeu_ps(roots + i, priel::detail::square_root(_mm512_loadu_ps(x + i)));
}
}  // namespace
#pragma GCC pop_options
#endif

namespace {

using namespace priel::detail;

std::vector<const ClosedKernels*> sets() {
  std::vector<const ClosedKernels*> all{&baseline::kernels};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&avx2::kernels);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    all.push_back(&avx512::kernels);
#endif
  return all;
}

using Exact = long double (*)(long double);
constexpr Exact exact[] = {std::exp, std::exp2, std::expm1, std::log, std::log2, std::log10, std::log1p, std::cbrt, std::sin, std::cos, std::tan,
                           std::asin, std::acos, std::atan, std::sinh, std::cosh, std::tanh, std::asinh, std::acosh, std::atanh, std::erf, std::erfc};
static_assert(std::size(exact) == closed_functions);
using Exact2 = long double (*)(long double, long double);
constexpr Exact2 exact2[] = {std::pow, std::atan2, [](long double x, long double y) { return std::hypot(x, y); }};
static_assert(std::size(exact2) == closed_functions2);

// Numbers of all kinds: ordinary ones, random bit patterns, the ends of the type.
template <class T>
std::vector<T> arguments() {
  using L = std::numeric_limits<T>;
  std::vector<T> x{L::quiet_NaN(), L::infinity(), -L::infinity(), 0, -T(0), 1, -1, L::denorm_min(), -L::denorm_min(), L::min(), -L::min() / 3,
                   L::max(), L::lowest(), L::epsilon(), T(88.7), T(88.8), T(-87.4), T(-104), T(709.7), T(709.8), T(-745), T(-746), T(-0.999999), -2,
                   T(1e5), T(1e10), T(1e30), T(0.5), 1000};
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> bits = static_cast<decltype(bits)>(random());
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    x.push_back(value);
    x.push_back(static_cast<T>(std::uniform_real_distribution<double>(-20, 20)(random)));
  }
  return x;
}

// Units in the last place between a result and the exact value; negative where they are not of one kind.
template <class T>
double distance(T got, long double wanted) {
  const T rounded = static_cast<T>(wanted);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : -1;
  if (got == rounded) return std::signbit(got) == std::signbit(rounded) ? 0 : -1;
  if (std::isinf(rounded) || std::isinf(got)) return -1;
  int exponent;
  std::frexp(rounded, &exponent);
  const int last = std::max(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits;
  return static_cast<double>(std::fabs(static_cast<long double>(got) - wanted) / std::ldexp(1.0L, last));
}

template <class T>
void check_functions(const ClosedKernels& set) {
  const auto x = arguments<T>();
  const auto n = static_cast<std::int64_t>(x.size());
  std::vector<T> y(x.size()), shifted(x.size());
  for (int f = 0; f < closed_functions; ++f) {
    const auto call = set.functions_of(x.data()).unary[f];
    call(x.data(), y.data(), n);
    call(x.data() + 3, shifted.data(), n - 3);
    BOOST_TEST(std::memcmp(shifted.data(), y.data() + 3, (x.size() - 3) * sizeof(T)) == 0, set.name << ", function " << f << ": the place counts");
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double off = distance(y[i], exact[f](x[i]));
      BOOST_TEST((off >= 0 && off <= 4.01), set.name << ", function " << f << " of " << x[i] << " is " << y[i] << ", " << off << " ulp off");
    }
  }
}

template <class T>
void check_functions2(const ClosedKernels& set) {
  auto x = arguments<T>(), e = x;
  std::reverse(e.begin() + 40, e.end());
  constexpr T infinity = std::numeric_limits<T>::infinity(), undefined = std::numeric_limits<T>::quiet_NaN();
  for (const T base : {T(-2), T(0), -T(0), T(1), T(-8), infinity, -infinity, undefined})
    for (const T exponent : {T(0), T(3), T(-3), T(2), T(0.5), infinity, -infinity, undefined}) {
      x.push_back(base);
      e.push_back(exponent);
    }
  std::vector<T> y(x.size());
  for (int f = 0; f < closed_functions2; ++f) {
    set.functions_of(x.data()).binary[f](x.data(), e.data(), y.data(), static_cast<std::int64_t>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double off = distance(y[i], exact2[f](static_cast<long double>(x[i]), static_cast<long double>(e[i])));
      BOOST_TEST((off >= 0 && off <= 4.01), set.name << ", function " << f << " of " << x[i] << " and " << e[i] << " is " << y[i] << ", " << off << " ulp off");
    }
  }
}

template <class T>
void check_folds(const ClosedKernels& set) {
  std::mt19937 random(3);
  std::vector<T> x(4096);
  for (T& v : x) v = static_cast<T>(random() % 5 == 0 ? 0 : random() % 120);
  const auto& kernels = set.folds(x.data());
  for (const int length : {1, 2, 3, 5, 7, 8, 9, 15, 18, 31, 64, 127, 300, 4096}) {
    const int count = std::min(5, 4096 / length);
    std::vector<std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>> sums(5), columns(4096);
    std::vector<T> least(5), greatest(5);
    std::vector<std::int64_t> nonzero(5);
    std::vector<double> mean(5), squares(5);
    kernels.sum_runs(x.data(), count, length, sums.data());
    kernels.least_runs(x.data(), count, length, least.data());
    kernels.greatest_runs(x.data(), count, length, greatest.data());
    kernels.nonzero_runs(x.data(), count, length, nonzero.data());
    kernels.moment_runs(x.data(), count, length, mean.data(), squares.data());
    kernels.sum_rows(x.data(), length, count, length, columns.data());
    const auto where = [&](int r) { return std::string(set.name) + ", run " + std::to_string(r) + " of " + std::to_string(length); };
    for (int r = 0; r < count; ++r) {
      const auto begin = x.begin() + r * length, end = begin + length;
      double sum = 0, deviations = 0;
      for (auto i = begin; i != end; ++i) sum += static_cast<double>(*i);
      for (auto i = begin; i != end; ++i) deviations += (static_cast<double>(*i) - sum / length) * (static_cast<double>(*i) - sum / length);
      const auto at = static_cast<std::size_t>(r);
      BOOST_TEST(static_cast<double>(sums[at]) == sum, where(r));   // whole numbers: exact in any order
      BOOST_TEST((least[at] == *std::min_element(begin, end) && greatest[at] == *std::max_element(begin, end)), where(r));
      BOOST_TEST(nonzero[at] == length - std::count(begin, end, T(0)), where(r));
      BOOST_TEST(std::fabs(mean[at] - sum / length) <= 1e-13 * sum, where(r));
      BOOST_TEST(std::fabs(squares[at] - deviations) <= 1e-12 * deviations, where(r));
    }
    for (int c = 0; c < length; ++c) {
      double sum = 0;
      for (int r = 0; r < count; ++r) sum += static_cast<double>(x[static_cast<std::size_t>(r * length + c)]);
      BOOST_TEST(static_cast<double>(columns[static_cast<std::size_t>(c)]) == sum, where(c) << ": column");
    }
  }
}

// A NaN anywhere in a run is its smallest and largest value.
template <class T>
void check_nan(const ClosedKernels& set) {
  for (const std::size_t n : {1u, 6u, 40u, 300u})
    for (std::size_t at = 0; at < n; ++at) {
      std::vector<T> x(n, T(2));
      x[at] = std::numeric_limits<T>::quiet_NaN();
      T least = 0, greatest = 0;
      set.folds(x.data()).least_runs(x.data(), 1, static_cast<std::int64_t>(n), &least);
      set.folds(x.data()).greatest_runs(x.data(), 1, static_cast<std::int64_t>(n), &greatest);
      BOOST_TEST((std::isnan(least) && std::isnan(greatest)), set.name << ": " << at << " of " << n);
    }
}

#if defined(PRIEL_TEST_SQUARE_ROOT)
float number_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

// So many of `x` whose square root is not std::sqrt's to the bit.
int wrong_roots(std::vector<float> x, void (*square_roots)(const float*, float*, std::size_t)) {
  x.resize((x.size() + 15) / 16 * 16, 1.0F);
  std::vector<float> roots(x.size());
  square_roots(x.data(), roots.data(), x.size());
  int wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float root = std::sqrt(x[i]);
    wrong += std::memcmp(&root, &roots[i], sizeof(float)) != 0;
  }
  return wrong;
}
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(closed)

#if defined(PRIEL_TEST_SQUARE_ROOT)
BOOST_AUTO_TEST_CASE(square_roots_are_correctly_rounded, *boost::unit_test::label("serial")) {
  if (!__builtin_cpu_supports("avx512f")) return;
  std::vector<float> x;
  for (std::uint32_t bits = 0x3f800000; bits < 0x40800000; ++bits) x.push_back(number_of(bits));   // of every mantissa, an odd and an even exponent
  BOOST_TEST(wrong_roots(std::move(x), square_roots) == 0);
  std::vector<float> edges = arguments<float>();
  for (std::uint32_t top = 0; top < 512; ++top)   // both ends of every binade of either sign: all exponents, NaN, infinities, denormal numbers
    for (std::uint32_t i = 0; i < 40; ++i) edges.push_back(number_of((top << 23) + i - 20));
  BOOST_TEST(wrong_roots(edges, square_roots) == 0);
  for (const float& each : edges) BOOST_TEST(wrong_roots(std::vector<float>(1, each), square_roots) == 0);   // beside ordinary numbers
}
#endif

BOOST_AUTO_TEST_CASE(functions_of_runs, *boost::unit_test::label("serial")) {
  for (const auto* set : sets()) {
    check_functions<float>(*set);
    check_functions<double>(*set);
    check_functions2<float>(*set);
    check_functions2<double>(*set);
  }
}

BOOST_AUTO_TEST_CASE(folds, *boost::unit_test::label("serial")) {
  for (const auto* set : sets()) {
    check_folds<float>(*set);
    check_folds<double>(*set);
    check_folds<std::int32_t>(*set);
    check_folds<std::int64_t>(*set);
    check_folds<std::uint8_t>(*set);
    check_nan<float>(*set);
    check_nan<double>(*set);
  }
}

BOOST_AUTO_TEST_SUITE_END()
