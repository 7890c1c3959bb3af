// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: counts of integers and of points.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_counts)

BOOST_AUTO_TEST_CASE(counts) {
  row<Integers, 1>("np.bincount(a)", [](const auto& a) { return bincount(a); }, {.input = "small"});
  row<Integers, 1>("np.bincount(a, minlength=9)", [](const auto& a) { return bincount(a, 9); }, {.input = "small"});
  row<Types<std::int32_t>, 1>("np.bincount(a)", [](const auto& a) { return bincount(a); },
      {.input = "any", .shapes = {"70"}});   // negative: throws
  row<Types<std::int32_t, std::int64_t>, 1, 1>("np.bincount(a, b * 0.5, 9)",
      [](const auto& a, const auto& b) { return bincount(a, 9, b * 0.5); },
                                               {.input = "small", .shapes = {"1;1", "7;7", "70;70"}});   // NumPy counts no elements in int64
}

BOOST_AUTO_TEST_CASE(of_points) {
  row<Floats, 1, 1>("np.histogram2d(a, b, (3, 4))[0]", [](const auto& a, const auto& b) { return histogram2d(a, b, 3, 4); },
      {.input = "finite", .shapes = {"7;7", "70;70", "1;1"}});
  row_on<On<Replicated, Replicated, Replicated>, On<Split<0>, Split<0>, Replicated>>::run<Types<double>, 1, 1, 1>("np.histogram2d(a, b, (c, c))[0]",
      [](const auto& a, const auto& b, const auto& c) { return histogram2d(a, b, c, c); },
      {.input = "sorted", .shapes = {"7;7;3", "70;70;6"}});
}

BOOST_AUTO_TEST_SUITE_END()
