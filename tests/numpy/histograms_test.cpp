// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: histograms.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_histograms)

BOOST_AUTO_TEST_CASE(of_equal_bins) {
  row<Real, 2>("np.histogram(a, 7, (-2.75, 3))",
      [](const auto& a) { return std::tuple(histogram(a, 7, -2.75, 3), histogram_bin_edges(a, 7, -2.75, 3)); });
  const std::vector<std::string> shapes{"5,3", "1,1", "7,10", "0,3"};
  row<Real, 2>("np.histogram(a, 5)", [](const auto& a) { return std::tuple(histogram(a, 5), histogram_bin_edges(a, 5)); },
      {.input = "finite", .shapes = shapes});
  row<Types<double>, 1>("np.histogram(a, 5)", [](const auto& a) { return std::tuple(histogram(a, 5), histogram_bin_edges(a, 5)); },
      {.shapes = {"0", "70"}});   // "any": not finite, throws
  row<Real, 2>("np.histogram_bin_edges(a, 6)", [](const auto& a) { return histogram_bin_edges(a, 6); },
      {.input = "finite", .shapes = shapes});
  row<Floats, 2>("np.histogram(a, 9, (0, 2), density=True)[0]", [](const auto& a) { return histogram(a, 9, 0, 2, density); },
      {.ulps = 8, .input = "positive", .shapes = {"5,3", "7,10"}});
  const RowOptions weights{.ulps = 8, .absolute = 1e-5, .input = "unit"};
  row<Types<std::int32_t, float, double>, 2, 2>("np.histogram(a, 4, (-1, 1), weights=b)[0]",
      [](const auto& a, const auto& b) { return histogram(a, 4, -1, 1, b); }, weights);
  row<Types<double>, 1, 1>("np.histogram(a, 4, (-1, 1), weights=b * b, density=True)[0]",
      [](const auto& a, const auto& b) { return histogram(a, 4, -1, 1, b * b, density); },
                           {.ulps = 64, .absolute = 1e-9, .input = "unit", .shapes = {"7;7", "70;70"}});
}

BOOST_AUTO_TEST_CASE(between_edges) {
  row<Types<std::int32_t, float, double>, 2, 1>("np.histogram(a, b)[0]", [](const auto& a, const auto& b) { return histogram(a, b); },
      {.input = "sorted", .shapes = {"5,3;4", "7,10;6", "0,3;2", "3,3;1"}});
  row<Types<double>, 2>("np.histogram(a, np.array([-1.0, 0, 0.5, 4]))[0]", [](const auto& a) {
    return histogram(a, generate<double>(Shape<1>{4}, [](const Index<1>& i) { return i[0] == 0 ? -1.0 : i[0] == 1 ? 0 : i[0] == 2 ? 0.5 : 4; }));
  });
  row<Types<double>, 1, 1>("np.histogram(a, b)[0]", [](const auto& a, const auto& b) { return histogram(a, eval(redistribute(b, replicated))); },
      {.input = "distinct", .shapes = {"7;9", "1;30"}});   // edges in disorder: throws
}

BOOST_AUTO_TEST_SUITE_END()
