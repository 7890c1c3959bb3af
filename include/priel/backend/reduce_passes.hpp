// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The orders in which a reduction walks its operand: run by run, columns down their rows, or tile by tile for what fits neither.
#pragma once

#include <priel/backend/reduce_states.hpp>
#include <priel/backend/strided.hpp>
#include <priel/backend/tiles.hpp>

namespace priel::host {

// A thread's values: memory as it is, or what `stage` makes of runs of up to `tile`.
template <class T>
class Source {
 public:
  static constexpr Size staged = 8192, wide = 1024;
  Source(const T* memory, void* stream, void (*stage)(void*, Size, int, T*)) : memory_(memory), stream_(stream), stage_(stage) {
    if (!memory) buffer_ = std::make_unique_for_overwrite<T[]>(staged);
  }

  bool is_memory() const { return memory_ != nullptr; }
  // The n elements from `begin`, at most `staged` of them where they are not memory.
  const T* at(Size begin, Size n) { return memory_ ? memory_ + begin : filled(begin, n, buffer_.get()); }
  // Rows of at most `wide` elements, at most 8; `stride` apart in the operand and, after the call, in the result.
  const T* rows(Size begin, Size& stride, Size rows, Size columns) {
    if (memory_) return memory_ + begin;
    for (Size r = 0; r < rows; ++r) filled(begin + r * stride, columns, buffer_.get() + r * wide);
    stride = wide;
    return buffer_.get();
  }

 private:
  const T* filled(Size begin, Size n, T* to) {
    for (Size done = 0; done < n; done += tile) stage_(stream_, begin + done, n - done < tile ? static_cast<int>(n - done) : tile, to + done);
    return to;
  }

  const T* memory_;
  void* stream_;
  void (*stage_)(void*, Size, int, T*);
  std::unique_ptr<T[]> buffer_;
};

// The axes of a reduction from the last: `inner` elements of axes that all stay (columns) or all go (runs), `outer` of axes of the
// other kind, and `slabs` of any. Axes of extent 1 belong anywhere.
template <int Root>
struct Layout {
  bool columns = false, regular = true;
  bool distinct = true;   // no two slabs have states in common
  Size inner = 1, outer = 1, slabs = 1;

  Layout(const Shape<Root>& extent, const Index<Root>& stride) : extent_(extent), stride_(stride) {
    int a = Root - 1;
    while (a >= 0 && extent[a] == 1) --a;
    if (a >= 0) columns = stride[a] != 0;
    Size expected = 1;
    const auto take = [&](bool kept, Size& group) {
      for (; a >= 0 && (extent[a] == 1 || (stride[a] != 0) == kept); --a) {
        group *= extent[a];
        if (extent[a] == 1) continue;
        regular = regular && (!kept || stride[a] == expected);
        if (kept) expected *= extent[a];
      }
    };
    take(columns, inner);
    take(!columns, outer);
    for (int b = a + 1; b < Root; ++b) extent_[b] = 1;
    for (int b = 0; b <= a; ++b) distinct = distinct && (extent[b] == 1 || stride[b] != 0);
    slabs = extent_.size();
  }
  // The first state of a slab.
  Size state_of(Size slab) const {
    const Index<Root> i = position_of(extent_, slab);
    Size at = 0;
    for (int a = 0; a < Root; ++a) at += stride_[a] * i[a];
    return at;
  }

 private:
  Shape<Root> extent_;
  Index<Root> stride_;
};

// Neighbours become one state. Units are elements where there are few runs, else runs, so that no two threads meet in a state.
template <int Root>
class RunsPass {
 public:
  RunsPass(const Layout<Root>& layout, Size n) : layout_(layout), n_(n) {}
  bool copies(int threads) {
    by_runs_ = threads == 1 || (layout_.distinct && n_ / layout_.inner >= 8 * threads);
    return !by_runs_;
  }
  Size units() const { return by_runs_ ? n_ / layout_.inner : n_; }

  template <class T, class... Job>
  void run(Source<T>& source, Size first, Size last, int thread, Job&... job) const {
    walk(source, by_runs_ ? first * layout_.inner : first, by_runs_ ? last * layout_.inner : last, job.folding(thread)...);
  }

 private:
  static constexpr Size piece = priel::detail::moments_at_most;

  template <class T, class... Fold>
  void walk(Source<T>& source, Size begin, Size end, Fold... fold) const {
    const Size length = layout_.inner;
    const Size together = length > piece ? 1 : (piece / length < runs_at_most ? piece / length : runs_at_most);
    while (begin < end) {
      const Size run = begin / length, in_slab = run % layout_.outer, at = layout_.state_of(run / layout_.outer) + in_slab;
      const Size left = (run + 1) * length - begin;
      Size count = 1, n = smallest(left, end - begin, piece);
      if (left == length && n == length) {
        count = smallest(together, layout_.outer - in_slab, (end - begin) / length);
        n = length;
      }
      const T* const x = source.at(begin, count * n);
      (fold.runs(at, x, count, n), ...);
      begin += count * n;
    }
  }
  static Size smallest(Size a, Size b, Size c) { return a < b ? (a < c ? a : c) : (b < c ? b : c); }

  Layout<Root> layout_;
  Size n_;
  bool by_runs_ = true;
};

// Rows are folded into one state for each column, a chunk of columns after the other. Few columns are widened to several rows side
// by side. Units are chunks where there are many, else rows.
template <int Root>
class ColumnsPass {
 public:
  static constexpr Size least = 256;
  explicit ColumnsPass(const Layout<Root>& layout) : layout_(layout) {
    const Size fit = wide / layout.inner;
    width_ = layout.inner * (fit < 1 ? 1 : (fit < layout.outer ? fit : layout.outer));
    rows_ = (layout.inner * layout.outer + width_ - 1) / width_;
  }
  bool copies(int threads) {
    const bool few = layout_.slabs * chunks(wide) < 8 * threads, copies_pay = layout_.inner * threads < rows_ * width_ / 4;
    by_rows_ = threads > 1 && ((few && copies_pay) || !layout_.distinct);
    return by_rows_;
  }
  Size units() const { return by_rows_ ? rows_ : layout_.slabs * chunks(wide); }

  template <class T, class... Job>
  void run(Source<T>& source, Size first, Size last, int thread, Job&... job) const {
    walk(source, first, last, job.folding(thread)...);
  }

 private:
  static constexpr Size wide = 4096, block = priel::detail::moments_at_most;

  Size chunks(Size chunk) const { return (width_ + chunk - 1) / chunk; }

  template <class T, class... Fold>
  void walk(Source<T>& source, Size first, Size last, Fold... fold) const {
    const Size items = layout_.slabs * chunks(wide);
    const Size begin = by_rows_ ? 0 : first, end = by_rows_ ? items : last;
    const Size narrow = source.is_memory() ? wide : Source<T>::wide;
    for (Size item = begin; item < end; ++item) {
      const Size slab = item / chunks(wide), left = item % chunks(wide) * wide, right = left + wide < width_ ? left + wide : width_;
      for (Size column = left; column < right; column += narrow) {
        const Size columns = right - column < narrow ? right - column : narrow;
        for (Size row = by_rows_ ? first : 0, bottom = by_rows_ ? last : rows_; row < bottom; row += block)
          fold_block(source, slab, column, columns, row, bottom - row < block ? bottom : row + block, fold...);
      }
    }
  }
  // The last row may be short.
  template <class T, class... Fold>
  void fold_block(Source<T>& source, Size slab, Size column, Size columns, Size row, Size bottom, Fold&... fold) const {
    const Size total = layout_.inner * layout_.outer, start = slab * total;
    const Size whole = total / width_ < bottom ? total / width_ : bottom, step = source.is_memory() ? 16 : 8;
    (fold.begin(columns), ...);
    const auto add = [&](Size at, Size rows, Size length) {
      Size stride = width_;
      const T* const x = source.rows(start + at * width_ + column, stride, rows, length);
      (fold.rows(x, stride, rows, length), ...);
    };
    for (Size at = row; at < whole; at += step) add(at, whole - at < step ? whole - at : step, columns);
    Size rest = 0;
    if (whole < bottom) {
      const Size length = total - whole * width_ - column;
      rest = length < 0 ? 0 : (length < columns ? length : columns);
      if (rest > 0) add(whole, 1, rest);
    }
    (fold.end(layout_.state_of(slab), column, layout_.inner, columns, [&](Size c) { return whole - row + (c < rest ? 1 : 0); }), ...);
  }

  Layout<Root> layout_;
  Size width_, rows_;
  bool by_rows_ = false;
};

// Any statistics over any axes, in C order.
template <int Root>
struct TilesPass {
  Shape<Root> extent;
  Size tiles;

  static bool copies(int threads) { return threads > 1; }
  Size units() const { return tiles; }
  template <class T, class... Job>
  void run(Source<T>& source, Size first, Size last, int thread, Job&... job) const {
    const Size n = extent.size();
    for (Size begin = first * tile; begin < n && begin < last * tile; begin += tile) {
      const int length = n - begin < tile ? static_cast<int>(n - begin) : tile;
      const T* const x = source.at(begin, length);
      (job.add(thread, x, begin, length, extent), ...);
    }
  }
};

}  // namespace priel::host
