// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Fourier transforms against NumPy: even, odd and prime lengths, along axes that are not split.
#include <tests/numpy/rows.hpp>

#include <priel/algorithms/fft.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace priel;
using namespace priel::test;

using R = Replicated;
using S0 = Split<0>;
using S1 = Split<1>;
using Complex = Types<std::complex<double>>;

const RowOptions lines{.absolute = 1e-11, .input = "finite", .shapes = {"1", "2", "7", "8", "12", "30", "37", "64", "101", "262", "1000",
    "1009", "4096", "0"}};
const RowOptions planes{.absolute = 1e-11, .input = "finite", .shapes = {"5,4", "3,37", "0,3", "1,1", "7,10"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_fft)

BOOST_AUTO_TEST_CASE(lines_of_complex_numbers) {
  row_on<On<R>>::run<Types<double, std::complex<double>, std::int32_t>, 1>("np.fft.fft(a)", [](const auto& a) { return fft::fft(a); },
      lines);
  row_on<On<R>>::run<Types<double, std::complex<double>>, 1>("np.fft.ifft(a)", [](const auto& a) { return fft::ifft(a); }, lines);
  // float stays float here
  row_on<On<R>>::run<Types<float>, 1>("np.fft.fft(a).astype(np.complex64)", [](const auto& a) { return fft::fft(a); },
      {.absolute = 1e-3, .input = "finite", .shapes = {"7", "12", "101", "1000"}});
  row_on<On<R>>::run<Types<float>, 1>("np.fft.irfft(np.fft.rfft(a), 31).astype(np.float32)",
      [](const auto& a) { return fft::irfft(fft::rfft(a), 31); }, {.absolute = 1e-5, .input = "finite", .shapes = {"31"}});
  row_on<On<R>, On<S0>>::run<Complex, 2>("np.fft.fft(a)", [](const auto& a) { return fft::fft(a); }, planes);
  row_on<On<R>, On<S1>>::run<Complex, 2>("np.fft.fft(a, axis=0)", [](const auto& a) { return fft::fft(a, axis<0>); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,4", "37,3", "3,0", "8,19"}});
  row_on<On<R>, On<S0>>::run<Types<double>, 2>("np.fft.fft(a, 8)", [](const auto& a) { return fft::fft(a, 8); }, planes);
  row_on<On<R>, On<S1>>::run<Types<double>, 2>("np.fft.ifft(a, 3, axis=0)", [](const auto& a) { return fft::ifft(a, 3, axis<0>); }, planes);
}

BOOST_AUTO_TEST_CASE(lines_of_real_numbers) {
  row_on<On<R>>::run<Types<double, std::uint8_t>, 1>("np.fft.rfft(a)", [](const auto& a) { return fft::rfft(a); }, lines);
  row_on<On<R>, On<S1>>::run<Types<double>, 2>("np.fft.rfft(a, axis=0)", [](const auto& a) { return fft::rfft(a, axis<0>); }, planes);
  row_on<On<R>>::run<Types<double, std::complex<double>>, 1>("np.fft.irfft(a)", [](const auto& a) { return fft::irfft(a); }, lines);
  row_on<On<R>, On<S0>>::run<Complex, 2>("np.fft.irfft(a, 7)", [](const auto& a) { return fft::irfft(a, 7); }, planes);
}

BOOST_AUTO_TEST_CASE(several_axes) {
  row_on<On<R>, On<S0>>::run<Types<double>, 3>("np.fft.fft2(a)", [](const auto& a) { return fft::fft2(a); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,3,4", "0,2,2", "2,1,3"}});
  row_on<On<R>>::run<Complex, 2>("np.fft.ifft2(a)", [](const auto& a) { return fft::ifft2(a); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,4", "1,1"}});
  row_on<On<R>>::run<Types<double>, 2>("np.fft.rfft2(a)", [](const auto& a) { return fft::rfft2(a); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,4", "1,1"}});
  row_on<On<R>>::run<Complex, 2>("np.fft.irfft2(a)", [](const auto& a) { return fft::irfft2(a); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,4", "2,2"}});
  row_on<On<R>>::run<Types<double>, 3>("np.fft.fftn(a)", [](const auto& a) { return fft::fftn(a); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,3,4", "2,1,3"}});
  row_on<On<R>, On<S1>>::run<Complex, 3>("np.fft.ifftn(a, axes=(0, 2))", [](const auto& a) { return fft::ifftn(a, axis<0, 2>); },
      {.absolute = 1e-11, .input = "finite", .shapes = {"5,3,4", "2,1,3"}});
}

BOOST_AUTO_TEST_CASE(frequencies) {
  creator<Types<double>>("np.fft.fftfreq(8, 0.1)", []<class>() { return fft::fftfreq(8, 0.1); });
  creator<Types<double>>("np.fft.fftfreq(7)", []<class>() { return fft::fftfreq(7); });
  creator<Types<double>>("np.fft.rfftfreq(9, 0.5)", []<class>() { return fft::rfftfreq(9, 0.5); });
  creator<Types<double>>("np.fft.rfftfreq(8)", []<class>() { return fft::rfftfreq(8); });
  row<Types<double>, 2>("np.fft.fftshift(a)", [](const auto& a) { return fft::fftshift(a); });
  row<Types<double>, 2>("np.fft.ifftshift(a, axes=0)", [](const auto& a) { return fft::ifftshift(a, axis<0>); });
}

BOOST_AUTO_TEST_SUITE_END()
