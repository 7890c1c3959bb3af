// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Distances of all pairs: shares the work among threads; pieces that a cache holds where they are worked on again.
#include <priel/algorithms/detail/dense.hpp>

#include <priel/backend/closed.hpp>
#include <priel/first_error.hpp>

#include "entry.hpp"

#include <algorithm>
#include <vector>

namespace priel::detail {
namespace {

constexpr Size piece_rows = 128, piece_columns = 512;   // half a second-level cache at most

// Distances become exp(-decay * distance), in place.
template <class T>
void decayed(double decay, T* values, Size n) {
  const T factor = static_cast<T>(-decay);
  for (Size i = 0; i < n; ++i) values[i] *= factor;
  closed_kernels().functions_of(values).unary[static_cast<int>(ClosedFunction::exp)](values, values, n);
}

template <class T>
void measured(const Measure& measure, Size n, Size m, Size d, const T* x, const T* y, T* out, Size out_row) {
  if (n == 0 || m == 0) return;
  const int threads = threads_for(static_cast<double>(n) * static_cast<double>(m) * static_cast<double>(d + 4));
  const int metric = static_cast<int>(measure.metric);
  const auto part = [&](int at) {
    const Block rows = block_of(n, threads, at);
    const T* const from = x + rows.lower * d;
    T* const to = out + rows.lower * out_row;
    if (rows.extent == 0) return;
    if (measure.decay == 0) return run(DistanceTask<T>{rows.extent, m, d, from, y, to, out_row, metric});
    for (Size j = 0; j < m; j += piece_columns)
      for (Size i = 0; i < rows.extent; i += piece_rows) {
        const Size columns = std::min(piece_columns, m - j), here = std::min(piece_rows, rows.extent - i);
        run(DistanceTask<T>{here, columns, d, from + i * d, y + j * d, to + i * out_row + j, out_row, metric});
        for (Size r = 0; r < here; ++r) decayed(measure.decay, to + (i + r) * out_row + j, columns);
      }
  };
  if (threads == 1) part(0);
  else {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int at = 0; at < threads; ++at) part(at);
  }
}

// Rows of the piece begin anywhere in the result, so that it is measured beside it.
template <class T>
void condensed(const Measure& measure, const Condensed& of, const Block& rows, const Block& columns, Size d, const T* x, const T* y, T* out) {
  const auto meeting = [&](Size row) {   // the columns of a row that are wanted and here
    const Block wanted = of.columns(row);
    const Size from = std::max(wanted.lower, columns.lower), to = std::min(wanted.lower + wanted.extent, columns.lower + columns.extent);
    return Block{from, std::max<Size>(0, to - from)};
  };
  const auto strip = [&](Size first, Size count) {
    Size from = columns.lower + columns.extent, to = columns.lower;
    for (Size row = first; row < first + count; ++row)
      if (const Block here = meeting(row); here.extent > 0) from = std::min(from, here.lower), to = std::max(to, here.lower + here.extent);
    std::vector<T> piece(static_cast<std::size_t>(count * std::min(piece_columns, std::max<Size>(0, to - from))));
    for (Size j = from; j < to; j += piece_columns) {
      const Size width = std::min(piece_columns, to - j);
      measured(measure, count, width, d, x + (first - rows.lower) * d, y + (j - columns.lower) * d, piece.data(), width);
      for (Size row = first; row < first + count; ++row) {
        const Block here = meeting(row);
        const Size lower = std::max(here.lower, j), extent = std::min(here.lower + here.extent, j + width) - lower;
        if (extent <= 0) continue;
        std::copy_n(piece.data() + (row - first) * width + lower - j, extent, out + Condensed::before(of.n, row) + lower - row - 1 - of.lower);
      }
    }
  };
  const Block wanted = of.rows();
  const Size lower = std::max(rows.lower, wanted.lower), upper = std::min(rows.lower + rows.extent, wanted.lower + wanted.extent);
  const Size strips = std::max<Size>(0, upper - lower + piece_rows - 1) / piece_rows;
  const int threads = threads_for(static_cast<double>(std::max<Size>(0, upper - lower)) * static_cast<double>(columns.extent) * static_cast<double>(d + 4));
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size s = 0; s < strips; ++s)
    failed.guard(s, [&] { strip(lower + s * piece_rows, std::min(piece_rows, upper - lower - s * piece_rows)); });
  failed.rethrow();
}

}  // namespace

void pair_distances(const Measure& measure, Size n, Size m, Size d, const float* x, const float* y, float* out, Size out_row) {
  measured(measure, n, m, d, x, y, out, out_row);
}
void pair_distances(const Measure& measure, Size n, Size m, Size d, const double* x, const double* y, double* out, Size out_row) {
  measured(measure, n, m, d, x, y, out, out_row);
}
void condensed_distances(const Measure& measure, const Condensed& of, const Block& rows, const Block& columns, Size d, const float* x, const float* y, float* out) {
  condensed(measure, of, rows, columns, d, x, y, out);
}
void condensed_distances(const Measure& measure, const Condensed& of, const Block& rows, const Block& columns, Size d, const double* x, const double* y, double* out) {
  condensed(measure, of, rows, columns, d, x, y, out);
}

}  // namespace priel::detail
