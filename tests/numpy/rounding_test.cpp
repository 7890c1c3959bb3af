// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rounding, signs and the parts of numbers beside NumPy's: the rows of docs/numpy.md about them.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

// Elements that NumPy computes in floating point; integers in double.
using ComputedReals = Types<std::int32_t, float, double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_rounding)

BOOST_AUTO_TEST_CASE(functions) {
  row<ComputedReals, 1>("np.floor(a)", [](const auto& a) { return floor(a); });
  row<ComputedReals, 1>("np.ceil(a)", [](const auto& a) { return ceil(a); });
  row<ComputedReals, 1>("np.trunc(a)", [](const auto& a) { return trunc(a); });
  row<ComputedReals, 1>("np.rint(a)", [](const auto& a) { return rint(a); });
  row<Floats, 1>("np.fix(a)", [](const auto& a) { return trunc(a); });
  row<Numbers, 1>("np.round(a)", [](const auto& a) { return round(a); });
  row<Numbers, 1>("np.round(a, 2)", [](const auto& a) { return round(a, 2); }, {.input = "finite"});
  row<Types<std::int32_t, std::int64_t, float, double>, 1>("np.round(a, -1)", [](const auto& a) { return round(a, -1); }, {.input = "finite"});
}

BOOST_AUTO_TEST_CASE(signs) {
  row<Real, 1>("np.sign(a)", [](const auto& a) { return sign(a); });
  row<WithBool, 1>("np.signbit(a)", [](const auto& a) { return signbit(a); });
  row<ComputedReals, 2, 2>("np.copysign(a, b)", [](const auto& a, const auto& b) { return copysign(a, b); });
  row<ComputedReals, 2, 2>("np.heaviside(a, b)", [](const auto& a, const auto& b) { return heaviside(a, b); });
}

BOOST_AUTO_TEST_CASE(parts) {
  row<ComputedReals, 1>("np.modf(a)", [](const auto& a) { return modf(a); });
  row<ComputedReals, 1>("np.frexp(a)", [](const auto& a) { return frexp(a); });
  row<Floats, 1>("np.ldexp(a, 3)", [](const auto& a) { return ldexp(a, 3); });
  row<Floats, 1>("np.ldexp(a, np.arange(a.size))", [](const auto& a) { return ldexp(a, arange<std::int64_t>(a.shape()[0])); });
  row<Floats, 2, 2>("np.nextafter(a, b)", [](const auto& a, const auto& b) { return nextafter(a, b); });
  row<Floats, 1>("np.spacing(a)", [](const auto& a) { return spacing(a); });
}

BOOST_AUTO_TEST_SUITE_END()
