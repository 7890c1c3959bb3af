// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Convolutions, correlations and windows against NumPy.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/convolve.hpp>
#include <priel/algorithms/windows.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using R = Replicated;
using S0 = Split<0>;
using Several = Types<double, std::uint8_t, std::int64_t>;
using Everywhere = row_on<On<R, R>, On<S0, R>, On<R, S0>>;

const RowOptions pairs{.absolute = 1e-12, .input = "finite", .shapes = {"7;3", "3;7", "1;1", "20;4", "5;5", "2;11", "0;3", "1200;5"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_convolve)

BOOST_AUTO_TEST_CASE(convolutions) {
  Everywhere::run<Types<double, float, bool, std::uint8_t, std::int64_t, std::complex<double>>, 1, 1>("np.convolve(a, b)",
      [](const auto& a, const auto& b) { return convolve(a, b); },
      {.ulps = 8, .absolute = 2e-5, .input = "finite", .shapes = {"7;3", "3;7", "0;3"}});
  Everywhere::run<Types<double>, 1, 1>("np.convolve(a, b)", [](const auto& a, const auto& b) { return convolve(a, b); }, pairs);
  Everywhere::run<Several, 1, 1>("np.convolve(a, b, 'same')", [](const auto& a, const auto& b) { return convolve(a, b, Mode::same); },
      pairs);
  Everywhere::run<Several, 1, 1>("np.convolve(a, b, 'valid')", [](const auto& a, const auto& b) { return convolve(a, b, Mode::valid); },
      pairs);
}

BOOST_AUTO_TEST_CASE(correlations) {
  Everywhere::run<Several, 1, 1>("np.correlate(a, b)", [](const auto& a, const auto& b) { return correlate(a, b); }, pairs);
  Everywhere::run<Types<double, std::complex<double>>, 1, 1>("np.correlate(a, b, 'full')",
      [](const auto& a, const auto& b) { return correlate(a, b, Mode::full); }, pairs);
  Everywhere::run<Types<double>, 1, 1>("np.correlate(a, b, 'same')",
      [](const auto& a, const auto& b) { return correlate(a, b, Mode::same); }, pairs);
}

BOOST_AUTO_TEST_CASE(windows) {
  const RowOptions close{.ulps = 8, .absolute = 1e-15};
  creator<Types<double>>("np.hanning(9)", []<class>() { return hanning(9); }, close);
  creator<Types<double>>("np.hanning(1)", []<class>() { return hanning(1); }, close);
  creator<Types<double>>("np.hamming(8)", []<class>() { return hamming(8); }, close);
  creator<Types<double>>("np.blackman(9)", []<class>() { return blackman(9); }, close);
  creator<Types<double>>("np.bartlett(8)", []<class>() { return bartlett(8); }, close);
  creator<Types<double>>("np.kaiser(11, 14.0)", []<class>() { return kaiser(11, 14.); }, {.ulps = 20, .absolute = 1e-15});
  creator<Types<double>>("np.kaiser(0, 2.5)", []<class>() { return kaiser(0, 2.5); }, close);
}

BOOST_AUTO_TEST_SUITE_END()
