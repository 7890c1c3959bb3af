// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// for_each_block(axis<0>, bytes, e, sink): an expression block by block, for what is larger than memory; blocks have e's policy.
#pragma once

#include <priel/algorithms/detail/panels.hpp>
#include <priel/block_stage.hpp>

namespace priel {

// Evaluates e in blocks along axis 0, each of at most `bytes` bytes on a rank (but one row at least), and calls sink(lower, block):
//   lower   the global index, on axis 0 of e, of this rank's first row of the block
//   block   an Array with e's policy (Generated and pending e: Replicated). If e is split along axis 0, block number b is the b-th part of
//           every rank's own rows: nothing changes owner, and reductions of the block are collective as always.
// Every rank calls the sink equally often, as global extents tell; a rank with fewer rows gets an empty block at the end. Memory: one
// block (and what e needs to compute one: with a file as a leaf, the block's part of it). If e itself is redistribute(x, split<0>), x moves block by
// block; vmap is computed for the block's rows, as it is or under point-wise operators and views; other heavy nodes below e run once, before.
// Sends what e sends. If e is split, errors of evaluating a block and of the sink are agreed, so that all ranks throw: two small messages
// a block.
template <int Axis, Expression E, class Sink>
  requires(rank_of<E> > 0 && (Axis == 0 || Axis == -rank_of<E>))
void for_each_block(Axes<Axis>, Size bytes, E&& e, Sink&& sink) {
  using Operand = detail::settled_t<E>;
  using Policy = detail::stored_policy<policy_of<Operand>>;
  using Backend = detail::backend_or_default<backend_of<Operand>>;
  using Stored = Array<value_of<E>, rank_of<E>, Policy, Backend>;
  constexpr bool by_rows = detail::distributes<Policy, rank_of<E>>(0);

  Operand operand(detail::settled(std::forward<E>(e)));
  detail::BlockStage stage;
  const detail::ScopedStage here(&stage);
  if constexpr (!detail::is_movable<Operand>) detail::prepare_rows(operand);
  const auto shape = operand.shape();
  const Comm comm = detail::comm_or_world(operand.comm());
  auto row = Policy::part(shape, comm->size(), 0).extent;   // of the rank that has most
  row[0] = 1;
  const Size row_bytes = std::max<Size>(row.size() * static_cast<Size>(sizeof(value_of<E>)), 1);
  const detail::Panels<Operand> panels(std::move(operand), std::max<Size>(bytes / row_bytes, 1));

  const auto together = [&](const auto& action) {
    if constexpr (std::is_same_v<Policy, Replicated>) action();
    else agreed(*comm, action);
  };
  panels.for_each([&](Size, const auto& boxes) {
    auto extents = shape;
    extents[0] = 0;
    for (int r = 0; r < (by_rows ? comm->size() : 1); ++r) extents[0] += boxes(r).extent[0];
    Stored block(extents, comm);
    stage.next_block();
    together([&] { panels.fetch(boxes, block.local_mut().data()); });
    stage.next_block();
    together([&] {
      const detail::ScopedStage outside(nullptr);
      sink(boxes(comm->rank()).lower[0], std::move(block));
    });
  });
}

}  // namespace priel
