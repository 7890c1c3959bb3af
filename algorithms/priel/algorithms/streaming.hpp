// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// together(e...) in for_each_block: several expressions over the same rows, block by block, each window of a file read once and one block ahead.
#pragma once

#include <priel/algorithms/blocks.hpp>
#include <priel/algorithms/detail/block_plan.hpp>

#include <tuple>

namespace priel {

namespace detail {
template <class E>
inline constexpr bool streams_rows =
    std::is_same_v<stored_policy<policy_of<E>>, Replicated> || std::is_same_v<stored_policy<policy_of<E>>, Split<0>>;
}  // namespace detail

// Expressions that have their rows (axis 0) in common: each split<0>, or whole on every rank.
template <Expression... E>
struct Together {
  std::tuple<E...> expressions;
};
template <Expression... E>
  requires(sizeof...(E) > 0 && ((rank_of<E> > 0) && ...))
auto together(E&&... e) {
  static_assert((detail::streams_rows<E> && ...), "error E06: a block needs whole rows on one rank: write redistribute(x, split<0>)");
  return Together<detail::settled_t<E>...>{{detail::settled_t<E>(detail::settled(std::forward<E>(e)))...}};
}

namespace detail {

// Of Together: what a block needs, and its values, on this rank alone.
template <Expression... E>
class RowBlocks final : public BlockNeeds {
 public:
  template <class X>
  using Stored = Array<value_of<X>, rank_of<X>, Replicated, backend_or_default<backend_of<X>>>;
  using Values = std::tuple<Stored<E>...>;

  // Collective.
  explicit RowBlocks(const std::tuple<E...>& e) : e_(e) {
    const ScopedStage here(&stage_);
    each([&](const auto& x) {
      comm_ = joined_comm(comm_, x.comm());
      prepare_rows(x);
    });
    comm_ = comm_or_world(comm_);
    const Size n = std::get<0>(e_).shape()[0];
    each([&](const auto& x) {
      if (x.shape()[0] != n) throw ShapeError("together: " + std::to_string(x.shape()[0]) + " rows beside " + std::to_string(n));
    });
    constexpr bool split = (std::is_same_v<policy_of<E>, Split<0>> || ...);
    own_ = split ? block_of(n, comm_->size(), comm_->rank()) : Block{0, n};
    stage_.next_block();
  }

  const Comm& comm() const { return comm_; }
  Block own() const { return own_; }

  BlockNeed of(Block rows) override {
    plan(rows);
    BlockNeed need{0, stage_.allocated, 0};
    for (const SourceWindow& window : stage_.windows) {
      need.windows += window.bytes() + 64;
      need.decoded += window.stored_bytes();
    }
    return need;
  }
  std::vector<SourceWindow> windows(Block rows) {
    if (rows.extent == 0) return {};
    plan(rows);
    return std::move(stage_.windows);
  }

  Values compute(Block rows, std::vector<SourceWindow> windows) {
    const ScopedStage here(&stage_);
    stage_.planning = false;
    stage_.windows = std::move(windows);
    const auto one = [&](const auto& x) {
      const auto box = box_of(x, rows);
      Stored<std::remove_cvref_t<decltype(x)>> values(box.extent, self());
      evaluate<backend_of<decltype(values)>>(x, box, values.local_mut().data());
      return values;
    };
    Values values = with_all([&](const auto&... x) { return Values{one(x)...}; }, e_);
    stage_.next_block();
    return values;
  }

 private:
  void plan(Block rows) {
    const ScopedStage here(&stage_);
    stage_.planning = true;
    stage_.windows.clear();
    stage_.allocated = 0;
    each([&](const auto& x) {
      const auto box = box_of(x, rows);
      Scope scope;
      x.lower(frame_of(box), scope);
      stage_.allocated += box.size() * static_cast<Size>(sizeof(value_of<decltype(x)>));
    });
    stage_.next_block();
  }
  template <class F>
  void each(F&& f) {
    with_all([&](const auto&... x) { (f(x), ...); }, e_);
  }
  template <class X>
  static Box<rank_of<X>> box_of(const X& x, Block rows) {
    auto box = whole(x.shape());
    box.lower[0] = rows.lower;
    box.extent[0] = rows.extent;
    return box;
  }

  std::tuple<E...> e_;
  BlockStage stage_;
  Comm comm_;
  Block own_;
};

}  // namespace detail

// What for_each_block would do; reads nothing. Collective, as below.
template <int Axis, Expression... E>
  requires(Axis == 0)
BlockPlan plan_blocks(Axes<Axis>, Size bytes, const Together<E...>& e) {
  detail::RowBlocks<E...> rows(e.expressions);
  return detail::cut_blocks(*rows.comm(), rows.own(), bytes, rows).plan;
}

// The smallest bound with which for_each_block works, on the rank that needs most. Collective, as below.
template <int Axis, Expression... E>
  requires(Axis == 0)
Size smallest_bound(Axes<Axis>, const Together<E...>& e) {
  detail::RowBlocks<E...> rows(e.expressions);
  return detail::smallest_bound(*rows.comm(), rows.own(), rows);
}

// Evaluates the expressions for blocks of rows and calls sink(lower, values...) with each:
//   lower      the global index of the block's first row
//   values...  for every expression an Array of this rank's rows [lower, lower + values.shape()[0]), on this rank alone (of self())
// Blocks are runs of the rank's own rows, as long as what a block needs stays within `bytes` on the rank: the windows of files under its
// rows (twice: while a block is computed, one thread reads the next one's), what nodes stage of them, the slices that vmap has at once, and
// the results. Not counted: what exists before, and the sink's own memory. A window is read once for all expressions that come from one
// io::open.
// vmap, patches and what is point-wise on them, and views, are computed for the block's rows only; heavy nodes below (sort, sum over ranks)
// before, once.
// The sink is called equally often on every rank, and may be collective; ranks that have no more rows get empty arrays, lower is the end of
// their rows.
// Collective. Sends what preparing e sends, and agreements: a few numbers at first, two small messages a block. Errors of reading,
// computing and of the sink are agreed, so that every rank throws; no sink is called after one. InputError if a single row needs more than
// `bytes`, naming the least that works.
template <int Axis, Expression... E, class Sink>
  requires(Axis == 0)
BlockReport for_each_block(Axes<Axis>, Size bytes, const Together<E...>& e, Sink&& sink) {
  detail::RowBlocks<E...> rows(e.expressions);
  const Comm comm = rows.comm();
  const detail::BlockCuts cuts = detail::cut_blocks(*comm, rows.own(), bytes, rows);
  BlockReport report{cuts.plan};
  detail::ReadAhead ahead;
  const auto begin = [&](std::size_t b) {
    if (b >= cuts.blocks.size()) return;
    auto windows = rows.windows(cuts.blocks[b]);
    if (b == 0)
      for (const auto& window : windows) window.source->stream();
    ahead.begin(std::move(windows));
  };
  detail::Laps laps;
  for (std::size_t b = 0; b < cuts.blocks.size(); ++b) {
    typename detail::RowBlocks<E...>::Values values;
    agreed(*comm, [&] {
      if (b == 0) begin(0);
      auto windows = ahead.finish();
      report.waiting += laps.lap();
      begin(b + 1);
      values = rows.compute(cuts.blocks[b], std::move(windows));
    });
    report.computing += laps.lap();
    agreed(*comm, [&] { std::apply([&](auto&... x) { sink(cuts.blocks[b].lower, std::move(x)...); }, values); });
    report.sinking += laps.lap();
  }
  report.reading = ahead.seconds();
  return report;
}

// The order of pixels (n, 2), rows and columns, in which those of one tile of the image follow each other, tiles and the pixels of one in C order:
//   pixels = take<0>(pixels, tile_order(pixels, 256, 256))
// With tiles like the chunks of a file, or some of them together, blocks of such pixels have small windows. Replicated -> Replicated; nothing is sent.
template <Expression P>
  requires(rank_of<P> == 2 && std::is_same_v<detail::stored_policy<policy_of<P>>, Replicated>)
auto tile_order(const P& pixels, Size rows, Size columns) {
  using Backend = detail::backend_or_default<backend_of<P>>;
  const Array<Size, 2, Replicated, Backend> list(pixels);
  if (list.shape()[1] != 2 || rows < 1 || columns < 1)
    throw ShapeError("tile_order: pixels (n, 2) and tiles with rows and columns; found " + to_string(list.shape()) + " and " +
                     std::to_string(rows) + "x" + std::to_string(columns));
  std::vector<Size> order(static_cast<std::size_t>(list.size()));
  Backend::download(order.data(), list.local().data(), list.size() * static_cast<Size>(sizeof(Size)));
  order = detail::order_by_tiles(order.data(), list.shape()[0], rows, columns);
  Array<Size, 1, Replicated, Backend> result(Shape<1>{list.shape()[0]}, detail::comm_or_world(list.comm()));
  Backend::upload(result.local_mut().data(), order.data(), result.size() * static_cast<Size>(sizeof(Size)));
  return result;
}

}  // namespace priel
