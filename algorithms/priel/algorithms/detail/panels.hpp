// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// An expression a panel of axis 0 at a time: each rank's share in pieces, as many on every rank; what is to be redistributed moves piece by piece.
#pragma once

#include <priel/block_stage.hpp>
#include <priel/slice.hpp>
#include <priel/policies/redistributions.hpp>

#include <algorithm>

namespace priel::detail {

// Where x may be a redistribution that has not happened yet: it is then moved panel by panel.
template <class E>
inline constexpr bool is_movable = false;
template <class E>
inline constexpr bool is_movable<Redistribute<E, Split<0>>> = !is_partial<policy_of<E>>::value;

template <Expression E>
class Panels {
  using X = value_of<E>;
  using Backend = backend_or_default<backend_of<E>>;
  using Policy = stored_policy<policy_of<E>>;

 public:
  // `wished` slices at once; 0: about 32 MiB.
  Panels(E x, Size wished) : x_(std::move(x)), wished_(wished), comm_(comm_or_world(x_.comm())) {}

  const E& x() const { return x_; }
  const Comm& comm() const { return comm_; }

  // Elements of a slice.
  Size slice_size() const {
    const auto shape = x_.shape();
    Size slice = 1;
    for (int a = 1; a < rank_of<E>; ++a) slice *= shape[a];
    return slice;
  }

  // Which slices are rank r's; rank 0 has the largest share.
  Block rows(int r, int ranks) const {
    const auto part = Policy::part(x_.shape(), ranks, r);
    return {part.lower[0], part.extent[0]};
  }
  Block rows(int r) const { return rows(r, comm_->size()); }

  // Slices at once, the same on every rank: from global extents and the largest share.
  Size at_once(int ranks) const {
    const Size panel = wished_ > 0 ? wished_ : std::max<Size>(16, (Size{32} << 20) / static_cast<Size>(sizeof(X)) / std::max<Size>(slice_size(), 1));
    return std::min(panel, std::max<Size>(rows(0, ranks).extent, 1));
  }

  // Slices at once where a block has `rows` of them: about 8 MiB, which the caches hold in part.
  Size at_once_in_block(Size rows) const {
    constexpr Size usual = Size{8} << 20;
    const Size bytes = std::max<Size>(slice_size() * static_cast<Size>(sizeof(X)), 1);
    return std::min(wished_ > 0 ? wished_ : std::clamp<Size>(usual / bytes, 16, 4096), std::max<Size>(rows, 1));
  }

  // Rows of x.
  Box<rank_of<E>> box_of(Block rows) const {
    Box<rank_of<E>> box = whole(x_.shape());
    box.lower[0] = rows.lower;
    box.extent[0] = rows.extent;
    return box;
  }

  // f(begin, boxes) for every panel: `begin` slices of the share were before, boxes(r) is what rank r has of it.
  template <class F>
  void for_each(F&& f) const {
    const Size share = rows(0).extent, panel = at_once(comm_->size());
    if constexpr (!is_movable<E>) {
      if (block_stage) prepare_rows(x_);   // for_each_block's own
      else x_.prepare();
    } else if (!x_.filled()) x_.operand().prepare();
    for (Size begin = 0; begin < share; begin += panel) f(begin, clipped(comm_->size(), begin, panel));
  }

  // This rank's box, into memory of the backend. Collective where it moves something.
  template <class Boxes>
  void fetch(const Boxes& boxes, X* to) const {
    if constexpr (is_movable<E>) {
      if (!x_.filled()) {
        using From = policy_of<decltype(x_.operand())>;
        if constexpr (!std::is_same_v<From, Replicated> && !is_generated<From>) {
          exchange_boxes<Backend>(x_.operand(), *comm_, [&](int r) { return held_box(x_.operand(), comm_->size(), r); }, boxes, to);
        } else evaluate<Backend>(x_.operand(), boxes(comm_->rank()), to);
        return;
      }
    }
    evaluate<Backend>(x_, boxes(comm_->rank()), to);
  }

  // What preparing and fetching all panels would do.
  void plan_fetch(Plan& plan) const {
    if constexpr (is_movable<E>) {
      if (!x_.filled()) {
        const auto& from = x_.operand();
        plan_node(from, plan);
        if constexpr (!std::is_same_v<policy_of<decltype(from)>, Replicated> && !is_generated<policy_of<decltype(from)>>) {
          const auto held = [&](int r) { return held_box(from, plan.ranks(), r); };
          const auto bytes = [&](Size panel) { return exchange_bytes(plan.ranks(), held, clipped(plan.ranks(), 0, panel), sizeof(X)); };
          const auto moved = bytes(rows(0, plan.ranks()).extent), once = bytes(at_once(plan.ranks()));
          plan.message(Collective::exchange, described_move<X, Split<0>>(from), [&](int r) { return moved.sent[static_cast<std::size_t>(r)]; });
          plan.temporary("pieces sent and received", [&](int r) { return once.pieces[static_cast<std::size_t>(r)]; });
        }
        return;
      }
    }
    plan_node(x_, plan);
  }

 private:
  auto clipped(int ranks, Size begin, Size panel) const {
    return [shape = x_.shape(), ranks, begin, panel](int r) {
      Box<rank_of<E>> box = Policy::part(shape, ranks, r);
      const Size extent = box.extent[0];
      box.lower[0] += std::min(begin, extent);
      box.extent[0] = std::clamp<Size>(extent - begin, 0, panel);
      return box;
    };
  }

  E x_;
  Size wished_;
  Comm comm_;
};

}  // namespace priel::detail
