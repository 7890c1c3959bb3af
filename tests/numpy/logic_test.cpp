// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Logic, bits, and what elements are, beside NumPy's: the rows of docs/numpy.md about them.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_logic)

BOOST_AUTO_TEST_CASE(logic) {
  row<Every, 2, 2>("np.logical_and(a, b)", [](const auto& a, const auto& b) { return logical_and(a, b); });
  row<Every, 2, 2>("np.logical_or(a, b)", [](const auto& a, const auto& b) { return logical_or(a, b); });
  row<Every, 2, 2>("np.logical_xor(a, b)", [](const auto& a, const auto& b) { return logical_xor(a, b); });
  row<Every, 1>("np.logical_not(a)", [](const auto& a) { return logical_not(a); });
  row<Every, 2, 2>("np.where(a, b, 0)", [](const auto& a, const auto& b) { return where(a, b, 0); });
  row<Floats, 2, 2, 2>("np.where(a > b, b, c)", [](const auto& a, const auto& b, const auto& c) { return where(a > b, b, c); });
}

BOOST_AUTO_TEST_CASE(predicates) {
  row<Every, 1>("np.isnan(a)", [](const auto& a) { return isnan(a); });
  row<Every, 1>("np.isfinite(a)", [](const auto& a) { return isfinite(a); });
  row<Every, 1>("np.isinf(a)", [](const auto& a) { return isinf(a); });
  row<Every, 1>("np.isreal(a)", [](const auto& a) { return isreal(a); });
  row<Every, 1>("np.iscomplex(a)", [](const auto& a) { return iscomplex(a); });
  row<WithBool, 1>("np.isposinf(a)", [](const auto& a) { return isposinf(a); });
  row<WithBool, 1>("np.isneginf(a)", [](const auto& a) { return isneginf(a); });
  row<Every, 1>("np.nan_to_num(a)", [](const auto& a) { return nan_to_num(a); });
  row<Floats, 1>("np.nan_to_num(a, nan=1, posinf=2, neginf=-3)", [](const auto& a) { return nan_to_num(a, 1, 2, -3); });
}

BOOST_AUTO_TEST_CASE(bits) {
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 2, 2>("a & b", [](const auto& a, const auto& b) { return a & b; });
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 2, 2>("a | b", [](const auto& a, const auto& b) { return a | b; });
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 2, 2>("a ^ b", [](const auto& a, const auto& b) { return a ^ b; });
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 1>("~a", [](const auto& a) { return ~a; });
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 2, 2>("a << b", [](const auto& a, const auto& b) { return a << b; }, {.input = "small"});
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 2, 2>("a >> b", [](const auto& a, const auto& b) { return a >> b; }, {.input = "small"});
  row<Integers, 1>("np.left_shift(a, 70)", [](const auto& a) { return a << 70; });
  row<Integers, 1>("np.right_shift(a, 70)", [](const auto& a) { return a >> 70; });
}

BOOST_AUTO_TEST_SUITE_END()
