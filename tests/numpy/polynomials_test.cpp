// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Polynomials against NumPy.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/polynomial.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using R = Replicated;
using S0 = Split<0>;
using S1 = Split<1>;
using Several = Types<double, std::int64_t, std::complex<double>>;

const RowOptions coefficients{.absolute = 1e-12, .input = "finite", .shapes = {"3;5", "4;2", "1;1", "6;6"}};
const RowOptions one{.ulps = 4, .input = "finite", .shapes = {"1", "2", "7"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_polynomials)

BOOST_AUTO_TEST_CASE(values) {
  row_on<On<R, R>, On<R, S0>, On<R, S1>>::run<Several, 1, 2>("np.polyval(a, b)",
      [](const auto& a, const auto& b) { return polyval(a, b); },
      {.ulps = 30, .absolute = 1e-10, .input = "unit", .shapes = {"4;5,3", "1;2,2", "0;3,1", "7;0,2"}});
  row_on<On<R, R>, On<S0, S0>, On<S0, R>>::run<Types<double>, 1, 1>("np.polyfit(a, b, 2)",
      [](const auto& a, const auto& b) { return polyfit(a, b, 2); },
      {.ulps = 100, .absolute = 1e-10, .input = "unit", .shapes = {"30;30", "9;9", "5;4", "0;0"}});
  row_on<On<R, R>, On<S0, S0>>::run<Types<double>, 1, 2>("np.polyfit(a, b, 3)",
      [](const auto& a, const auto& b) { return polyfit(a, b, 3); },
      {.ulps = 100, .absolute = 1e-10, .input = "unit", .shapes = {"30;30,2", "12;12,1"}});
  row_on<On<R>, On<S0>>::run<Types<double, std::int32_t>, 1>("np.vander(a, 4)", [](const auto& a) { return vander(a, 4); },
      {.ulps = 4, .input = "finite", .shapes = {"1", "7", "0"}});
}

BOOST_AUTO_TEST_CASE(arithmetic) {
  row_on<On<R, R>>::run<Several, 1, 1>("np.polyadd(a, b)", [](const auto& a, const auto& b) { return polyadd(a, b); }, coefficients);
  row_on<On<R, R>>::run<Several, 1, 1>("np.polysub(a, b)", [](const auto& a, const auto& b) { return polysub(a, b); }, coefficients);
  row_on<On<R, R>>::run<Several, 1, 1>("np.polymul(a, b)", [](const auto& a, const auto& b) { return polymul(a, b); }, coefficients);
  row_on<On<R>>::run<Several, 1>("np.polyder(a)", [](const auto& a) { return polyder(a); }, one);
  row_on<On<R>>::run<Several, 1>("np.polyint(a)", [](const auto& a) { return polyint(a); }, one);
  row_on<On<R>>::run<Types<double>, 1>("np.sort(np.roots(a).real)", [](const auto& a) { return sort(real(roots(a)), axis<0>); },
      {.absolute = 1e-9, .input = "nonzero", .shapes = {"1", "2", "7", "5"}});
  row_on<On<R>>::run<Types<std::int64_t>, 1>("np.sort(np.roots(a).imag)", [](const auto& a) { return sort(imag(roots(a)), axis<0>); },
      {.absolute = 1e-7, .input = "ties", .shapes = {"1", "2", "5"}});
}

BOOST_AUTO_TEST_SUITE_END()
