// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: variances, ranges, averages, exact sums.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

const RowOptions sums{.ulps = 32, .absolute = 2e-5, .input = "finite"};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_statistics)

BOOST_AUTO_TEST_CASE(variances) {
  row<Every, 2>("np.var(a)", [](const auto& a) { return var(a); }, sums);
  row<Floats, 2>("np.var(a, axis=0)", [](const auto& a) { return var(a, axis<0>); }, sums);
  row<Real, 2>("np.var(a, axis=0, ddof=1)", [](const auto& a) { return var(a, axis<0>, ddof<1>); }, sums);
  row<Types<double>, 2>("np.var(a, ddof=1)", [](const auto& a) { return var(a, ddof<1>); }, sums);
  row<Real, 2>("np.std(a, axis=1)", [](const auto& a) { return stddev(a, axis<1>); }, sums);
  row<Inexact, 2>("np.std(a, axis=1, ddof=1, keepdims=True)", [](const auto& a) { return stddev(a, axis<1>, keepdims, ddof<1>); }, sums);
  row<Types<double>, 2>("np.std(a)", [](const auto& a) { return stddev(a); }, sums);
}

BOOST_AUTO_TEST_CASE(ranges_and_averages) {
  row<Real, 2>("np.ptp(a, axis=0)", [](const auto& a) { return ptp(a, axis<0>); });
  row<Types<double>, 2>("np.ptp(a)", [](const auto& a) { return ptp(a); });
  const RowOptions positive{.ulps = 32, .absolute = 2e-5, .input = "positive", .shapes = {"5,3;5,3", "7,10;7,10", "1,1;1,1"}};
  row<Real, 2, 2>("np.average(a, weights=b)", [](const auto& a, const auto& b) { return average(a, b); }, positive);
  row<Types<double>, 2, 2>("np.average(a, axis=0, weights=b)",
      [](const auto& a, const auto& b) { return average(a, axis<0>, b); }, positive);
  const RowOptions line{.ulps = 32, .absolute = 2e-5, .input = "positive", .shapes = {"5,3;5", "7,10;7", "1,1;1"}};
  row<Floats, 2, 1>("np.average(a, axis=0, weights=b)", [](const auto& a, const auto& b) { return average(a, axis<0>, b); }, line);
  row<Floats, 2>("np.average(a, axis=1)", [](const auto& a) { return average(a, axis<1>); },
      {.ulps = 8, .absolute = 2e-5, .input = "finite", .shapes = {"5,3", "7,10"}});   // NumPy divides by the number of results
}

// To the last bit, whatever the policy and the number of ranks.
BOOST_AUTO_TEST_CASE(exact_sums) {
  const RowOptions exact{.input = "finite", .shapes = {"5,3", "7,10", "1,1"}};
  row<Floats, 2>("T(math.fsum((a * a * a).flat))", [](const auto& a) { return sum(a * a * a, reproducible); }, {.input = "finite"});
  row<Types<double>, 2>("np.array([math.fsum(c) for c in a.T])", [](const auto& a) { return sum(a, axis<0>, reproducible); }, {.input = "finite"});
  row<Floats, 2>("T(math.fsum(a.flat) / a.size)", [](const auto& a) { return mean(a, reproducible); }, exact);
  row<Floats, 2>("T(statistics.pvariance(a.ravel().tolist()))", [](const auto& a) { return var(a, reproducible); },
      {.ulps = 2, .input = "finite", .shapes = exact.shapes});
  row<Types<double>, 2>("np.array([statistics.variance(r) for r in a.tolist()])", [](const auto& a) { return var(a, axis<1>, ddof<1>, reproducible); },
      {.ulps = 2, .input = "finite", .shapes = {"5,3", "7,10"}});
}

BOOST_AUTO_TEST_SUITE_END()
