// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: sorts, the largest elements and their places.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_order)

BOOST_AUTO_TEST_CASE(sorts) {
  row<WithBool, 2>("np.sort(a, axis=0)", [](const auto& a) { return sort(a, axis<0>); });
  row<Real, 1>("np.sort(a)", [](const auto& a) { return sort(a); });
  row<Types<double>, 2>("np.sort(a)", [](const auto& a) { return sort(a); });
  row<Types<double>, 2>("np.flip(np.sort(a, axis=0), 0)", [](const auto& a) { return flip(sort(a, axis<0>), axis<0>); });
  row<Real, 2>("np.argsort(a, axis=0, kind='stable')", [](const auto& a) { return argsort(a, axis<0>); }, {.input = "ties"});
  row<Floats, 1>("np.argsort(a, kind='stable')", [](const auto& a) { return argsort(a); });
  const std::vector<std::string> shapes{"5,3", "3,1", "70,2", "2,3"};   // two have no third element: throws
  row<Real, 2>("np.partition(a, 2, axis=0)[2]", [](const auto& a) { return eval(partition(a, 2, axis<0>))(2); }, {.shapes = shapes});
  row<Types<double>, 1>("np.argpartition(a, 2)[2]", [](const auto& a) { return eval(argpartition(a, 2))(2); },
      {.input = "distinct", .shapes = {"3", "7", "70", "2"}});
  row<Types<std::int32_t, double>, 1, 1>("np.lexsort((a, b))", [](const auto& a, const auto& b) { return lexsort(a, b); },
      {.input = "ties"});
  row<Types<double>, 1, 1, 1>("np.lexsort((a, b, c))", [](const auto& a, const auto& b, const auto& c) { return lexsort(a, b, c); },
      {.input = "ties"});
  row<Real, 2>("np.flip(np.sort(a, axis=0), 0)[:3]", [](const auto& a) { return topk(a, 3, axis<0>); }, {.shapes = {"5,3", "3,1", "70,2"}});
  row<Floats, 2>("np.argsort(-a, axis=0, kind='stable')[:3]", [](const auto& a) { return argtopk(a, 3, axis<0>); },
      {.input = "ties", .shapes = {"5,3", "3,1", "70,2"}});
}

BOOST_AUTO_TEST_CASE(places) {
  row<WithBool, 2>("np.argmin(a, axis=0)", [](const auto& a) { return argmin(a, axis<0>); });
  row<Types<std::int32_t, double>, 2>("np.argmin(a)", [](const auto& a) { return argmin(a); });
  row<Real, 2>("np.argmax(a, axis=1)", [](const auto& a) { return argmax(a, axis<1>); });
  row<Types<double>, 2>("np.argmax(a)", [](const auto& a) { return argmax(a); });
}

BOOST_AUTO_TEST_CASE(quantiles) {
  const std::vector<std::string> shapes{"5,3", "1,1", "7,10", "3,0"};
  row<WithBool, 2>("np.median(a, axis=0)", [](const auto& a) { return median(a, axis<0>); }, {.ulps = 2});
  row<Real, 2>("np.median(a)", [](const auto& a) { return median(a); }, {.ulps = 2});
  // Of float the result is float, as NumPy 2 has it; NumPy 1 interpolates into double.
  row<Types<std::uint8_t, std::int64_t, double>, 2>("np.percentile(a, 30, axis=0)", [](const auto& a) { return percentile(a, 30, axis<0>); },
      {.ulps = 4, .absolute = 1e-6, .input = "finite", .shapes = shapes});
  row<Types<double>, 2>("np.percentile(a, 99.7)", [](const auto& a) { return percentile(a, 99.7); },
      {.ulps = 4, .shapes = {"5,3", "7,10"}});
  row<Types<std::int32_t, double>, 2>("np.percentile(a, [25, 50, 75], axis=1)", [](const auto& a) { return percentile(a, {25, 50, 75}, axis<1>); },
      {.ulps = 4, .absolute = 1e-12, .input = "finite", .shapes = {"5,3", "7,10"}});
  row<Types<double>, 2>("np.quantile(a, [0.1, 0.9])", [](const auto& a) { return quantile(a, {0.1, 0.9}); },
      {.ulps = 4, .absolute = 1e-12, .input = "finite", .shapes = {"5,3", "7,10"}});
  row<Types<double>, 2>("np.quantile(a, 0.625, axis=0)", [](const auto& a) { return quantile(a, 0.625, axis<0>); },
      {.ulps = 4, .absolute = 1e-12, .input = "finite", .shapes = shapes});
  row<Floats, 2>("np.percentile(a, 35, axis=0, method='lower')", [](const auto& a) { return percentile(a, 35, axis<0>, QuantileMethod::lower); },
      {.input = "finite", .shapes = shapes});
  row<Floats, 2>("np.percentile(a, 35, axis=0, method='higher')", [](const auto& a) { return percentile(a, 35, axis<0>, QuantileMethod::higher); },
      {.input = "finite", .shapes = shapes});
  row<Floats, 2>("np.percentile(a, 35, axis=0, method='nearest')", [](const auto& a) { return percentile(a, 35, axis<0>, QuantileMethod::nearest); },
      {.input = "finite", .shapes = {"5,3", "11,2", "7,10", "6,2"}});
  row<Types<double>, 2>("np.percentile(a, 35, axis=0, method='midpoint')",
      [](const auto& a) { return percentile(a, 35, axis<0>, QuantileMethod::midpoint); },
      {.ulps = 4, .absolute = 1e-6, .input = "finite", .shapes = shapes});
}

BOOST_AUTO_TEST_SUITE_END()
