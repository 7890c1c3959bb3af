// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: covariances and correlations.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// A covariance needs the observations on a rank to be all variables'.
using Columns = row_on<On<Replicated>, On<Split<1>>>;
using RowsOnly = row_on<On<Replicated>, On<Split<0>>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_covariance)

BOOST_AUTO_TEST_CASE(covariances) {
  // Of one variable NumPy's matrix has no axes: ours is (1, 1), because rank is a type.
  const RowOptions close{.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"5,3", "2,70", "7,4"}};
  Columns::run<Real, 2>("np.cov(a)", [](const auto& a) { return cov(a); },
      {.ulps = 64, .absolute = 1e-8, .input = "finite", .shapes = {"5,3", "2,70", "4,4", "3,2"}});
  RowsOnly::run<Types<double>, 2>("np.cov(a, rowvar=False, ddof=0)", [](const auto& a) { return cov(a, rowvar<false>, ddof<0>); }, close);
  row<Types<double>, 1>("np.cov(a)", [](const auto& a) { return cov(a); }, {.ulps = 64, .absolute = 1e-9, .input = "finite"});
  row<Types<double>, 1, 1>("np.cov(a, b)", [](const auto& a, const auto& b) { return cov(a, b); },
      {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"2;2", "70;70"}});
  Columns::run<Floats, 2>("np.corrcoef(a)", [](const auto& a) { return corrcoef(a); },
      {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"5,3", "2,70", "4,4"}});
  RowsOnly::run<Types<double>, 2>("np.corrcoef(a, rowvar=False)", [](const auto& a) { return corrcoef(a, rowvar<false>); },
      {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"5,3", "70,2"}});
  row<Types<double>, 1, 1>("np.corrcoef(a, b)", [](const auto& a, const auto& b) { return corrcoef(a, b); },
      {.ulps = 64, .absolute = 1e-9, .input = "finite", .shapes = {"3;3", "70;70"}});
}

BOOST_AUTO_TEST_SUITE_END()
