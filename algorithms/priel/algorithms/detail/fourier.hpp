// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Discrete Fourier transforms of lines in CPU memory, compiled once; T: float, double.
#pragma once

#include <priel/shape.hpp>

#include <complex>

namespace priel::detail {

// Lines of given elements, (outer, given, inner) in C order, of each of which n are transformed: cut off or with zeros behind.
struct Lines {
  Size outer, given, inner, n;
};

// to (outer, n, inner): y_k = sum_j x_j exp(-+2 pi i j k / n); the inverse, with +, is divided by n. By all threads.
template <class T>
void fourier(bool inverse, const Lines& lines, const std::complex<T>* from, std::complex<T>* to);

// to (outer, n / 2 + 1, inner): the first half of a real line's.
template <class T>
void fourier_of_real(const Lines& lines, const T* from, std::complex<T>* to);

// to (outer, n, inner): the inverse of that; given are elements of the half.
template <class T>
void fourier_to_real(const Lines& lines, const std::complex<T>* from, T* to);

}  // namespace priel::detail
