// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Laws of the canonical block map, for every small extent and number of parts.
#include <priel/shape.hpp>

namespace {

using namespace priel;

constexpr bool block_map_laws(Size n, int parts) {
  Size end = 0, smallest = n, largest = 0;
  for (int part = 0; part < parts; ++part) {
    const Block block = block_of(n, parts, part);
    if (block.lower != end || block.extent < 0) return false;           // disjoint, without gaps, in order
    if (part > 0 && block.extent > block_of(n, parts, part - 1).extent) return false;   // the larger ones first
    if (block.extent == 0 && n >= parts) return false;                  // empty only if n < parts
    for (Size i = block.lower; i < block.lower + block.extent; ++i)
      if (owner_of(n, parts, i) != part) return false;                  // the owner is the inverse
    end = block.lower + block.extent;
    smallest = block.extent < smallest ? block.extent : smallest;
    largest = block.extent > largest ? block.extent : largest;
  }
  return end == n && largest - smallest <= 1;                           // all of it; sizes differ by one at most
}

constexpr bool block_map_laws_up_to(Size extents, int parts) {
  for (Size n = 0; n <= extents; ++n)
    for (int p = 1; p <= parts; ++p)
      if (!block_map_laws(n, p)) return false;
  return true;
}

static_assert(block_map_laws_up_to(24, 9));
static_assert(block_of(10, 4, 0) == Block{0, 3} && block_of(10, 4, 2) == Block{6, 2});
// Sizes are 64-bit all the way.
static_assert(block_of(Size{1} << 40, 3, 2) == Block{733007751851, 366503875925} && owner_of(Size{1} << 40, 3, 733007751851) == 2);

}  // namespace
