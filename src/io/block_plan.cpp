// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Cutting rows into blocks: greedily by what they need, then agreed among the ranks.

#include <priel/algorithms/detail/block_plan.hpp>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <string>

namespace priel::detail {
namespace {

void reduce(const Communicator& comm, Size* values, int count, bool sum) {
  const auto add = [](void* into, const void* from, Size n) {
    for (Size i = 0; i < n; ++i) static_cast<Size*>(into)[i] += static_cast<const Size*>(from)[i];
  };
  const auto most = [](void* into, const void* from, Size n) {
    for (Size i = 0; i < n; ++i) static_cast<Size*>(into)[i] = std::max(static_cast<Size*>(into)[i], static_cast<const Size*>(from)[i]);
  };
  comm.all_reduce(values, count, sizeof(Size), sum ? Combine(add) : Combine(most));
}

// What all blocks of a rank need at once, and what they read.
struct Cut {
  std::vector<Block> blocks;
  BlockNeed most;
  Size read = 0, decoded = 0;
  Size peak() const { return most.peak(); }
};

class Cutter {
 public:
  Cutter(Block own, BlockNeeds& needs) : own_(own), needs_(needs) {}

  // Blocks that need at most `limit` bytes and have at most `cap` rows; one row at least.
  Cut cut(Size limit, Size cap) const {
    Cut result;
    const Size end = own_.lower + own_.extent;
    Size usual = 1;
    for (Size at = own_.lower; at < end;) {
      const Size rows = usual = longest(at, std::min(cap, end - at), limit, usual);
      const BlockNeed need = needs_.of({at, rows});
      result.blocks.push_back({at, rows});
      result.most = {std::max(result.most.windows, need.windows), std::max(result.most.other, need.other), 0};
      result.read += need.windows;
      result.decoded += need.decoded;
      at += rows;
    }
    return result;
  }

  // The same, so that the largest windows and the largest rest fit together; nothing in `blocks` if they cannot.
  Cut fitting(Size bytes) const {
    for (Size limit = bytes; limit > 0;) {
      Cut result = cut(limit, own_.extent);
      if (result.peak() <= bytes) return result;
      limit = std::min(limit - 1, static_cast<Size>(0.98 * static_cast<double>(limit) * static_cast<double>(bytes) / static_cast<double>(result.peak())));
      if (static_cast<Size>(result.blocks.size()) == own_.extent) break;   // one row each
    }
    return {};
  }

 private:
  // About the most rows from `at` on that fit; what they need grows with them.
  Size longest(Size at, Size most, Size limit, Size guess) const {
    const auto fits = [&](Size rows) { return needs_.of({at, rows}).peak() <= limit; };
    Size low = 1, high = most + 1;   // low fits or is the least, high does not
    for (Size rows = std::min(std::max<Size>(guess, 1), most); low < high - 1 && rows > low; rows = std::min(2 * rows, most)) {
      if (!fits(rows)) high = rows;
      else low = rows;
      if (high <= most || low == most) break;
    }
    while (high - low > 1 + low / 64) {
      const Size middle = low + (high - low) / 2;
      (fits(middle) ? low : high) = middle;
    }
    return low;
  }

  Block own_;
  BlockNeeds& needs_;
};

BlockNeed of_single_rows(Block own, BlockNeeds& needs) {
  BlockNeed most;
  for (Size i = 0; i < own.extent; ++i) {
    const BlockNeed need = needs.of({own.lower + i, 1});
    most = {std::max(most.windows, need.windows), std::max(most.other, need.other), 0};
  }
  return most;
}

}  // namespace

Size smallest_bound(const Communicator& comm, Block own, BlockNeeds& needs) {
  Size smallest = 0;
  agreed(comm, [&] { smallest = of_single_rows(own, needs).peak(); });
  reduce(comm, &smallest, 1, false);
  return smallest;
}

BlockCuts cut_blocks(const Communicator& comm, Block own, Size bytes, BlockNeeds& needs) {
  const Cutter cutter(own, needs);
  Cut mine;
  agreed(comm, [&] { mine = cutter.fitting(bytes); });
  Size state[] = {static_cast<Size>(mine.blocks.size()), own.extent > 0 && mine.blocks.empty()};
  reduce(comm, state, 2, false);
  if (state[1] != 0)
    throw InputError("for_each_block: a block of one row needs up to " + std::to_string(smallest_bound(comm, own, needs)) + " bytes on a rank; the bound is " +
                     std::to_string(bytes));
  const Size blocks = state[0];
  agreed(comm, [&] {
    if (static_cast<Size>(mine.blocks.size()) == blocks || own.extent == 0) return;
    for (Size cap = (own.extent + blocks - 1) / blocks; cap < own.extent; cap += 1 + cap / 8) {   // evenly
      Cut even = cutter.cut(bytes, cap);
      if (static_cast<Size>(even.blocks.size()) > blocks || even.peak() > bytes) continue;
      mine = std::move(even);
      break;
    }
  });
  mine.blocks.resize(static_cast<std::size_t>(blocks), {own.lower + own.extent, 0});
  Size sums[] = {mine.read, mine.decoded, mine.peak()};
  BlockCuts cuts{std::move(mine.blocks), {blocks, sums[0], sums[1], sums[2]}};
  reduce(comm, sums, 3, true);
  cuts.plan.all_read = sums[0];
  cuts.plan.all_decoded = sums[1];
  cuts.plan.all_peak = sums[2];
  return cuts;
}

double Laps::now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::vector<Size> order_by_tiles(const Size* pixels, Size n, Size rows, Size columns) {
  std::vector<Size> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Size{0});
  std::stable_sort(order.begin(), order.end(), [&](Size a, Size b) {
    const Size *p = pixels + 2 * a, *q = pixels + 2 * b;
    const Size left[] = {p[0] / rows, p[1] / columns, p[0], p[1]}, right[] = {q[0] / rows, q[1] / columns, q[0], q[1]};
    return std::lexicographical_compare(left, left + 4, right, right + 4);
  });
  return order;
}

}  // namespace priel::detail
