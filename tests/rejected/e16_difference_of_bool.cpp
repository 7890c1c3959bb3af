// expect: error E16: this is not defined for bool; write it of astype<int>(x), or ~, ^ and logical_not
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the difference of two truth values would be is not clear, so NumPy has none.
#include <priel/priel.hpp>

using namespace priel;

void difference(const Array<bool, 1>& a, const Array<bool, 1>& b) {
#ifdef PRIEL_MISTAKE
  a - b;
#else
  (void)(a ^ b);
#endif
}
