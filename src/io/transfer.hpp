// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Boxes cut into transfers: no single one moves more than a given number of bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace priel::io::detail {

constexpr std::int64_t largest_transfer = std::int64_t{1} << 30;

struct Transfer {
  std::vector<std::int64_t> lower, extent;
  std::int64_t first;  // where its elements start among those of the whole box
  std::int64_t count;
};

// The box in parts that follow each other in memory, cut along its first axes; none for an empty box.
inline std::vector<Transfer> transfers(std::span<const std::int64_t> lower, std::span<const std::int64_t> extent,
                                       std::int64_t element_bytes, std::int64_t limit = largest_transfer) {
  std::int64_t count = 1;
  for (const std::int64_t n : extent) count *= n;
  if (count == 0) return {};
  std::vector<Transfer> done;
  std::vector<Transfer> open{{{lower.begin(), lower.end()}, {extent.begin(), extent.end()}, 0, count}};
  while (!open.empty()) {
    const Transfer box = std::move(open.back());
    open.pop_back();
    const auto axis = std::find_if(box.extent.begin(), box.extent.end(), [](std::int64_t n) { return n > 1; });
    if (box.count * element_bytes <= limit || axis == box.extent.end()) {
      done.push_back(box);
      continue;
    }
    const auto a = static_cast<std::size_t>(axis - box.extent.begin());
    const std::int64_t slice = box.count / *axis, step = std::max<std::int64_t>(1, limit / (slice * element_bytes));
    // The last part goes in first, so that the parts come out in the order of memory.
    for (std::int64_t at = (*axis - 1) / step * step; at >= 0; at -= step) {
      Transfer part = box;
      part.lower[a] += at;
      part.extent[a] = std::min(step, *axis - at);
      part.first += at * slice;
      part.count = part.extent[a] * slice;
      open.push_back(std::move(part));
    }
  }
  return done;
}

}  // namespace priel::io::detail
