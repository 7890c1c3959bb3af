// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: sums and other reductions over all elements.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Sums: NumPy's of float are in float, ours in double.
const RowOptions sums{.ulps = 8, .absolute = 2e-5, .input = "finite"};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_reductions)

BOOST_AUTO_TEST_CASE(of_all_elements) {
  row<Every, 2>("np.sum(a)", [](const auto& a) { return sum(a); }, sums);
  row<Every, 2>("np.prod(a)", [](const auto& a) { return prod(a); }, {.ulps = 64, .input = "unit", .shapes = {"2,3", "0,3", "1,1"}});
  row<Every, 2>("np.mean(a)", [](const auto& a) { return mean(a); }, sums);
  row<WithBool, 2>("np.min(a)", [](const auto& a) { return min(a); });
  row<WithBool, 2>("np.max(a)", [](const auto& a) { return max(a); });
  row<Every, 2>("np.any(a)", [](const auto& a) { return any(a); });
  row<Every, 2>("np.all(a)", [](const auto& a) { return all(a); });
  row<Every, 2>("np.count_nonzero(a)", [](const auto& a) { return count_nonzero(a); });
}

BOOST_AUTO_TEST_SUITE_END()
