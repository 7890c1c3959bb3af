// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Trigonometric, hyperbolic and special functions beside NumPy's and SciPy's: the rows of docs/numpy.md about them.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Elements that NumPy computes in floating point; integers in double.
using Analytic = Types<std::int32_t, float, double, std::complex<double>>;
using ComputedReals = Types<std::int32_t, float, double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_trigonometric)

BOOST_AUTO_TEST_CASE(forward) {
  row<Analytic, 1>("np.sin(a)", [](const auto& a) { return sin(a); }, {.ulps = 8});
  row<Analytic, 1>("np.cos(a)", [](const auto& a) { return cos(a); }, {.ulps = 8});
  row<Analytic, 1>("np.tan(a)", [](const auto& a) { return tan(a); }, {.ulps = 8});
  row<Analytic, 1>("np.sinh(a)", [](const auto& a) { return sinh(a); }, {.ulps = 8});
  row<Analytic, 1>("np.cosh(a)", [](const auto& a) { return cosh(a); }, {.ulps = 8});
  row<Analytic, 1>("np.tanh(a)", [](const auto& a) { return tanh(a); }, {.ulps = 8});
}

BOOST_AUTO_TEST_CASE(inverse) {
  row<Analytic, 1>("np.arcsin(a)", [](const auto& a) { return arcsin(a); }, {.ulps = 8});
  row<Analytic, 1>("np.arccos(a)", [](const auto& a) { return arccos(a); }, {.ulps = 8});
  row<Analytic, 1>("np.arctan(a)", [](const auto& a) { return arctan(a); }, {.ulps = 8});
  row<Analytic, 1>("np.arcsinh(a)", [](const auto& a) { return arcsinh(a); }, {.ulps = 8});
  row<Analytic, 1>("np.arccosh(a)", [](const auto& a) { return arccosh(a); }, {.ulps = 8});
  row<Analytic, 1>("np.arctanh(a)", [](const auto& a) { return arctanh(a); }, {.ulps = 8});
  row<ComputedReals, 2, 2>("np.arctan2(a, b)", [](const auto& a, const auto& b) { return arctan2(a, b); }, {.ulps = 4});
  row<ComputedReals, 2, 2>("np.hypot(a, b)", [](const auto& a, const auto& b) { return hypot(a, b); }, {.ulps = 4});
}

BOOST_AUTO_TEST_CASE(angles) {
  row<ComputedReals, 1>("np.deg2rad(a)", [](const auto& a) { return deg2rad(a); }, {.ulps = 1});
  row<ComputedReals, 1>("np.degrees(a)", [](const auto& a) { return rad2deg(a); }, {.ulps = 1});
  row<Inexact, 1>("np.sinc(a)", [](const auto& a) { return sinc(a); }, {.ulps = 8, .absolute = 1e-7, .input = "finite"});
}

BOOST_AUTO_TEST_CASE(special) {
  row<Floats, 1>("erf(a)", [](const auto& a) { return erf(a); }, {.ulps = 4});
  row<Floats, 1>("erfc(a)", [](const auto& a) { return erfc(a); }, {.ulps = 8, .input = "unit"});
  row<Floats, 1>("gamma(a)", [](const auto& a) { return tgamma(a); }, {.ulps = 16, .input = "positive"});
  row<Floats, 1>("gammaln(a)", [](const auto& a) { return lgamma(a); }, {.ulps = 16, .absolute = 1e-6, .input = "positive"});
}

BOOST_AUTO_TEST_SUITE_END()
