// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Fourier transforms: Eigen's (KISS FFT) where n has small prime factors, else Bluestein's convolution of a power of two; by all threads.
#include <priel/algorithms/detail/fourier.hpp>

#include <priel/first_error.hpp>

#include <unsupported/Eigen/FFT>

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <vector>

namespace priel::detail {
namespace {

template <class T>
using Complex = std::complex<T>;

Size largest_factor(Size n) {
  Size largest = 1;
  for (Size p = 2; p * p <= n; ++p)
    for (; n % p == 0; n /= p) largest = p;
  return std::max(largest, n);
}

// jk = (j^2 + k^2 - (k - j)^2) / 2: a transform of any length as a convolution (Bluestein, A linear filtering approach to the computation of
// the discrete Fourier transform, 1970).
template <class T>
struct Chirp {
  std::vector<Complex<T>> factors, filter, work, spectrum;   // exp(-pi i k^2 / n); the transform of its reciprocal, round the end

  Chirp(Eigen::FFT<T>& fft, Size n) : factors(static_cast<std::size_t>(n)) {
    Size length = 1;
    while (length < 2 * n - 1) length *= 2;
    const auto size = static_cast<std::size_t>(length);
    work.resize(size);
    spectrum.resize(size);
    filter.resize(size);
    constexpr double pi = 3.141592653589793238462643383279503;
    Size square = 0;   // k^2 mod 2 n
    for (std::size_t k = 0; k < factors.size(); ++k) {
      const double angle = pi * static_cast<double>(square) / static_cast<double>(n);
      factors[k] = Complex<T>(static_cast<T>(std::cos(angle)), static_cast<T>(-std::sin(angle)));
      work[k] = work[(size - k) % size] = std::conj(factors[k]);
      square = (square + 2 * static_cast<Size>(k) + 1) % (2 * n);
    }
    fft.fwd(filter.data(), work.data(), static_cast<Eigen::Index>(length));
  }

  void operator()(Eigen::FFT<T>& fft, bool inverse, const Complex<T>* from, Complex<T>* to) {
    const auto length = static_cast<Eigen::Index>(work.size());
    const std::size_t n = factors.size();
    const auto way = [&](const Complex<T>& x) { return inverse ? std::conj(x) : x; };
    for (std::size_t k = 0; k < n; ++k) work[k] = way(from[k]) * factors[k];
    std::fill(work.begin() + static_cast<std::ptrdiff_t>(n), work.end(), Complex<T>());
    fft.fwd(spectrum.data(), work.data(), length);
    for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= filter[k];
    fft.inv(work.data(), spectrum.data(), length);
    const T scale = inverse ? T(1) / static_cast<T>(n) : T(1);
    for (std::size_t k = 0; k < n; ++k) to[k] = way(work[k] * factors[k]) * scale;
  }
};

// What a thread keeps: the tables of a few lengths.
template <class T>
class Transforms {
 public:
  void complex(bool inverse, Size n, const Complex<T>* from, Complex<T>* to) {
    if (n == 1) *to = *from;   // Eigen cannot
    else if (Chirp<T>* const chirp = prepare(n)) (*chirp)(fft_, inverse, from, to);
    else if (inverse) fft_.inv(to, from, n);
    else fft_.fwd(to, from, n);
  }
  void of_real(Size n, const T* from, Complex<T>* to) {
    if (n == 1) *to = *from;
    else if (!prepare(n)) fft_.fwd(to, from, n);
    else of_real_by_chirp(n, from, to);
  }
  void to_real(Size n, const Complex<T>* from, T* to) {
    if (n == 1) *to = from->real();
    else if (!prepare(n)) fft_.inv(to, from, n);
    else to_real_by_chirp(n, from, to);
  }

 private:
  void of_real_by_chirp(Size n, const T* from, Complex<T>* to) {
    std::vector<Complex<T>> line(from, from + n), whole(line.size());
    complex(false, n, line.data(), whole.data());
    std::copy_n(whole.data(), n / 2 + 1, to);
  }
  void to_real_by_chirp(Size n, const Complex<T>* from, T* to) {
    std::vector<Complex<T>> whole(from, from + n / 2 + 1), line(static_cast<std::size_t>(n));
    for (Size k = n / 2 + 1; k < n; ++k) whole.push_back(std::conj(from[n - k]));
    complex(true, n, whole.data(), line.data());
    for (Size k = 0; k < n; ++k) to[k] = line[static_cast<std::size_t>(k)].real();
  }

  static constexpr std::size_t most_lengths = 8;
  static constexpr Size small_factor = 32;

  // The tables of n; null where its factors are small.
  Chirp<T>* prepare(Size n) {
    const auto known = chirps_.find(n);
    if (known != chirps_.end()) return known->second.get();
    if (chirps_.size() >= most_lengths) {
      chirps_.clear();
      fft_ = Eigen::FFT<T>(typename Eigen::FFT<T>::impl_type(), Eigen::FFT<T>::HalfSpectrum);
    }
    auto& entry = chirps_[n];
    if (largest_factor(n) > small_factor) entry = std::make_unique<Chirp<T>>(fft_, n);
    return entry.get();
  }

  Eigen::FFT<T> fft_{typename Eigen::FFT<T>::impl_type(), Eigen::FFT<T>::HalfSpectrum};
  std::map<Size, std::unique_ptr<Chirp<T>>> chirps_;
};

// run(transforms, line, transformed) for every line: `taken` elements of it, zeros behind up to `read`; the result has `written`.
// Lines that are not contiguous are gathered several at a time, as a cache reads them.
template <class T, class In, class Out, class F>
void each_line(const Lines& lines, Size read, Size written, const In* from, Out* to, const F& run) {
  const Size taken = std::min(lines.given, read), width = lines.inner == 1 ? 1 : 8;
  const Size strips = (lines.inner + width - 1) / width, jobs = lines.outer * strips;
  FirstError failed;
  const auto job = [&](Size j) {
    thread_local Transforms<T> transforms;
    thread_local std::vector<In> line;
    thread_local std::vector<Out> transformed;
    const Size outer = j / strips, first = j % strips * width, columns = std::min(width, lines.inner - first);
    line.assign(static_cast<std::size_t>(columns * read), In());   // zeros behind what is given
    transformed.resize(static_cast<std::size_t>(columns * written));
    const In* const start = from + outer * lines.given * lines.inner + first;
    Out* const end = to + outer * written * lines.inner + first;
    for (Size i = 0; i < taken; ++i)
      for (Size c = 0; c < columns; ++c) line[static_cast<std::size_t>(c * read + i)] = start[i * lines.inner + c];
    if (lines.inner == 1) return run(transforms, line.data(), end);
    for (Size c = 0; c < columns; ++c) run(transforms, line.data() + c * read, transformed.data() + c * written);
    for (Size i = 0; i < written; ++i)
      for (Size c = 0; c < columns; ++c) end[i * lines.inner + c] = transformed[static_cast<std::size_t>(c * written + i)];
  };
#pragma omp parallel for if (jobs > 1 && jobs * lines.n * width > 4096 && !omp_in_parallel()) schedule(dynamic, 1)
  for (Size j = 0; j < jobs; ++j) failed.guard(j, [&] { job(j); });
  failed.rethrow();
}

}  // namespace

template <class T>
void fourier(bool inverse, const Lines& lines, const std::complex<T>* from, std::complex<T>* to) {
  each_line<T>(lines, lines.n, lines.n, from, to,
               [&](Transforms<T>& t, const Complex<T>* line, Complex<T>* out) { t.complex(inverse, lines.n, line, out); });
}
template <class T>
void fourier_of_real(const Lines& lines, const T* from, std::complex<T>* to) {
  each_line<T>(lines, lines.n, lines.n / 2 + 1, from, to,
               [&](Transforms<T>& t, const T* line, Complex<T>* out) { t.of_real(lines.n, line, out); });
}
template <class T>
void fourier_to_real(const Lines& lines, const std::complex<T>* from, T* to) {
  each_line<T>(lines, lines.n / 2 + 1, lines.n, from, to,
               [&](Transforms<T>& t, const Complex<T>* line, T* out) { t.to_real(lines.n, line, out); });
}

template void fourier(bool, const Lines&, const std::complex<float>*, std::complex<float>*);
template void fourier(bool, const Lines&, const std::complex<double>*, std::complex<double>*);
template void fourier_of_real(const Lines&, const float*, std::complex<float>*);
template void fourier_of_real(const Lines&, const double*, std::complex<double>*);
template void fourier_to_real(const Lines&, const std::complex<float>*, float*);
template void fourier_to_real(const Lines&, const std::complex<double>*, double*);

}  // namespace priel::detail
