// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Comparisons, and whether arrays are close or equal, beside NumPy's: the rows of docs/numpy.md about them.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// A truth value as an array, to be compared.
auto truth(bool value) { return full<bool>(Shape<0>{}, value); }

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_comparison)

BOOST_AUTO_TEST_CASE(comparisons) {
  row<WithBool, 2, 2>("a < b", [](const auto& a, const auto& b) { return a < b; }, {.input = "ties"});
  row<WithBool, 2, 2>("a <= b", [](const auto& a, const auto& b) { return a <= b; }, {.input = "ties"});
  row<WithBool, 2, 2>("a > b", [](const auto& a, const auto& b) { return a > b; }, {.input = "ties"});
  row<WithBool, 2, 2>("a >= b", [](const auto& a, const auto& b) { return a >= b; }, {.input = "ties"});
  row<Every, 2, 2>("a == b", [](const auto& a, const auto& b) { return a == b; }, {.input = "ties"});
  row<Every, 2, 2>("a != b", [](const auto& a, const auto& b) { return a != b; }, {.input = "ties"});
}

BOOST_AUTO_TEST_CASE(closeness) {
  row<Numbers, 2, 2>("np.isclose(a, b)", [](const auto& a, const auto& b) { return isclose(a, b); }, {.input = "ties"});
  row_on<On<Replicated, Replicated>>::run<Floats, 2, 2>("np.isclose(a, a[::-1], equal_nan=True)", [](const auto& a, const auto&) { return isclose(a, a(range({}, {}, -1)), 1e-5, 1e-8, true); });
  row<Floats, 2, 2>("np.isclose(a, b, rtol=0.1, atol=0.5)", [](const auto& a, const auto& b) { return isclose(a, b, 0.1, 0.5); });
  row<Numbers, 1>("np.allclose(a, a + 1e-9)", [](const auto& a) { return truth(allclose(a, a + 1e-9)); });
  row<Numbers, 2, 2>("np.allclose(a, b)", [](const auto& a, const auto& b) { return truth(allclose(a, b)); });
  row<Every, 2, 2>("np.array_equal(a, b)", [](const auto& a, const auto& b) { return truth(array_equal(a, b)); }, {.input = "ties", .shapes = {"2,2;2,2", "2,2;2,1", "0,3;0,3"}});
  row<Every, 1>("np.array_equal(a, a)", [](const auto& a) { return truth(array_equal(a, a)); });
  row<Floats, 1>("np.array_equal(a, a, equal_nan=True)", [](const auto& a) { return truth(array_equal(a, a, true)); });
  row_on<On<Replicated, Replicated>, On<Split<1>, Split<1>>>::run<Every, 2, 2>("np.array_equiv(a, b)", [](const auto& a, const auto& b) { return truth(array_equiv(a, b)); }, {.shapes = {"2,2;1,2", "2,2;3,1", "1,3;3,3", "0,3;1,3"}});
}

BOOST_AUTO_TEST_SUITE_END()
