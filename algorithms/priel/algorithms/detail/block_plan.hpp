// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Blocks of rows cut by what they need, as many on every rank, and their windows of files read one ahead.
#pragma once

#include <priel/block_stage.hpp>
#include <priel/shape.hpp>

#include <memory>
#include <vector>

namespace priel {

// How rows are cut into blocks. Bytes `read` are of values, as they lie in memory; `decoded`: of the stored chunks that they touch, whole,
// as often as they are decompressed; `peak`: the most that is allocated at once.
struct BlockPlan {
  Size blocks = 0;                                         // on every rank; some may be empty
  Size read = 0, decoded = 0, peak = 0;                    // of this rank
  Size all_read = 0, all_decoded = 0, all_peak = 0;        // sums over the ranks
};

// What became of it: seconds of this rank. Reading happens while the block before is computed; waiting is what of it is left.
struct BlockReport {
  BlockPlan plan;
  double reading = 0, waiting = 0, computing = 0, sinking = 0;
};

namespace detail {

// Bytes that a block needs: windows of files (two blocks' at a time), and all other memory.
struct BlockNeed {
  Size windows = 0, other = 0, decoded = 0;
  Size peak() const { return 2 * windows + other; }
};
class BlockNeeds {
 public:
  virtual ~BlockNeeds() = default;
  virtual BlockNeed of(Block rows) = 0;
};

struct BlockCuts {
  std::vector<Block> blocks;   // this rank's, filled up with empty ones
  BlockPlan plan;
};
// Collective. Runs of this rank's own rows, as large as the bound allows, on ranks with fewer blocks evenly large. InputError on every rank
// if a row needs more than `bytes`, with the least that works.
BlockCuts cut_blocks(const Communicator& comm, Block own, Size bytes, BlockNeeds& needs);
// Collective: the least that works.
Size smallest_bound(const Communicator& comm, Block own, BlockNeeds& needs);

// Windows read by one thread in the background, in two places by turns.
class ReadAhead {
 public:
  ReadAhead();
  ~ReadAhead();   // waits for a read that has begun
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  // What was got by the last but one `finish` is overwritten.
  void begin(std::vector<SourceWindow> windows);
  // Waits; throws what the source threw.
  std::vector<SourceWindow> finish();
  double seconds() const;   // of reading, so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Seconds since the last call, of this thread's clock.
class Laps {
 public:
  Laps() : last_(now()) {}
  double lap() {
    const double before = last_;
    return (last_ = now()) - before;
  }
  static double now();

 private:
  double last_;
};

// tile_order of pixels (n, 2) in memory.
std::vector<Size> order_by_tiles(const Size* pixels, Size n, Size rows, Size columns);

}  // namespace detail
}  // namespace priel
