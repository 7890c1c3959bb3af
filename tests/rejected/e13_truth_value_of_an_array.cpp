// expect: error_E13_an_array_has_no_truth_value__write_all_of_it_or_any_of_it
// expect: if (all(a == b))
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Equal where? An array is neither true nor false; numbers are.
#include <priel/priel.hpp>

using namespace priel;

int compared(const Array<float, 2, Split<0>>& a, const Array<float, 2, Split<0>>& b) {
#ifdef PRIEL_MISTAKE
  if (a == b) return 1;
#else
  if (all(a == b) || sum(a) > 0 || a(0, 0) < b(0, 0)) return 1;
#endif
  return 0;
}
