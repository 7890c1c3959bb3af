// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: functions that pass over NaN.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Sums: NumPy's of float are in float, ours in double. Infinities of both signs make NaN of a sum in either.
const RowOptions sums{.ulps = 32, .absolute = 2e-5};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_nan)

BOOST_AUTO_TEST_CASE(sums_and_products) {
  row<Inexact, 2>("np.nansum(a)", [](const auto& a) { return nansum(a); }, {.ulps = 32, .absolute = 2e-5});
  row<WithBool, 2>("np.nansum(a, axis=0)", [](const auto& a) { return nansum(a, axis<0>); }, sums);
  row<Types<double>, 2>("np.nansum(a, axis=1, keepdims=True)", [](const auto& a) { return nansum(a, axis<1>, keepdims); }, sums);
  row<Floats, 2>("np.nanprod(a, axis=0)", [](const auto& a) { return nanprod(a, axis<0>); }, sums);
  row<Floats, 2>("np.nancumsum(a, axis=0)", [](const auto& a) { return nancumsum(a, axis<0>); }, sums);
  row<Floats, 2>("np.nancumprod(a, axis=1)", [](const auto& a) { return nancumprod(a, axis<1>); }, sums);
}

BOOST_AUTO_TEST_CASE(moments) {
  row<Real, 2>("np.nanmean(a, axis=0)", [](const auto& a) { return nanmean(a, axis<0>); }, sums);
  row<Types<double, std::complex<double>>, 2>("np.nanmean(a)", [](const auto& a) { return nanmean(a); }, sums);
  row<Floats, 2>("np.nanvar(a, axis=0)", [](const auto& a) { return nanvar(a, axis<0>); }, sums);
  row<Types<double>, 2>("np.nanvar(a, ddof=1)", [](const auto& a) { return nanvar(a, ddof<1>); }, sums);
  row<Types<std::int32_t, double>, 2>("np.nanstd(a, axis=1, ddof=1)", [](const auto& a) { return nanstd(a, axis<1>, ddof<1>); },
      {.ulps = 32, .absolute = 2e-5, .shapes = {"5,3", "7,10", "1,3"}});
}

BOOST_AUTO_TEST_CASE(extremes) {
  row<Real, 2>("np.nanmin(a, axis=0)", [](const auto& a) { return nanmin(a, axis<0>); });
  row<Types<double>, 2>("np.nanmin(a)", [](const auto& a) { return nanmin(a); });
  row<Real, 2>("np.nanmax(a, axis=1)", [](const auto& a) { return nanmax(a, axis<1>); });
  row<Types<double>, 2>("np.nanmax(a, axis=0, keepdims=True)", [](const auto& a) { return nanmax(a, axis<0>, keepdims); });
  const std::vector<std::string> shapes{"70,3", "9,10"};   // of a line of nothing but NaN, where NumPy raises, the index is 0
  row<Floats, 2>("np.nanargmin(a, axis=0)", [](const auto& a) { return nanargmin(a, axis<0>); }, {.shapes = shapes});
  row<Types<std::int32_t, double>, 2>("np.nanargmax(a)", [](const auto& a) { return nanargmax(a); }, {.shapes = shapes});
}

BOOST_AUTO_TEST_CASE(order_statistics) {
  row<Floats, 2>("np.nanmedian(a, axis=0)", [](const auto& a) { return nanmedian(a, axis<0>); }, {.ulps = 2});
  row<Types<std::int32_t, double>, 2>("np.nanmedian(a)", [](const auto& a) { return nanmedian(a); }, {.ulps = 2});
  row<Types<std::int64_t, double>, 2>("np.nanpercentile(a, 30, axis=1)", [](const auto& a) { return nanpercentile(a, 30, axis<1>); },
      {.ulps = 4, .absolute = 1e-6, .input = "finite"});
  row<Types<double>, 2>("np.nanpercentile(a, [10, 50], axis=0)", [](const auto& a) { return nanpercentile(a, {10, 50}, axis<0>); },
      {.ulps = 4, .absolute = 1e-12, .shapes = {"5,3", "7,10", "70,2"}});
  row<Types<double>, 2>("np.nanquantile(a, 0.625, axis=0, method='nearest')",
      [](const auto& a) { return nanquantile(a, 0.625, axis<0>, QuantileMethod::nearest); });
}

BOOST_AUTO_TEST_SUITE_END()
