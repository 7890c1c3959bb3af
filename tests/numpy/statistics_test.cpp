// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: variances, averages, covariances.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/average.hpp>
#include <priel/algorithms/covariance.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

const RowOptions sums{.ulps = 32, .absolute = 2e-5, .input = "finite"};
// A covariance needs the observations on a rank to be all variables'.
using Columns = row_on<On<Replicated>, On<Split<1>>>;
using RowsOnly = row_on<On<Replicated>, On<Split<0>>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_statistics)

BOOST_AUTO_TEST_CASE(variances) {
  row<WithBool, 2>("np.var(a)", [](const auto& a) { return var(a); }, sums);
  row<Floats, 2>("np.var(a, axis=0)", [](const auto& a) { return var(a, axis<0>); }, sums);
  row<Real, 2>("np.var(a, axis=0, ddof=1)", [](const auto& a) { return var(a, axis<0>, ddof<1>); }, sums);
  row<Types<double>, 2>("np.var(a, ddof=1)", [](const auto& a) { return var(a, ddof<1>); }, sums);
  row<Real, 2>("np.std(a, axis=1)", [](const auto& a) { return stddev(a, axis<1>); }, sums);
  row<Floats, 2>("np.std(a, axis=1, ddof=1, keepdims=True)", [](const auto& a) { return stddev(a, axis<1>, keepdims, ddof<1>); }, sums);
  row<Types<double>, 2>("np.std(a)", [](const auto& a) { return stddev(a); }, sums);
}

BOOST_AUTO_TEST_CASE(ranges_and_averages) {
  row<Real, 2>("np.ptp(a, axis=0)", [](const auto& a) { return ptp(a, axis<0>); });
  row<Types<double>, 2>("np.ptp(a)", [](const auto& a) { return ptp(a); });
  const RowOptions positive{.ulps = 32, .absolute = 2e-5, .input = "positive", .shapes = {"5,3;5,3", "7,10;7,10", "1,1;1,1"}};
  row<Real, 2, 2>("np.average(a, weights=b)", [](const auto& a, const auto& b) { return average(a, b); }, positive);
  row<Types<double>, 2, 2>("np.average(a, axis=0, weights=b)", [](const auto& a, const auto& b) { return average(a, axis<0>, b); }, positive);
  const RowOptions line{.ulps = 32, .absolute = 2e-5, .input = "positive", .shapes = {"5,3;5", "7,10;7", "1,1;1"}};
  row<Floats, 2, 1>("np.average(a, axis=0, weights=b)", [](const auto& a, const auto& b) { return average(a, axis<0>, b); }, line);
  row<Floats, 2>("np.average(a, axis=1)", [](const auto& a) { return average(a, axis<1>); }, sums);
}

BOOST_AUTO_TEST_CASE(covariances) {
  const RowOptions close{.ulps = 64, .absolute = 1e-9, .input = "finite"};
  Columns::run<Real, 2>("np.cov(a)", [](const auto& a) { return cov(a); }, {.ulps = 64, .absolute = 1e-3, .input = "finite", .shapes = {"5,3", "2,70", "4,4", "3,2"}});
  RowsOnly::run<Types<double>, 2>("np.cov(a, rowvar=False, ddof=0)", [](const auto& a) { return cov(a, rowvar<false>, ddof<0>); }, close);
  row<Types<double>, 1>("np.cov(a)", [](const auto& a) { return cov(a); }, close);
  row<Types<double>, 1, 1>("np.cov(a, b)", [](const auto& a, const auto& b) { return cov(a, b); }, {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"2;2", "70;70"}});
  Columns::run<Floats, 2>("np.corrcoef(a)", [](const auto& a) { return corrcoef(a); }, {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"5,3", "2,70", "4,4"}});
  RowsOnly::run<Types<double>, 2>("np.corrcoef(a, rowvar=False)", [](const auto& a) { return corrcoef(a, rowvar<false>); }, {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"5,3", "70,2"}});
  row<Types<double>, 1, 1>("np.corrcoef(a, b)", [](const auto& a, const auto& b) { return corrcoef(a, b); }, {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"3;3", "70;70"}});
}

BOOST_AUTO_TEST_SUITE_END()
