// expect: error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Complex numbers have no order, so nothing is below one.
#include <priel/priel.hpp>

using namespace priel;

void below(const Array<std::complex<double>, 1, Split<0>>& z) {
#ifdef PRIEL_MISTAKE
  floor(z * 2.0);
#else
  (void)floor(real(z * 2.0));
#endif
}
