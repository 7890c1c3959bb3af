// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// explain of order statistics and scans: the bytes it predicts are the bytes that MPI is given, rank by rank.
#include <tests/algorithms/explain_operands.hpp>

#include <priel/algorithms/argextreme.hpp>
#include <priel/algorithms/average.hpp>
#include <priel/algorithms/covariance.hpp>
#include <priel/algorithms/gradient.hpp>
#include <priel/algorithms/histogram.hpp>
#include <priel/algorithms/nan.hpp>
#include <priel/algorithms/percentile.hpp>
#include <priel/algorithms/scan.hpp>
#include <priel/algorithms/searchsorted.hpp>
#include <priel/algorithms/sort.hpp>
#include <priel/algorithms/topk.hpp>

#include <boost/test/unit_test.hpp>

using namespace priel;
using namespace priel::test;

BOOST_AUTO_TEST_SUITE(explain_order)

BOOST_AUTO_TEST_CASE(sorted) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    p.check("rows", sort(x, axis<1>));
    p.check("columns", sort(x, axis<0>));
    p.check("argsort of columns", argsort(y, axis<1>));
  });
}

BOOST_AUTO_TEST_CASE(selected) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    p.check("topk of rows", topk(x, 2, axis<1>));
    p.check("topk of columns", topk(x, 1, axis<0>));
    p.check("argtopk across", argtopk(y, 2, axis<1>));
    p.check("argmax of rows", argmax(x, axis<1>));
    p.check("argmin of columns", argmin(x, axis<0>));
    p.check("argmax of all", argmax(y));
    p.check("median of rows", median(x, axis<1>));
    if (x.shape()[0] > 0) p.check("two percentiles of columns", percentile(x, {10, 50}, axis<0>));
    p.check("nanmedian of columns", nanmedian(x, axis<0>));
  });
}

BOOST_AUTO_TEST_CASE(counted) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    p.check("histogram", histogram(x, 5, 0, 97));
    p.check("histogram, scattered", histogram(y, 5, 0, 97), split<0>);
    p.check("weights", histogram(x, 5, 0, 97, x * 2));
    p.check("density", histogram(x, 5, 0, 97, density));
    p.check("places in a table", searchsorted(arange<float>(3), x));
    p.check("bins of a reduced table", digitize(x, cumsum(sum(x * 0 + 1, axis<0>))));
  });
}

BOOST_AUTO_TEST_CASE(cumulated) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    p.check("cumsum along rows", cumsum(x, axis<1>));
    p.check("cumsum along columns", cumsum(x, axis<0>));
    p.check("cumprod across", cumprod(y, axis<1>));
    p.check("cummax along columns", cummax(x, axis<0>));
  });
}

BOOST_AUTO_TEST_CASE(statistics_made_of_others) {
  with_shapes([](Predictions& p, const auto& x, const auto& y, const auto&) {
    p.check("nanmean", nanmean(x));
    p.check("nanstd of columns", nanstd(x, axis<0>, ddof<1>));
    p.check("average of columns", average(x, axis<0>, x + 1));
    p.check("covariances of columns", cov(x, rowvar<false>));
    p.check("correlations of rows", corrcoef(y));
    if (x.shape()[0] > 1) p.check("gradient along columns", gradient(x, axis<0>));
    p.check("integrals", trapz(y, 0.5, axis<1>));
  });
}

BOOST_AUTO_TEST_SUITE_END()
