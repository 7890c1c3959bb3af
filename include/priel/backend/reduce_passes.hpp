// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The orders in which a reduction walks its operand: run by run, columns down their rows, or tile by tile for what fits neither.
#pragma once

#include <priel/backend/reduce_source.hpp>
#include <priel/backend/reduce_states.hpp>
#include <priel/backend/tiles.hpp>

#include <vector>

namespace priel::host {

using Foldings = std::vector<std::unique_ptr<Folded>>;

// The axes of a reduction from the last: `inner` elements of axes that all stay (columns) or all go (runs), `outer` of axes of the
// other kind, and `slabs` of any. Axes of extent 1 belong anywhere.
struct Layout {
  bool columns = false, regular = true;
  bool distinct = true;   // no two slabs have states in common
  Size inner = 1, outer = 1, slabs = 1;

  Layout(const Size* extent, const Size* stride, int rank) : extent_(extent), stride_(stride) {
    int a = rank - 1;
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
    outer_axes_ = a + 1;
    for (int b = 0; b <= a; ++b) {
      distinct = distinct && (extent[b] == 1 || stride[b] != 0);
      slabs *= extent[b];
    }
  }
  // The first state of a slab.
  Size state_of(Size slab) const {
    Size at = 0;
    for (int a = outer_axes_ - 1; a >= 0; slab /= extent_[a--]) at += stride_[a] * (slab % extent_[a]);
    return at;
  }

 private:
  const Size* extent_;
  const Size* stride_;
  int outer_axes_;
};

// Neighbours become one state. Units are elements where there are few runs, else runs, so that no two threads meet in a state.
class RunsPass {
 public:
  RunsPass(const Layout& layout, Size n) : layout_(layout), n_(n) {}
  bool copies(int threads) {
    by_runs_ = threads == 1 || (layout_.distinct && n_ / layout_.inner >= 8 * threads);
    return !by_runs_;
  }
  Size units() const { return by_runs_ ? n_ / layout_.inner : n_; }

  void run(Source& source, Size first, Size last, int thread, Jobs jobs) const {
    Size piece = source.is_memory() ? Size{1} << 16 : Source::staged;
    Foldings folds;
    for (const Job* job : jobs) {
      folds.push_back(job->folding(thread));
      piece = job->traits.elements_at_most < piece ? job->traits.elements_at_most : piece;
    }
    walk(source, by_runs_ ? first * layout_.inner : first, by_runs_ ? last * layout_.inner : last, piece, folds);
  }

 private:
  void walk(Source& source, Size begin, Size end, Size piece, const Foldings& folds) const {
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
      const void* const x = source.at(begin, count * n);
      for (const auto& fold : folds) fold->runs(at, x, count, n);
      begin += count * n;
    }
  }
  static Size smallest(Size a, Size b, Size c) { return a < b ? (a < c ? a : c) : (b < c ? b : c); }

  Layout layout_;
  Size n_;
  bool by_runs_ = true;
};

// Rows are folded into one state for each column, a chunk of columns after the other. Few columns are widened to several rows side
// by side. Units are chunks where there are many, else rows.
class ColumnsPass {
 public:
  static constexpr Size least = 256;
  explicit ColumnsPass(const Layout& layout) : layout_(layout) {
    const Size fit = joined / layout.inner;
    width_ = layout.inner * (fit < 1 ? 1 : (fit < layout.outer ? fit : layout.outer));
    rows_ = (layout.inner * layout.outer + width_ - 1) / width_;
  }
  bool copies(int threads) {
    if (threads > 1 && width_ == layout_.inner) wide_ = narrowest;   // joined rows have columns of the same state, which no two threads may have
    const bool few = layout_.slabs * chunks() < 8 * threads, copies_pay = layout_.inner * threads < rows_ * width_ / 4;
    by_rows_ = threads > 1 && ((few && copies_pay) || !layout_.distinct);
    if (by_rows_) wide_ = widest;
    return by_rows_;
  }
  Size units() const { return by_rows_ ? rows_ : layout_.slabs * chunks(); }

  void run(Source& source, Size first, Size last, int thread, Jobs jobs) const {
    Foldings folds;
    for (const Job* job : jobs) folds.push_back(job->folding(thread));
    walk(source, first, last, folds);
  }

 private:
  // Columns side by side: accumulators stay in the second-level cache; in the first where rows are joined, which lie one after the other.
  static constexpr Size widest = 16384, narrowest = 4096, joined = 8192, block = priel::detail::moments_at_most;

  Size chunks() const { return (width_ + wide_ - 1) / wide_; }

  void walk(Source& source, Size first, Size last, const Foldings& folds) const {
    const Size items = layout_.slabs * chunks();
    const Size begin = by_rows_ ? 0 : first, end = by_rows_ ? items : last;
    const Size narrow = source.is_memory() ? wide_ : Source::wide;
    for (Size item = begin; item < end; ++item) {
      const Size slab = item / chunks(), left = item % chunks() * wide_, right = left + wide_ < width_ ? left + wide_ : width_;
      for (Size column = left; column < right; column += narrow) {
        const Size columns = right - column < narrow ? right - column : narrow;
        for (Size row = by_rows_ ? first : 0, bottom = by_rows_ ? last : rows_; row < bottom; row += block)
          fold_block(source, slab, column, columns, row, bottom - row < block ? bottom : row + block, folds);
      }
    }
  }
  // The last row may be short.
  void fold_block(Source& source, Size slab, Size column, Size columns, Size row, Size bottom, const Foldings& folds) const {
    const Size total = layout_.inner * layout_.outer, start = slab * total;
    const Size whole = total / width_ < bottom ? total / width_ : bottom, step = source.is_memory() ? 16 : 8;
    for (const auto& fold : folds) fold->begin(columns);
    const auto add = [&](Size at, Size rows, Size length) {
      Size stride = width_;
      const void* const x = source.rows(start + at * width_ + column, stride, rows, length);
      for (const auto& fold : folds) fold->rows(x, stride, rows, length);
    };
    for (Size at = row; at < whole; at += step) add(at, whole - at < step ? whole - at : step, columns);
    Size rest = 0;
    if (whole < bottom) {
      const Size length = total - whole * width_ - column;
      rest = length < 0 ? 0 : (length < columns ? length : columns);
      if (rest > 0) add(whole, 1, rest);
    }
    for (const auto& fold : folds) fold->end(layout_.state_of(slab), column, layout_.inner, columns, whole - row, rest);
  }

  Layout layout_;
  Size width_, rows_, wide_ = widest;
  bool by_rows_ = false;
};

// Any statistics over any axes, in C order.
struct TilesPass {
  const Size* extent;
  int rank;
  Size n, tiles, element;

  static bool copies(int threads) { return threads > 1; }
  Size units() const { return tiles; }
  void run(Source& source, Size first, Size last, int thread, Jobs jobs) const {
    Foldings folds;
    for (const Job* job : jobs) folds.push_back(job->folding(thread));
    for (Size begin = first * tile; begin < n && begin < last * tile; begin += tile) {
      const int length = n - begin < tile ? static_cast<int>(n - begin) : tile;
      const auto* const x = static_cast<const std::byte*>(source.at(begin, length));
      for (int j = 0; j < jobs.number; ++j) add(*jobs.first[j], folds[static_cast<std::size_t>(j)].get(), thread, x, begin, length);
    }
  }

 private:
  // States of neighbours are neighbours, or one.
  void add(Job& job, Folded* fold, int thread, const std::byte* x, Size begin, int length) const {
    walk_rows(begin, length, extent, job.stride, rank, [&](Size done, int here, Size at, Size step) {
      const void* const from = x + done * element;
      if (!fold) job.add(thread, from, here, at, step);
      else if (step == 0) fold->runs(at, from, 1, here);
      else fold->runs(at, from, here, 1);
    });
  }
};

template <class Pass>
void run_pass(Pass pass, const Values& values, Jobs jobs, int threads) {
  if (pass.copies(threads))
    for (Job* job : jobs) job->divide(threads);
  parallel_tiles(pass.units(), threads, [&](Size begin, Size end, int thread) {
    values.use([&](Source& source) { pass.run(source, begin, end, thread, jobs); });
  });
  for (Job* job : jobs) job->merge();
}

// Jobs over the same axes, which have kernels: the states are walked in the order that suits them. Others: tile by tile.
[[gnu::noinline]] inline void reduce_values(const Values& values, Jobs jobs) {
  const Size n = values.size(), tiles = (n + tile - 1) / tile;
  if (n == 0) return;
  Size states = 0;
  bool closed = true;
  for (const Job* job : jobs) {
    states += job->size;
    closed = closed && job->traits.closed;
    for (int a = 0; a < values.rank; ++a) closed = closed && job->stride[a] == jobs.first[0]->stride[a];
  }
  const Size copies_pay = grain + states / tile * 8;   // a copy of the states must cost less than it saves
  if (closed) {
    if (const Layout layout(values.extent, jobs.first[0]->stride, values.rank); layout.regular) {
      share_work(jobs);
      const int threads = threads_for(tiles, layout.distinct ? grain : copies_pay);
      if (!layout.columns) return run_pass(RunsPass(layout, n), values, jobs, threads);
      if (layout.slabs == 1 || layout.inner * layout.outer >= ColumnsPass::least) return run_pass(ColumnsPass(layout), values, jobs, threads);
      unshare_work(jobs);
    }
  }
  run_pass(TilesPass{values.extent, values.rank, n, tiles, values.element}, values, jobs, threads_for(tiles, copies_pay));
}

}  // namespace priel::host
