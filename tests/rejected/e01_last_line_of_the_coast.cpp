// expect: operands_live_on_different_ranks
// expect: write_redistribute_right_operand_to
// expect: Split<0>
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The line that examples/coast.cpp does not have: images by date and by row.
#include <priel/priel.hpp>

using namespace priel;

auto combined(const Array<float, 3, Split<0>>& images) {
#ifdef PRIEL_MISTAKE
  auto wrong = images + redistribute(images, split<1>);
  return wrong;
#else
  auto right = images + redistribute(redistribute(images, split<1>), split<0>);
  return right;
#endif
}
