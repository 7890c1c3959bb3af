// expect: error_E03_reshape_needs_rows__write_redistribute_x_to_split_0
// expect: Split<1>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Columns over the ranks are not one behind the other in C order.
#include <priel/priel.hpp>

using namespace priel;

auto pairs(const Array<float, 2, Split<1>>& x) {
#ifdef PRIEL_MISTAKE
  return reshape(x, {-1, 2});
#else
  return reshape(redistribute(x, split<0>), {-1, 2});
#endif
}
