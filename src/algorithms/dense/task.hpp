// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the kernels of products, distances and factorisations are asked, as plain data, and the one list of what an instruction set has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace priel::detail {

// c (m, n) = a (m, k) b (k, n), or c += a b. Elements of a row of c are neighbours; the operands have any strides.
template <class T>
struct ProductTask {
  using value_type = T;
  std::int64_t m, n, k;
  const T* a;
  std::int64_t a_row, a_column;
  const T* b;
  std::int64_t b_row, b_column;
  T* c;
  std::int64_t c_row;
  bool add;
};

// out (n, m) = distances of the rows of x (n, d) to the rows of y (m, d); the rows of out lie `out_row` elements apart.
// Metric: 0 the sum of squared differences, 1 its root, 2 the sum of absolute differences, 3 the largest of them.
template <class T>
struct DistanceTask {
  using value_type = T;
  std::int64_t n, m, d;
  const T* x;
  const T* y;
  T* out;
  std::int64_t out_row;
  int metric;
};

// a (m, n) = q (m, k) r (k, n), k = min(m, n); the diagonal of r is >= 0.
template <class T>
struct QrTask {
  using value_type = T;
  std::int64_t m, n;
  const T* a;
  T* q;
  T* r;
};

// The columns of a (m, n), each contiguous and `column` elements from the next, become the factors of its QR in place: r on and above the
// diagonal, below it the reflections I - tau v v^T with v = 1 on the diagonal. Behind each column lie panel_slack zeros.
template <class T>
struct PanelTask {
  using value_type = T;
  std::int64_t m, n;
  T* a;
  std::int64_t column;
  T* tau;
};
inline constexpr std::int64_t panel_slack = 32;

// a (k, n) = u (k, k) diag(s) vh (k, n), k <= n; s falls, the largest element of a row of vh is positive.
template <class T>
struct SvdTask {
  using value_type = T;
  std::int64_t k, n;
  const T* a;
  T* u;
  T* s;
  T* vh;
};

// How a task is done: the elements of scratch memory that it needs, aligned to 64 bytes; and the work itself.
template <class Task>
struct Entry {
  std::int64_t (*scratch)(const Task&);
  void (*run)(const Task&, typename Task::value_type* scratch);
};
template <class... Tasks>
struct Entries : Entry<Tasks>... {};

// What each instruction set has.
using Kernels = Entries<ProductTask<float>, ProductTask<double>, DistanceTask<float>, DistanceTask<double>, QrTask<float>, QrTask<double>,
                        SvdTask<float>, SvdTask<double>, PanelTask<double>>;
namespace baseline { Kernels kernels(); }
namespace avx2 { Kernels kernels(); }
namespace avx512 { Kernels kernels(); }

}  // namespace priel::detail
