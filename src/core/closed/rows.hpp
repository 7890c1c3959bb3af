// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Folds down the columns of rows, four rows at a time: plain loops over the columns, which the compiler turns into vectors.
#pragma once

#include "runs.hpp"

namespace priel::detail::PRIEL_ISA {

template <class Operation, class T, class A>
void fold_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, A* __restrict into) {
  std::int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const T *a = x, *b = x + stride, *c = b + stride, *d = c + stride;
    for (std::int64_t j = 0; j < columns; ++j)
      into[j] = Operation::fold(into[j], Operation::fold(Operation::fold(static_cast<A>(a[j]), static_cast<A>(b[j])),
                                                         Operation::fold(static_cast<A>(c[j]), static_cast<A>(d[j]))));
  }
  for (; r < rows; ++r, x += stride)
    for (std::int64_t j = 0; j < columns; ++j) into[j] = Operation::fold(into[j], static_cast<A>(x[j]));
}

template <class Order, class T>
PRIEL_INLINE T earlier(T value, T best) {
  return static_cast<int>(Order::before(value, best)) | static_cast<int>(value != value) ? value : best;
}
template <class Order, class T>
void first_of_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, T* __restrict into) {
  std::int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const T *a = x, *b = x + stride, *c = b + stride, *d = c + stride;
    for (std::int64_t j = 0; j < columns; ++j)
      into[j] = earlier<Order>(d[j], earlier<Order>(c[j], earlier<Order>(b[j], earlier<Order>(a[j], into[j]))));
  }
  for (; r < rows; ++r, x += stride)
    for (std::int64_t j = 0; j < columns; ++j) into[j] = earlier<Order>(x[j], into[j]);
}

template <class T>
void nonzero_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::int64_t* __restrict into) {
  std::int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const T *a = x, *b = x + stride, *c = b + stride, *d = c + stride;
    for (std::int64_t j = 0; j < columns; ++j)
      into[j] += static_cast<int>(a[j] != 0) + static_cast<int>(b[j] != 0) + static_cast<int>(c[j] != 0) + static_cast<int>(d[j] != 0);
  }
  for (; r < rows; ++r, x += stride)
    for (std::int64_t j = 0; j < columns; ++j) into[j] += static_cast<int>(x[j] != 0);
}

template <class T>
void moment_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, const double* __restrict shift, double* __restrict first,
                 double* __restrict second) {
  std::int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const T *a = x, *b = x + stride, *c = b + stride, *d = c + stride;
    for (std::int64_t j = 0; j < columns; ++j) {
      const double p = static_cast<double>(a[j]) - shift[j], q = static_cast<double>(b[j]) - shift[j];
      const double s = static_cast<double>(c[j]) - shift[j], t = static_cast<double>(d[j]) - shift[j];
      first[j] += (p + q) + (s + t);
      second[j] += (p * p + q * q) + (s * s + t * t);
    }
  }
  for (; r < rows; ++r, x += stride)
    for (std::int64_t j = 0; j < columns; ++j) {
      const double p = static_cast<double>(x[j]) - shift[j];
      first[j] += p;
      second[j] += p * p;
    }
}

}  // namespace priel::detail::PRIEL_ISA
