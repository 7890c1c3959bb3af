// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Numbers for the windows round pixels, from one pass over the images under them.

#include <priel/algorithms/patch_statistics.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace priel::detail {
namespace {

template <class T>
bool is_finite(T x) { return x - x == T{}; }

// The corner of a pixel's window among rows and columns of the box.
struct Corner {
  Size row, column;
};
Corner corner_of(const ImageBox& box, const Size* pixel, Size w) { return {pixel[0] - w / 2 - box.corner[0], pixel[1] - w / 2 - box.corner[1]}; }

// Of each date how many values up to a row and column are not finite; if none is, every pixel's window is whole.
template <class T>
void count_valid(const T* images, const ImageBox& box, const Size* pixels, Size n, Size w, std::int32_t* out) {
  const auto [dates, rows, columns] = box.extent;
  std::fill_n(out, n, 0);
  const Size line = columns + 1;
  std::vector<std::int32_t> missing(static_cast<std::size_t>((rows + 1) * line));
  std::int32_t whole = 0;
  for (Size t = 0; t < dates; ++t) {
    const T* image = images + t * box.stride[0];
    Size finite = 0;
    for (Size r = 0; r < rows; ++r) {
      const T* values = image + r * box.stride[1];
      for (Size c = 0; c < columns; ++c) finite += is_finite(values[c * box.stride[2]]);
    }
    if (finite == rows * columns) {
      ++whole;
      continue;
    }
    for (Size r = 0; r < rows; ++r) {
      const T* values = image + r * box.stride[1];
      const std::int32_t* above = missing.data() + r * line;
      std::int32_t* here = missing.data() + (r + 1) * line;
      std::int32_t in_row = 0;
      for (Size c = 0; c < columns; ++c) {
        in_row += !is_finite(values[c * box.stride[2]]);
        here[c + 1] = above[c + 1] + in_row;
      }
    }
    for (Size i = 0; i < n; ++i) {
      const auto [row, column] = corner_of(box, pixels + 2 * i, w);
      const std::int32_t* top = missing.data() + row * line + column;
      const std::int32_t* bottom = top + w * line;
      out[i] += bottom[w] - bottom[0] == top[w] - top[0];
    }
  }
  for (Size i = 0; i < n; ++i) out[i] += whole;
}

template <bool largest, class T>
T better(T best, T x) {
  constexpr T inf = std::numeric_limits<T>::infinity();
  if constexpr (largest) return x > best && x < inf ? x : best;
  else return x < best && x > -inf ? x : best;
}

// The extremes of each place of the image over the dates, then of each window.
template <bool largest, class T>
void extremes(const T* images, const ImageBox& box, const Size* pixels, Size n, Size w, T* out) {
  const auto [dates, rows, columns] = box.extent;
  const T none = (largest ? -1 : 1) * std::numeric_limits<T>::infinity();
  std::vector<T> best(static_cast<std::size_t>(rows * columns), none);
  for (Size t = 0; t < dates; ++t)
    for (Size r = 0; r < rows; ++r) {
      const T* values = images + t * box.stride[0] + r * box.stride[1];
      T* of_row = best.data() + r * columns;
      if (box.stride[2] == 1) for (Size c = 0; c < columns; ++c) of_row[c] = better<largest>(of_row[c], values[c]);
      else for (Size c = 0; c < columns; ++c) of_row[c] = better<largest>(of_row[c], values[c * box.stride[2]]);
    }
  for (Size i = 0; i < n; ++i) {
    const auto [row, column] = corner_of(box, pixels + 2 * i, w);
    T found = none;
    for (Size r = row; r < row + w; ++r)
      for (Size c = column; c < column + w; ++c) found = better<largest>(found, best[static_cast<std::size_t>(r * columns + c)]);
    out[i] = found;
  }
}

}  // namespace

void count_valid_dates(const float* images, const ImageBox& box, const Size* pixels, Size n, Size w, std::int32_t* out) { count_valid(images, box, pixels, n, w, out); }
void count_valid_dates(const double* images, const ImageBox& box, const Size* pixels, Size n, Size w, std::int32_t* out) { count_valid(images, box, pixels, n, w, out); }

void finite_extremes(const float* images, const ImageBox& box, const Size* pixels, Size n, Size w, bool largest, float* out) {
  largest ? extremes<true>(images, box, pixels, n, w, out) : extremes<false>(images, box, pixels, n, w, out);
}
void finite_extremes(const double* images, const ImageBox& box, const Size* pixels, Size n, Size w, bool largest, double* out) {
  largest ? extremes<true>(images, box, pixels, n, w, out) : extremes<false>(images, box, pixels, n, w, out);
}

}  // namespace priel::detail
