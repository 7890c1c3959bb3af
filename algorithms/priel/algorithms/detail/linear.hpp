// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions of a square matrix in CPU memory, C order, compiled once; T: float, double and their complex numbers.
#pragma once

#include <priel/element.hpp>
#include <priel/shape.hpp>

namespace priel::detail {

// f(i) for i in [0, count), by all threads if there are several i; then the first exception by i is thrown.
void for_each_matrix(Size count, void (*call)(const void* f, Size i), const void* f);

// b (n, columns) becomes x with a x = b, by LU with partial pivoting. Throws InputError if a pivot is 0. What is not finite gives NaN.
template <class T>
void solve_matrix(const char* name, Size n, Size columns, const T* a, T* b);

// The product of a's pivots with its sign; and apart: a sign (a number of magnitude 1, or 0) and the logarithm of the magnitude.
template <class T>
T determinant(Size n, const T* a);
template <class T>
void log_determinant(Size n, const T* a, T* sign, typename real_part<T>::type* logarithm);

// The lower triangular l with l l^H = a, of which the lower triangle is read. Throws InputError if a is not positive definite.
template <class T>
void cholesky_factor(Size n, const T* a, T* l);

// a = v diag(w) v^H of a Hermitian matrix, of which the lower triangle is read: w rises, the element of largest magnitude in each
// column of v is positive. v may be null. What is not finite gives NaN.
template <class T>
void hermitian_eigen(Size n, const T* a, typename real_part<T>::type* w, T* v);

// a v = v diag(w), columns of v of length 1. v may be null. Throws InputError if an element is not finite.
template <class T>
void general_eigen(Size n, const T* a, std::complex<typename real_part<T>::type>* w, std::complex<typename real_part<T>::type>* v);

}  // namespace priel::detail
