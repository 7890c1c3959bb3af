// expect: error_E14_a_kept_slice_is_a_value__assign_to_the_slice_itself
// max-lines: 24
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A slice with a name is a value: assigning to it would not change the array it came from.
#include <priel/priel.hpp>

void clear_first_column(priel::Array<float, 2, priel::Split<0>>& x) {
  using namespace priel;
#ifdef PRIEL_MISTAKE
  auto column = x(all, 0);
  column = 3.f;
#else
  x(all, 0) = 3.f;
#endif
}
