// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Folds down the columns of rows, some rows at a time.
#pragma once

#include "operations.hpp"

namespace priel::detail::PRIEL_ISA {

// f(Length<k>, first row) for `Together` rows at a time, and the last ones one by one.
template <int Together, class F>
PRIEL_INLINE void by_rows(std::int64_t rows, F f) {
  std::int64_t r = 0;
  for (; r + Together <= rows; r += Together) f(Length<Together>{}, r);
  for (; r < rows; ++r) f(Length<1>{}, r);
}

// Neighbours first. By recursion: compilers leave loops in memory.
template <class Operation, int Rows, class V>
PRIEL_INLINE V fold_all(const V* v) {
  if constexpr (Rows == 1) return v[0];
  else {
    constexpr int half = Rows > 4 ? 4 : Rows > 2 ? 2 : 1;
    static_assert(Rows <= 8);
    return Operation::fold(fold_all<Operation, half>(v), fold_all<Operation, Rows - half>(v + half));
  }
}

// Columns of `Rows` rows into into[c], or, Fresh, over what is there.
template <class Operation, class T, class A, int Rows, bool Fresh>
PRIEL_INLINE void fold_few(const T* x, std::int64_t stride, std::int64_t columns, A* into) {
  constexpr int width = lanes<A>, line = 64 / static_cast<int>(sizeof(T)), step = width > line ? width : line;
  const auto one = [&](std::int64_t j) PRIEL_INLINED {
    Packed<A> v[Rows];
    for (int r = 0; r < Rows; ++r) v[r] = widened<A>(x + r * stride + j);
    const Packed<A> all = fold_all<Operation, Rows>(v);
    store<A, width>(into + j, Fresh ? all : Operation::fold(load<A, width>(into + j), all));
  };
  std::int64_t j = 0;
  for (; j + step <= columns; j += step) {
    if constexpr (!Fresh)
      for (int r = 0; r < Rows; ++r) fetch(x + r * stride + j, fetched_ahead);
    for (int u = 0; u < step; u += width) one(j + u);
  }
  for (; j + width <= columns; j += width) one(j);
  for (; j < columns; ++j) {
    A v[Rows];
    for (int r = 0; r < Rows; ++r) v[r] = static_cast<A>(x[r * stride + j]);
    const A all = fold_all<Operation, Rows>(v);
    into[j] = Fresh ? all : Operation::fold(into[j], all);
  }
}

template <class Operation, class T, class A>
void fold_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, A* into) {
  by_rows<8>(rows, [&](auto few, std::int64_t r) { fold_few<Operation, T, A, few.value, false>(x + r * stride, stride, columns, into); });
}

template <class T>
[[gnu::noinline]] void nonzero_rows(const T* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::int64_t* __restrict into) {
  std::int64_t r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const T *a = x, *b = x + stride, *c = b + stride, *d = c + stride;
    for (std::int64_t j = 0; j < columns; ++j)
      into[j] += static_cast<int>(a[j] != 0) + static_cast<int>(b[j] != 0) + static_cast<int>(c[j] != 0) + static_cast<int>(d[j] != 0);
  }
  for (; r < rows; ++r, x += stride)
    for (std::int64_t j = 0; j < columns; ++j) into[j] += static_cast<int>(x[j] != 0);
}

}  // namespace priel::detail::PRIEL_ISA
