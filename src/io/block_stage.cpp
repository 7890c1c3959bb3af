// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Windows of sources: which are wanted while blocks are planned, which serve a box while they are computed.

#include "box.hpp"

#include <priel/block_stage.hpp>

#include <algorithm>

namespace priel::detail {

Size SourceWindow::bytes() const {
  Size count = element_bytes;
  for (const Size n : extent) count *= n;
  return count;
}

Size SourceWindow::stored_bytes() const {
  const auto chunk = source->chunk();
  const Size element = io::detail::bytes_of(source->element());
  const std::size_t axes = extent.size();
  if (chunk.empty() || bytes() == 0) return bytes() / element_bytes * element;
  // The chunks under the box, and which of them a part touches.
  std::vector<Size> first(axes), count(axes);
  Size chunks = 1, chunk_bytes = element;
  for (std::size_t a = 0; a < axes; ++a) {
    first[a] = lower[a] / chunk[a];
    count[a] = (lower[a] + extent[a] - 1) / chunk[a] - first[a] + 1;
    chunks *= count[a];
    chunk_bytes *= chunk[a];
  }
  if (parts.empty()) return chunks * chunk_bytes;
  std::vector<bool> touched(static_cast<std::size_t>(chunks));
  for (std::size_t p = 0; p < parts.size(); p += 2 * axes) {
    std::vector<Size> low(axes), end(axes);
    for (std::size_t a = 0; a < axes; ++a) {
      low[a] = parts[p + a] / chunk[a] - first[a];
      end[a] = (parts[p + a] + parts[p + axes + a] - 1) / chunk[a] - first[a] + 1;
    }
    for (std::vector<Size> at = low;;) {
      Size number = 0;
      for (std::size_t a = 0; a < axes; ++a) number = number * count[a] + at[a];
      touched[static_cast<std::size_t>(number)] = true;
      std::size_t a = axes;
      while (a > 0 && ++at[a - 1] == end[a - 1]) {
        --a;
        at[a] = low[a];
      }
      if (a == 0) break;
    }
  }
  return std::count(touched.begin(), touched.end(), true) * chunk_bytes;
}

const SourceWindow* BlockStage::find(const std::shared_ptr<const io::Source>& source, io::Element as, Size element_bytes,
                                     std::span<const Size> lower, std::span<const Size> extent) {
  auto window = std::find_if(windows.begin(), windows.end(), [&](const SourceWindow& w) { return w.source == source && w.as == as; });
  if (window == windows.end()) {
    if (!planning) return nullptr;
    windows.push_back({source, as, element_bytes, {lower.begin(), lower.end()}, {extent.begin(), extent.end()}});
    window = windows.end() - 1;
  }
  for (std::size_t a = 0; a < extent.size(); ++a) {
    const Size low = std::min(window->lower[a], lower[a]), end = std::max(window->lower[a] + window->extent[a], lower[a] + extent[a]);
    if (low == window->lower[a] && end == low + window->extent[a]) continue;
    if (!planning) return nullptr;
    window->lower[a] = low;
    window->extent[a] = end - low;
  }
  if (!planning) return &*window;
  window->all = window->all || !in_parts || as == io::Element::boolean;   // what no part holds is never read, but may be computed with
  if (window->all) window->parts.clear();
  else {
    window->parts.insert(window->parts.end(), lower.begin(), lower.end());
    window->parts.insert(window->parts.end(), extent.begin(), extent.end());
  }
  return &*window;
}

}  // namespace priel::detail
