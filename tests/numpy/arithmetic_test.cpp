// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Arithmetic beside NumPy's: the rows of docs/numpy.md about it.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_arithmetic)

BOOST_AUTO_TEST_CASE(operators) {
  row<Every, 2, 2>("a + b", [](const auto& a, const auto& b) { return a + b; });
  row<Numbers, 2, 2>("a - b", [](const auto& a, const auto& b) { return a - b; });
  row<Every, 2, 1>("a * b", [](const auto& a, const auto& b) { return a * b; }, {.ulps = 2});
  row<Every, 2, 2>("a / b", [](const auto& a, const auto& b) { return a / b; }, {.ulps = 2});
  row<WithBool, 2, 2>("a // b", [](const auto& a, const auto& b) { return floor_divide(a, b); });
  row<WithBool, 2, 2>("a % b", [](const auto& a, const auto& b) { return a % b; });
  row<WithBool, 2, 2>("np.fmod(a, b)", [](const auto& a, const auto& b) { return fmod(a, b); });
  row<WithBool, 1, 1>("np.divmod(a, b)", [](const auto& a, const auto& b) { return divmod(a, b); });
  row<Numbers, 1>("np.positive(a)", [](const auto& a) { return positive(a); });
  row<Numbers, 1>("-a", [](const auto& a) { return -a; });
  row<Every, 1>("np.absolute(a)", [](const auto& a) { return abs(a); }, {.ulps = 2});
  row<Types<std::int32_t, float, double>, 1>("np.fabs(a)", [](const auto& a) { return abs(a * 1.0); });
  row<Every, 1>("np.square(a)", [](const auto& a) { return square(a); }, {.ulps = 2});
  row<Numbers, 1>("np.reciprocal(a)", [](const auto& a) { return reciprocal(a); }, {.ulps = 2, .input = "nonzero"});
}

BOOST_AUTO_TEST_CASE(numbers) {
  row<Numbers, 1>("a + 2", [](const auto& a) { return a + 2; });
  row<Inexact, 1>("2.5 * a", [](const auto& a) { return 2.5 * a; });
  row<Types<std::int32_t, std::int64_t, float, double>, 1>("a / 4", [](const auto& a) { return a / 4; });
  row<Integers, 1>("1 - a", [](const auto& a) { return 1 - a; });
  row<Inexact, 1>("a * (1 + 2j)", [](const auto& a) { return a * std::complex<double>(1, 2); }, {.ulps = 2, .input = "finite"});
  row<Bool, 1>("a + 1", [](const auto& a) { return a + 1; });
}

BOOST_AUTO_TEST_CASE(extremes) {
  row<WithBool, 2, 2>("np.maximum(a, b)", [](const auto& a, const auto& b) { return maximum(a, b); });
  row<WithBool, 2, 2>("np.minimum(a, b)", [](const auto& a, const auto& b) { return minimum(a, b); });
  row<WithBool, 2, 2>("np.fmax(a, b)", [](const auto& a, const auto& b) { return fmax(a, b); });
  row<WithBool, 2, 2>("np.fmin(a, b)", [](const auto& a, const auto& b) { return fmin(a, b); });
  row<Real, 1>("np.clip(a, 1, 3)", [](const auto& a) { return clip(a, 1, 3); });
  row<Floats, 1, 1, 1>("np.clip(a, b, c)", [](const auto& a, const auto& b, const auto& c) { return clip(a, b, c); });
}

BOOST_AUTO_TEST_CASE(powers_and_divisors) {
  row<Types<bool, std::uint8_t, std::int32_t, std::int64_t>, 2, 2>("a ** b", [](const auto& a, const auto& b) { return pow(a, b); }, {.input = "small"});
  row<Real, 1>("np.power(a, 3)", [](const auto& a) { return pow(a, 3); }, {.ulps = 4, .input = "finite"});
  row<Floats, 2, 2>("np.power(a, b)", [](const auto& a, const auto& b) { return pow(a, b); }, {.ulps = 4});
  row<Types<std::int32_t, float, double>, 2, 2>("np.float_power(a, b)", [](const auto& a, const auto& b) { return float_power(a, b); }, {.ulps = 4, .input = "small"});
  row<Integers, 2, 2>("np.gcd(a, b)", [](const auto& a, const auto& b) { return gcd(a, b); });
  row<Integers, 2, 2>("np.lcm(a, b)", [](const auto& a, const auto& b) { return lcm(a, b); });
}

BOOST_AUTO_TEST_SUITE_END()
