// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: elements looked up in a table.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// A table that every rank has, and elements anywhere.
using Table = row_on<On<Replicated, Replicated>, On<Replicated, Split<0>>, On<Replicated, Split<1>>>;
using Elements = row_on<On<Replicated, Replicated>, On<Split<0>, Replicated>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_searching)

BOOST_AUTO_TEST_CASE(places) {
  const RowOptions sorted{.input = "sorted", .shapes = {"7;5,3", "0;2,2", "70;7,10", "1;3,3"}};
  const RowOptions ties{.input = "ties", .shapes = {"7;5,3", "0;2,2", "70;7,10", "1;3,3"}};
  Table::run<Real, 1, 2>("np.searchsorted(a, b)", [](const auto& a, const auto& b) { return searchsorted(a, b); }, sorted);
  Table::run<Real, 1, 2>("np.searchsorted(np.sort(a), b, side='right')",
      [](const auto& a, const auto& b) { return searchsorted(sort(a), b, Side::right); }, ties);
  Table::run<Types<double>, 1, 2>("np.searchsorted(np.sort(a), b)", [](const auto& a, const auto& b) { return searchsorted(sort(a), b); },
      {.shapes = {"70;7,10"}});   // NaN
  Table::run<Types<double>, 1, 2>("np.searchsorted(a, b, side='left', sorter=np.argsort(a, kind='stable'))",
                                  [](const auto& a, const auto& b) { return searchsorted(a, b, Side::left, argsort(a)); }, ties);
}

BOOST_AUTO_TEST_CASE(bins) {
  const RowOptions sorted{.input = "sorted", .shapes = {"7;5", "2;0", "70;7", "3;1"}};
  Elements::run<Real, 1, 1>("np.digitize(a, b)", [](const auto& a, const auto& b) { return digitize(a, b); }, sorted);
  Elements::run<Types<std::int32_t, double>, 1, 1>("np.digitize(a, b, right=True)",
      [](const auto& a, const auto& b) { return digitize(a, b, true); }, sorted);
  Elements::run<Types<double>, 1, 1>("np.digitize(a, b[::-1])",
      [](const auto& a, const auto& b) { return digitize(a, flip(b, axis<0>)); }, sorted);
  Elements::run<Types<double>, 1, 1>("np.digitize(a, np.sort(b)[::-1], right=True)",
      [](const auto& a, const auto& b) { return digitize(a, flip(sort(b), axis<0>), true); }, {.input = "ties", .shapes = {"70;4"}});
  Elements::run<Types<double>, 1, 1>("np.digitize(a, b)", [](const auto& a, const auto& b) { return digitize(a, b); },
      {.input = "distinct", .shapes = {"7;30"}});   // in disorder: throws
}

BOOST_AUTO_TEST_CASE(lines) {
  using Points = row_on<On<Replicated, Replicated, Replicated>, On<Split<0>, Replicated, Replicated>>;
  const RowOptions close{.ulps = 16, .absolute = 1e-6, .input = "sorted", .shapes = {"7,2;5;5", "70,1;9;9", "3,3;1;1", "0,3;4;4", "3,2;4;5", "2,2;0;0"}};
  Points::run<Real, 2, 1, 1>("np.interp(a, b, c)", [](const auto& a, const auto& b, const auto& c) { return interp(a, b, c); }, close);
  Points::run<Types<double>, 2, 1, 1>("np.interp(a, b, c, left=-1, right=7)",
      [](const auto& a, const auto& b, const auto& c) { return interp(a, b, c, -1, 7); }, close);
  Points::run<Types<double>, 1, 1, 1>("np.interp(a, np.arange(len(b)), c)",
      [](const auto& a, const auto& b, const auto& c) { return interp(a, arange<double>(b.shape()[0]), c); },
                                      {.ulps = 16, .absolute = 1e-9, .shapes = {"7;5;5", "70;9;9"}});   // NaN and infinities
}

BOOST_AUTO_TEST_SUITE_END()
