// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How rows of scores are shared out.
#include "detect_passes.hpp"

namespace priel::app {

Block own_groups(Size rows) { return block_of(groups_of(rows), world()->size(), world()->rank()); }

Block own_rows(Size rows) {
  const Block groups = own_groups(rows);
  const Size low = std::min(groups.lower * rows_of_group, rows);
  return {low, std::min((groups.lower + groups.extent) * rows_of_group, rows) - low};
}

Size rows_at_once(Size dates) {
  return std::clamp<Size>((Size{1} << 20) / std::max<Size>(dates * static_cast<Size>(sizeof(float)), 1), 1, rows_of_group);
}

void sum_over_ranks(std::vector<Size>& counts) {
  world()->all_reduce(counts.data(), static_cast<Size>(counts.size()), sizeof(Size), [](void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) static_cast<Size*>(into)[i] += static_cast<const Size*>(from)[i];
  });
}

}  // namespace priel::app
