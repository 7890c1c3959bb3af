// expect: error_E10_the_assignment_narrows
// expect: write_astype
// expect: float
// expect: int
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A fraction is not cut off without a word.
#include <priel/priel.hpp>

using namespace priel;

auto counted(const Array<float, 1>& x) {
#ifdef PRIEL_MISTAKE
  Array<int, 1> n = x;
#else
  Array<int, 1> n = astype<int>(x);
#endif
  return n;
}
