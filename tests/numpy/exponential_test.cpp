// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Roots, exponentials and logarithms beside NumPy's: the rows of docs/numpy.md about them.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Elements that NumPy computes in floating point; integers in double.
using Analytic = Types<std::int32_t, float, double, std::complex<double>>;
using ComputedReals = Types<std::int32_t, float, double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_exponential)

BOOST_AUTO_TEST_CASE(functions) {
  row<Analytic, 1>("np.sqrt(a)", [](const auto& a) { return sqrt(a); }, {.ulps = 2});
  row<ComputedReals, 1>("np.cbrt(a)", [](const auto& a) { return cbrt(a); }, {.ulps = 4});
  row<Analytic, 1>("np.exp(a)", [](const auto& a) { return exp(a); }, {.ulps = 8});
  row<Analytic, 1>("np.exp2(a)", [](const auto& a) { return exp2(a); }, {.ulps = 8});
  row<Analytic, 1>("np.expm1(a)", [](const auto& a) { return expm1(a); }, {.ulps = 8});
  row<Analytic, 1>("np.log(a)", [](const auto& a) { return log(a); }, {.ulps = 8});
  row<Analytic, 1>("np.log2(a)", [](const auto& a) { return log2(a); }, {.ulps = 8});
  row<Analytic, 1>("np.log10(a)", [](const auto& a) { return log10(a); }, {.ulps = 8});
  row<Analytic, 1>("np.log1p(a)", [](const auto& a) { return log1p(a); }, {.ulps = 8});
  row<ComputedReals, 2, 2>("np.logaddexp(a, b)", [](const auto& a, const auto& b) { return logaddexp(a, b); }, {.ulps = 8});
  row<ComputedReals, 2, 2>("np.logaddexp2(a, b)", [](const auto& a, const auto& b) { return logaddexp2(a, b); }, {.ulps = 8});
}

BOOST_AUTO_TEST_SUITE_END()
