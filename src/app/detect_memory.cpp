// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sharing out the memory of a machine among the ranks, and of a rank among its steps.
#include "detect_memory.hpp"

#include "detect_state.hpp"
#include "machine.hpp"
#include "rasters.hpp"
#include "root.hpp"

#include <priel/environment.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <limits>
#include <malloc.h>

namespace priel::app {

namespace {

// What grows beside what is counted: stacks and scratch of threads, pieces that the allocator holds back, the libraries' own.
Size by_the_way() { return (Size{24} << 20) + recycled_at_most + omp_get_max_threads() * (Size{4} << 20); }

// A piece of the file as it is stored, and unpacked, on each thread.
Size unpacking(const DetectOptions& options) {
  Size bytes = 2 * static_cast<Size>(sizeof(float)) * omp_get_max_threads();
  agreed(*world(), [&] {
    for (const Size n : io::chunk_shape(options.stack)) bytes *= n;
  });
  return bytes;
}

Size largest_of(Size mine) {
  world()->all_reduce(&mine, 1, sizeof mine, [](void* into, const void* from, Size) {
    *static_cast<Size*>(into) = std::max(*static_cast<Size*>(into), *static_cast<const Size*>(from));
  });
  return mine;
}

Size smallest_of(Size mine) { return -largest_of(-mine); }

// What the steps after the scores need, on a rank.
Size afterwards(const DetectInput& input) {
  return std::max({judging_bytes(input), picture_bytes(input) + input.examined() * 8, rasters_available() ? smallest_map_budget(input) : Size{0}});
}

}  // namespace

MemoryPlan plan_memory(const DetectOptions& options, const DetectInput& input) {
  MemoryPlan memory;
  const Size ranks = ranks_on_this_node();
  // The list of pixels is held again in the order of work.
  memory.base = largest_of(std::max(resident_bytes(), peak_resident_bytes()) + by_the_way() + unpacking(options) + input.examined() * 40);
  // Many ranks need more for themselves than the default leaves them.
  memory.allowed = largest_of(options.memory.value_or(std::max(Size{4} << 30, ranks * (memory.base + afterwards(input) + (Size{128} << 20)))));
  memory.share = smallest_of(memory.allowed / ranks);
  memory.for_blocks = std::max<Size>(memory.share - memory.base, 0);
  memory.smallest = largest_of(ranks) * (memory.base + afterwards(input));
  return memory;
}

MemoryPlan with_blocks(const MemoryPlan& memory, const ScorePlan& plan) {
  MemoryPlan whole = memory;
  const Size ranks = largest_of(ranks_on_this_node());
  whole.smallest = std::max(whole.smallest, ranks * (memory.base + plan.smallest));
  whole.smallest = (whole.smallest + (Size{1} << 20) - 1) >> 20 << 20;
  whole.planned = std::max(whole.smallest, memory.base * ranks + plan.peak * ranks / world()->size());
  if (whole.allowed >= whole.smallest) return whole;
  // What a process holds at its start differs by some pages from run to run: a MiB a rank more works the next time as well.
  throw InputError(fmt::format("--memory {}: too little for {} of {} on a machine; at least {} are needed{}", size_text(memory.allowed),
                               counted(ranks, "rank"), counted(omp_get_max_threads(), "thread"), size_text(whole.smallest + (ranks << 20)),
                               ranks > 1 ? ", less with fewer ranks" : ""));
}

Size room_of(const MemoryPlan& memory) {
  malloc_trim(0);
  return std::max<Size>(memory.share - resident_bytes() - (Size{16} << 20), 0);
}

std::vector<Size> of_all_ranks(Size mine) {
  std::vector<Size> all(static_cast<std::size_t>(world()->size()));
  const std::vector<std::int64_t> bytes(all.size(), sizeof(Size));
  world()->all_gather(&mine, all.data(), bytes);
  return all;
}

EarlierBlocks::EarlierBlocks() : smallest(std::numeric_limits<double>::infinity()), largest(-smallest) {}

EarlierBlocks earlier_blocks(const std::string& marks, const DetectInput& input) {
  EarlierBlocks earlier;
  const Size pixels = input.examined();
  earlier.done.resize(static_cast<std::size_t>(pixels));
  on_root([&] {
    for (const DoneBlock& block : read_marks(marks)) {
      earlier.smallest = std::min(earlier.smallest, block.smallest);
      earlier.largest = std::max(earlier.largest, block.largest);
      for (const auto& [first, count] : block.runs)
        if (first >= 0 && count >= 0 && first <= pixels - count) std::fill_n(earlier.done.begin() + first, count, char{1});
    }
  });
  world()->broadcast(earlier.done.data(), pixels, 0);
  world()->broadcast(&earlier.smallest, sizeof(double), 0);
  world()->broadcast(&earlier.largest, sizeof(double), 0);
  return earlier;
}

}  // namespace priel::app
