// expect: error E16: this is defined for integers only; write it of astype<int>(x)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A shift is of integers.
#include <priel/priel.hpp>

using namespace priel;

void shifted(const Array<float, 1>& x) {
#ifdef PRIEL_MISTAKE
  x << 2;
#else
  (void)ldexp(x, 2), (void)(astype<int>(x) << 2);
#endif
}
