// expect: error E10: the assignment narrows; write astype
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Nor into a slice: integers do not take fractions.
#include <priel/priel.hpp>

using namespace priel;

void halves(Array<int, 2>& x) {
#ifdef PRIEL_MISTAKE
  x(range(0, 2)) = 0.5;
#else
  x(range(0, 2)) = 5;
#endif
}
