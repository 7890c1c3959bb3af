// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Different elements and arrays as sets, against NumPy.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using Some = Types<std::int32_t, double>;
using Main = Types<double>;
using Rows = row_on<On<Replicated>, On<Split<0>>>;   // what is in C order

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_sets)

BOOST_AUTO_TEST_CASE(different_elements) {
  row<Types<bool, std::uint8_t, std::int64_t, float, double>, 2>("np.unique(a)", [](const auto& a) { return unique(a); });
  Rows::run<Some, 2>("np.unique(a, return_counts=True)", [](const auto& a) { return unique(a, return_counts); }, {.input = "ties"});
  Rows::run<Main, 1>("np.unique(a, return_index=True)", [](const auto& a) { return unique(a, return_index); });
  Rows::run<Main, 1>("np.unique(a, return_inverse=True)", [](const auto& a) { return unique(a, return_inverse); }, {.input = "ties"});
  Rows::run<Types<std::int64_t, double>, 2>("np.ediff1d(a)", [](const auto& a) { return ediff1d(a); });
  Rows::run<Main, 1>("np.unique(a, True, True, True)", [](const auto& a) { return unique(a, return_index, return_inverse, return_counts); });
}

BOOST_AUTO_TEST_CASE(of_two) {
  row<Some, 2, 1>("np.isin(a, b)", [](const auto& a, const auto& b) { return isin(a, b); }, {.input = "ties", .shapes = {"5,3;2", "0,3;2", "7,2;0"}});
  row<Main, 1, 1>("np.isin(a, b, invert=True)", [](const auto& a, const auto& b) { return !isin(a, b); });
  row<Some, 1, 1>("np.intersect1d(a, b)", [](const auto& a, const auto& b) { return intersect1d(a, b); }, {.input = "small"});
  row<Main, 2, 1>("np.union1d(a, b)", [](const auto& a, const auto& b) { return union1d(a, b); });
  row<Main, 2, 2>("np.setdiff1d(a, b)", [](const auto& a, const auto& b) { return setdiff1d(a, b); }, {.input = "ties"});
  row<Main, 1, 1>("np.setxor1d(a, b)", [](const auto& a, const auto& b) { return setxor1d(a, b); }, {.input = "small", .shapes = {"5;7", "0;0", "0;3", "30;6"}});
}

BOOST_AUTO_TEST_SUITE_END()
