// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Matrix products: shares the work among threads.
#include <priel/algorithms/detail/dense.hpp>

#include "entry.hpp"

#include <vector>

namespace priel::detail {
namespace {

// Threads as a grid over (m, n) with little to read for each; columns are not cut into pieces narrower than a few vectors.
int grid_rows(Size m, Size n, int threads) {
  int best = threads;
  double least = -1;
  for (int rows = 1; rows <= threads; ++rows) {
    const int columns = threads / rows;
    if (rows * columns != threads || (columns > 1 && n / columns < 64)) continue;
    const double read = static_cast<double>(m) / rows + static_cast<double>(n) / columns;
    if (least < 0 || read < least) {
      least = read;
      best = rows;
    }
  }
  return best;
}

template <class T>
void multiplied(Size m, Size n, Size k, const MatrixView<const T>& a, const MatrixView<const T>& b, T* c, Size c_row, bool add) {
  if (m == 0 || n == 0) return;
  const int threads = threads_for(static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k));
  const int rows = grid_rows(m, n, threads), columns = threads / rows;
  const auto part = [&](int at) {
    const Block i = block_of(m, rows, at / columns), j = block_of(n, columns, at % columns);
    if (i.extent > 0)
      run(ProductTask<T>{i.extent, j.extent, k, a.data + i.lower * a.row, a.row, a.column, b.data + j.lower * b.column, b.row, b.column,
                         c + i.lower * c_row + j.lower, c_row, add});
  };
  if (threads == 1) part(0);
  else {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int at = 0; at < threads; ++at) part(at);
  }
}

// Four products of real and imaginary parts, which are matrices of twice the strides.
template <class T>
void multiplied(Size m, Size n, Size k, const MatrixView<const std::complex<T>>& a, const MatrixView<const std::complex<T>>& b,
                std::complex<T>* c, Size c_row, bool add) {
  const auto part = [](const MatrixView<const std::complex<T>>& x, int imaginary) {
    return MatrixView<const T>{reinterpret_cast<const T*>(x.data) + imaginary, 2 * x.row, 2 * x.column};
  };
  const auto size = static_cast<std::size_t>(m * n);
  std::vector<T> real(size), minus(size), imaginary(size);
  multiplied<T>(m, n, k, part(a, 0), part(b, 0), real.data(), n, false);
  multiplied<T>(m, n, k, part(a, 1), part(b, 1), minus.data(), n, false);
  multiplied<T>(m, n, k, part(a, 0), part(b, 1), imaginary.data(), n, false);
  multiplied<T>(m, n, k, part(a, 1), part(b, 0), imaginary.data(), n, true);
  for (Size i = 0; i < m; ++i)
    for (Size j = 0; j < n; ++j) {
      const auto at = static_cast<std::size_t>(i * n + j);
      const std::complex<T> value(real[at] - minus[at], imaginary[at]);
      c[i * c_row + j] = add ? c[i * c_row + j] + value : value;
    }
}

}  // namespace

void multiply(Size m, Size n, Size k, MatrixView<const float> a, MatrixView<const float> b, float* c, Size c_row, bool add) {
  multiplied<float>(m, n, k, a, b, c, c_row, add);
}
void multiply(Size m, Size n, Size k, MatrixView<const double> a, MatrixView<const double> b, double* c, Size c_row, bool add) {
  multiplied<double>(m, n, k, a, b, c, c_row, add);
}
void multiply(Size m, Size n, Size k, MatrixView<const std::complex<float>> a, MatrixView<const std::complex<float>> b, std::complex<float>* c,
              Size c_row, bool add) {
  multiplied<float>(m, n, k, a, b, c, c_row, add);
}
void multiply(Size m, Size n, Size k, MatrixView<const std::complex<double>> a, MatrixView<const std::complex<double>> b, std::complex<double>* c,
              Size c_row, bool add) {
  multiplied<double>(m, n, k, a, b, c, c_row, add);
}

}  // namespace priel::detail
