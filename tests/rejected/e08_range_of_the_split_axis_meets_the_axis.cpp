// expect: eval_of_the_range
// expect: Window<0>
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A range of a split axis keeps its elements where they are, which is not where an array of its length has them.
#include <priel/priel.hpp>

priel::Array<float, 2, priel::Split<0>> first_five(const priel::Array<float, 2, priel::Split<0>>& x, const priel::Array<float, 2, priel::Split<0>>& y) {
  using namespace priel;
#ifdef PRIEL_MISTAKE
  return eval(x(range(0, 5), all) + y);
#else
  return eval(eval(x(range(0, 5), all)) + y);
#endif
}
