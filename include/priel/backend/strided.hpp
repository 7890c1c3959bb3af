// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Runs of strided memory for the Host backend: where they lie, or staged: repeated rows, columns, and transposed panels.
#pragma once

#include <priel/backend/memory.hpp>

#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace priel::host {

// Elements of a tile: its leaves and its result stay in the first-level cache.
inline constexpr int tile = 512;
// No packet of any element is longer. Runs are evaluated up to a multiple of it, the last elements padded, so that each element
// passes through the same packet code wherever it lies: results do not depend on how arrays are cut.
inline constexpr int grid = 64;
constexpr Size padded(Size n) { return (n + grid - 1) / grid * grid; }

// The last of n elements again, up to the grid.
template <class T>
void pad(T* values, Size n) {
  for (Size j = n; j < padded(n); ++j) values[j] = values[n - 1];
}

// Rows of a panel: one or more whole cache lines of a transposed operand.
inline constexpr int panel_rows = 32;

// Memory under an affine map over a box, as runs in C order, where they do not simply follow one another: broadcast rows and columns,
// slices, transposes. Compiled once for a type of element, in no expression; made only for the leaves that need it.
template <class T>
class Gatherer {
  static constexpr int pitch = tile + 16;   // rows of a panel lie in different sets of the cache
  static constexpr int short_row = 16;
  static constexpr int most_axes = 32;
  enum class Form { constant, rows, columns, general };

 public:
  // Axes of extent 1 are dropped, axes that continue one another joined.
  [[gnu::noinline]] Gatherer(const T* data, const Size* stride, const Size* extent, int rank) : data_(data) {
    Size inner = 1;
    int axis[most_axes];
    for (int a = rank - 1; a >= 0; --a) {
      if (extent[a] == 1) continue;
      if (axes_ > 0 && stride[a] == stride_[axes_ - 1] * extent_[axes_ - 1]) extent_[axes_ - 1] *= extent[a];
      else {
        extent_[axes_] = extent[a];
        stride_[axes_] = stride[a];
        inner_[axes_] = inner;
        axis[axes_] = a;
        ++axes_;
      }
      inner *= extent[a];
    }
    if (axes_ == 0 || (axes_ == 1 && stride_[0] == 0)) form_ = Form::constant;
    else if (axes_ == 2 && stride_[0] == 1 && stride_[1] == 0) form_ = Form::rows;
    else if (axes_ == 2 && stride_[0] == 0) form_ = Form::columns;
    else if (stride_[0] != 0 && stride_[0] != 1 && extent_[0] >= grid) {
      Size nearest = 65 / static_cast<Size>(sizeof(T));   // neighbours along it are in one cache line
      for (int a = 1; a < axes_; ++a)
        if (extent_[a] >= 4 && stride_[a] > 0 && stride_[a] < nearest) {
          nearest = stride_[a];
          panel_axis_ = axis[a];
        }
    }
    const Size most = inner < tile ? padded(inner) : tile;
    if (form_ == Form::constant) for (Size j = 0; j < most; ++j) staged_[j] = *data_;
    if (form_ == Form::rows && extent_[0] <= tile) repeat_row(most + extent_[0]);
  }

  int panel_axis() const { return panel_axis_; }

  [[gnu::noinline]] const T* run(Size begin, Size n) {
    switch (form_) {
      case Form::constant: return staged_;
      case Form::rows: return row(begin, n);
      case Form::columns: return column(begin, n);
      case Form::general: break;
    }
    if (panel_) return panel_.get() + (begin - panel_begin_) / panel_step_ * pitch;
    return gathered(begin, n);
  }

  [[gnu::noinline]] void transpose(Size begin, Size step, int rows, int columns) {
    if (!panel_) panel_ = std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(panel_rows * pitch));
    panel_begin_ = begin;
    panel_step_ = step;
    const T* from = data_ + offset_of(begin);
    const Size across = stride_[0], along = rows > 1 ? offset_of(begin + step) - offset_of(begin) : 1;
    constexpr int block = 8;
    for (int c = 0; c < columns; c += block) {
      const int width = columns - c < block ? columns - c : block;
      const T* corner = from + c * across;
      T* to = panel_.get() + c;
      if (width == block && along == 1) for (int r = 0; r < rows; ++r)
        for (int j = 0; j < block; ++j) to[r * pitch + j] = corner[j * across + r];
      else for (int r = 0; r < rows; ++r)
        for (int j = 0; j < width; ++j) to[r * pitch + j] = corner[j * across + r * along];
    }
    for (int r = 0; r < rows; ++r) pad(panel_.get() + r * pitch, columns);
  }

 private:
  void repeat_row(Size n) {
    const Size row = extent_[0];
    for (Size j = 0; j < row; ++j) staged_[j] = data_[j];
    for (Size j = row; j < n; ++j) staged_[j] = staged_[j - row];
  }
  // The same row for every index of the outer axes.
  const T* row(Size begin, Size n) {
    const Size at = begin % extent_[0];
    if (extent_[0] <= tile) return staged_ + at;
    if (n % grid == 0 && at + n <= extent_[0]) return data_ + at;
    return gathered(begin, n);
  }

  // The same element for all of a row.
  const T* column(Size begin, Size n) {
    const Size first = begin / extent_[0], last = (begin + n - 1) / extent_[0];
    if (first != last) {
      value_row_ = -1;
      return extent_[0] <= short_row ? short_rows(begin, n) : gathered(begin, n);
    }
    if (first != value_row_) {
      const T value = data_[first * stride_[1]];
      for (int j = 0; j < tile; ++j) staged_[j] = value;
      value_row_ = first;
    }
    return staged_;
  }

  // Whole packets are written, of which the next row overwrites what is not this row's.
  const T* short_rows(Size begin, Size n) {
    Size row = begin / extent_[0];
    for (Size to = -(begin % extent_[0]); to < n; to += extent_[0], ++row) {
      const T value = data_[row * stride_[1]];
      T* at = staged_ + short_row + to;
      for (int j = 0; j < short_row; ++j) at[j] = value;
    }
    pad(staged_ + short_row, n);
    return staged_ + short_row;
  }

  Size offset_of(Size linear) const {
    Size offset = 0;
    for (int a = 0; a < axes_; ++a) offset += linear / inner_[a] % extent_[a] * stride_[a];
    return offset;
  }

  // Any strides: segments of the innermost axis, the outer ones counted like a clock.
  const T* gathered(Size begin, Size n) {
    Size at[most_axes];
    for (int a = 0; a < axes_; ++a) at[a] = begin / inner_[a] % extent_[a];
    const T* row = data_ + offset_of(begin) - at[0] * stride_[0];
    const Size step = stride_[0];
    for (Size done = 0; done < n;) {
      const Size left = extent_[0] - at[0], length = left < n - done ? left : n - done;
      copy_run(staged_ + done, row + at[0] * step, step, length);
      done += length;
      at[0] = 0;
      for (int a = 1; a < axes_; ++a) {
        row += stride_[a];
        if (++at[a] < extent_[a]) break;
        row -= stride_[a] * extent_[a];
        at[a] = 0;
      }
    }
    pad(staged_, n);
    return staged_;
  }
  static void copy_run(T* to, const T* from, Size step, Size n) {
    if (step == 1) for (Size j = 0; j < n; ++j) to[j] = from[j];
    else if (step == 0) for (Size j = 0; j < n; ++j) to[j] = *from;
    else for (Size j = 0; j < n; ++j) to[j] = from[j * step];
  }

  const T* data_;
  // Innermost first: extents, strides, and how many elements of the box one step is.
  Size extent_[most_axes], stride_[most_axes], inner_[most_axes];
  int axes_ = 0, panel_axis_ = -1;
  Form form_ = Form::general;
  Size value_row_ = -1;
  Size panel_begin_ = 0, panel_step_ = 1;
  std::unique_ptr<T[]> panel_;
  alignas(64) T staged_[2 * tile + grid];
};

// A run of memory and of nothing else, the last one of an array copied to where a whole packet may be read.
template <class T>
struct Copied {
  alignas(64) T staged[tile];
  const T* run(const T* from, Size n) {
    std::memcpy(static_cast<void*>(staged), from, static_cast<std::size_t>(n) * sizeof(T));
    pad(staged, n);
    return staged;
  }
};

// An object in recycled memory: streams are made for every statement and every thread.
template <class X>
class Lazy {
 public:
  Lazy() = default;
  Lazy(const Lazy&) = delete;
  Lazy& operator=(const Lazy&) = delete;
  ~Lazy() {
    if (!x_) return;
    x_->~X();
    priel::detail::recycle(x_);
  }
  template <class... A>
  X& make(A&&... a) {
    void* const memory = priel::detail::acquire(sizeof(X));
    return *(x_ = new (memory) X(std::forward<A>(a)...));
  }
  explicit operator bool() const { return x_ != nullptr; }
  X* operator->() const { return x_; }

 private:
  X* x_ = nullptr;
};

// A leaf of an expression.
template <class T>
class StridedStream {
 public:
  // slack: 63 elements more may be read behind the last one.
  StridedStream(const T* data, const Size* stride, const Size* extent, int rank, bool slack) : data_(data), slack_(slack) {
    Size step = 1;
    bool contiguous = true;
    for (int a = rank - 1; a >= 0; --a) {
      contiguous = contiguous && (stride[a] == step || extent[a] == 1);
      step *= extent[a];
    }
    if (!contiguous || step == 1) gatherer_.make(data, stride, extent, rank);
  }

  // The axis along which neighbours in memory lie, if that is not the last one, and is worth panels; -1 if there is none.
  int panel_axis() const { return gatherer_ ? gatherer_->panel_axis() : -1; }
  // Whether a run of any length may be asked for, if that is a multiple of the grid.
  bool direct() const { return !gatherer_; }
  // The next runs are rows of this panel.
  void enter(Size begin, Size step, int rows, int columns) {
    slack_ = false;   // behind a row of a panel lies what another thread may be writing
    if (panel_axis() >= 0) gatherer_->transpose(begin, step, rows, columns);
  }
  const T* run(Size begin, Size n) {
    if (gatherer_) return gatherer_->run(begin, n);
    if (n % grid == 0 || slack_) return data_ + begin;
    if (!copied_) copied_.make();
    return copied_->run(data_ + begin, n);
  }

 private:
  const T* data_;
  bool slack_;
  Lazy<Gatherer<T>> gatherer_;
  Lazy<Copied<T>> copied_;
};

}  // namespace priel::host
