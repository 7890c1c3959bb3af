// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Complex elements beside NumPy's: the rows of docs/numpy.md about them.
#include <tests/numpy/rows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_complex)

BOOST_AUTO_TEST_CASE(parts) {
  row<Every, 1>("np.real(a)", [](const auto& a) { return real(a); });
  row<Every, 1>("np.imag(a)", [](const auto& a) { return imag(a); });
  row<Every, 1>("np.conj(a)", [](const auto& a) { return conj(a); });
  row<Inexact, 1>("np.angle(a)", [](const auto& a) { return angle(a); }, {.ulps = 4});
  row<Inexact, 1>("np.angle(a, deg=True)", [](const auto& a) { return rad2deg(angle(a)); }, {.ulps = 4});
  row<Complexes, 1>("np.abs(a)", [](const auto& a) { return abs(a); }, {.ulps = 2});
}

BOOST_AUTO_TEST_CASE(arithmetic) {
  row<Complexes, 1>("2.0 * a + 1", [](const auto& a) { return 2.0 * a + 1; }, {.ulps = 2});
  row<Complexes, 1>("a.astype(bool)", [](const auto& a) { return astype<bool>(a); });
  row<Types<bool, std::uint8_t, std::int32_t, double>, 1>("a.astype(complex)", [](const auto& a) { return astype<std::complex<double>>(a); });
  row<Types<std::int64_t, float, double>, 1>("a.astype(np.float32)", [](const auto& a) { return astype<float>(a); });
  row<Types<bool, std::int32_t, std::int64_t>, 1>("a.astype(np.uint8)", [](const auto& a) { return astype<std::uint8_t>(a); });
  row<Complexes, 1>("np.rint(a)", [](const auto& a) { return rint(a); });
  row<Complexes, 1, 1>("a ** b", [](const auto& a, const auto& b) { return pow(a, b); }, {.ulps = 64});
  row<Complexes, 1>("a ** 2", [](const auto& a) { return pow(a, 2); }, {.ulps = 64});
  row<Complexes, 1>("a + 1j", [](const auto& a) { return a + std::complex<double>(0, 1); });
}

BOOST_AUTO_TEST_CASE(sums) {
  row<Complexes, 1>("np.sum(a)", [](const auto& a) { return sum(a); }, {.ulps = 32, .absolute = 1e-5});
  row<Complexes, 1>("np.prod(a)", [](const auto& a) { return prod(a); }, {.ulps = 64, .absolute = 1e-4});
  row<Complexes, 1>("np.mean(a)", [](const auto& a) { return mean(a); }, {.ulps = 32, .absolute = 1e-5, .shapes = {"1", "7", "100"}});
  row<Complexes, 1>("np.count_nonzero(a)", [](const auto& a) { return count_nonzero(a); });
  row<Complexes, 1>("np.any(a)", [](const auto& a) { return any(a); });
  row<Complexes, 1>("np.all(a)", [](const auto& a) { return all(a); });
  row<Complexes, 1>("np.cumsum(a)", [](const auto& a) { return cumsum(a); }, {.ulps = 64, .absolute = 1e-4});
}

BOOST_AUTO_TEST_SUITE_END()
