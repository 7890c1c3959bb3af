// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The memory of a run: what it may take, what it needs at least, what is left for blocks and for maps.
#pragma once

#include "detect_scores.hpp"

#include <vector>

namespace priel::app {

// Released arrays that are kept for reuse, bytes on each rank.
constexpr Size recycled_at_most = Size{16} << 20;

struct MemoryPlan {
  // Of all ranks of a machine together; the machine with most ranks counts.
  Size allowed = 0, planned = 0, smallest = 0;
  // Of one rank.
  Size share = 0;         // allowed
  Size base = 0;          // held already and by the threads
  Size for_blocks = 0;    // left for the streaming of blocks
};

// Collective, after the inputs are read.
MemoryPlan plan_memory(const DetectOptions& options, const DetectInput& input);

// The plan with the blocks in it. InputError if what is allowed is too little, naming the least that is enough.
MemoryPlan with_blocks(const MemoryPlan& memory, const ScorePlan& plan);

// Rank-local: what may still be taken now.
Size room_of(const MemoryPlan& memory);

// Collective: one number of each rank.
std::vector<Size> of_all_ranks(Size mine);

// What the blocks of an earlier run have done; read by rank 0 and told to all.
struct EarlierBlocks {
  std::vector<char> done;   // by pixel; empty: none
  double smallest = 0, largest = 0;
  EarlierBlocks();
};
EarlierBlocks earlier_blocks(const std::string& marks, const DetectInput& input);

}  // namespace priel::app
