// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rows of docs/numpy.md: reductions along axes.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Sums: NumPy's of float are in float, ours in double.
const RowOptions sums{.ulps = 8, .absolute = 2e-5, .input = "finite"};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_reductions_along_axes)

BOOST_AUTO_TEST_CASE(along_axes) {
  row<Every, 2>("np.sum(a, axis=0)", [](const auto& a) { return sum(a, axis<0>); }, sums);
  row<Real, 2>("np.sum(a, axis=1, keepdims=True)", [](const auto& a) { return sum(a, axis<1>, keepdims); }, sums);
  row<Floats, 3>("np.sum(a, axis=(0, 2))", [](const auto& a) { return sum(a, axis<0, 2>); }, sums);
  row<Real, 2>("np.prod(a, axis=0)", [](const auto& a) { return prod(a, axis<0>); }, {.ulps = 64, .input = "unit"});
  row<Real, 2>("np.mean(a, axis=1)", [](const auto& a) { return mean(a, axis<1>); }, sums);
  row<Types<double>, 3>("np.mean(a, axis=-1, keepdims=True)", [](const auto& a) { return mean(a, axis<-1>, keepdims); }, sums);
  row<Real, 2>("np.min(a, axis=0)", [](const auto& a) { return min(a, axis<0>); });
  row<Real, 2>("np.max(a, axis=1)", [](const auto& a) { return max(a, axis<1>); });
  row<Types<double>, 2>("np.any(a > 0, axis=0)", [](const auto& a) { return any(a > 0, axis<0>); });
  row<Types<double>, 2>("np.all(a > -3, axis=1)", [](const auto& a) { return all(a > -3, axis<1>); });
  row<Types<double>, 2>("np.count_nonzero(a, axis=0)", [](const auto& a) { return count_nonzero(a, axis<0>); });
}

BOOST_AUTO_TEST_SUITE_END()
