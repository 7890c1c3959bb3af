// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: cumulative functions, differences, integrals.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

const RowOptions sums{.ulps = 32, .absolute = 1e-4, .input = "finite"};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_differences)

BOOST_AUTO_TEST_CASE(cumulative) {
  row<Every, 2>("np.cumsum(a, axis=0)", [](const auto& a) { return cumsum(a, axis<0>); }, sums);
  row_on<On<Replicated>, On<Split<0>>>::run<Types<double>, 2>("np.cumsum(a)", [](const auto& a) { return cumsum(a); }, sums);
  row<Numbers, 2>("np.cumprod(a, axis=1)", [](const auto& a) { return cumprod(a, axis<1>); },
      {.ulps = 64, .absolute = 1e-9, .input = "unit"});
  row_on<On<Replicated>, On<Split<0>>>::run<Types<double>, 2>("np.cumprod(a)", [](const auto& a) { return cumprod(a); },
      {.ulps = 64, .absolute = 1e-9, .input = "unit"});
  row<WithBool, 2>("np.maximum.accumulate(a, axis=0)", [](const auto& a) { return cummax(a, axis<0>); });
  row<Real, 2>("np.minimum.accumulate(a, axis=1)", [](const auto& a) { return cummin(a, axis<1>); });
}

BOOST_AUTO_TEST_CASE(differences) {
  row<Real, 2>("np.diff(a, axis=0)", [](const auto& a) { return diff(a, axis<0>); });
  row<Types<double>, 2>("np.diff(a, n=2, axis=1)", [](const auto& a) { return diff<2>(a, axis<1>); });
  row<Real, 2>("np.gradient(a, axis=0)", [](const auto& a) { return gradient(a, axis<0>); });
  row<Floats, 2>("np.gradient(a, 0.5, axis=1)", [](const auto& a) { return gradient(a, 0.5, axis<1>); });
  row<Types<std::int32_t, double>, 1>("np.gradient(a)", [](const auto& a) { return gradient(a); });
  row<Types<double>, 1>("np.gradient(a, 0.1)", [](const auto& a) { return gradient(a, 0.1); }, {.ulps = 1});
}

BOOST_AUTO_TEST_CASE(integrals) {
  row<Real, 2>("np.trapz(a, axis=0)", [](const auto& a) { return trapz(a, 1, axis<0>); }, sums);
  row<Types<double>, 2>("np.trapz(a, dx=0.5)", [](const auto& a) { return trapz(a, 0.5); }, sums);
  row<Types<double>, 2>("np.trapz(a)", [](const auto& a) { return trapz(a); },
      {.ulps = 32, .absolute = 1e-9, .shapes = {"5,3", "70,1", "7,70", "1,0"}});
  row<Floats, 2, 1>("np.trapz(a, b)", [](const auto& a, const auto& b) { return trapz(a, b); }, sums);
  row_on<On<Replicated, Replicated>, On<Split<0>, Replicated>, On<Split<1>, Replicated>>::run<Types<double>, 2, 1>("np.trapz(a, b, axis=0)",
      [](const auto& a, const auto& b) { return trapz(a, b, axis<0>); },
      {.ulps = 32, .absolute = 1e-9, .input = "finite", .shapes = {"5,3;5", "7,10;7", "1,2;1"}});
}

BOOST_AUTO_TEST_CASE(vector_products) {
  row<Numbers, 2, 2>("np.cross(a, b)", [](const auto& a, const auto& b) { return cross(a, b); },
      {.ulps = 2, .input = "finite", .shapes = {"5,3;5,3", "7,3;7,3", "0,3;0,3", "3,4;3,4"}});
  row<Types<double>, 1, 1>("np.cross(a, b)", [](const auto& a, const auto& b) { return cross(a, b); }, {.ulps = 2, .shapes = {"3;3"}});
}

BOOST_AUTO_TEST_SUITE_END()
