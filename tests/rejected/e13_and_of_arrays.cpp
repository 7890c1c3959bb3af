// expect: error_E13_an_array_has_no_truth_value__write_all_or_any_of_each_or_the_elementwise_operator
// expect: all(a) && all(b), or a & b
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// && asks two numbers for their truth; of two arrays it is one mistake, not two.
#include <priel/priel.hpp>

using namespace priel;

int both(const Array<float, 2, Split<0>>& a, const Array<float, 2>& b) {
#ifdef PRIEL_MISTAKE
  if (a > 0 && b > 0) return 1;
#else
  if (all(a > 0) && all(b > 0)) return 1;
  if (any((a > 0) & (b > 0))) return 2;
#endif
  return 0;
}
