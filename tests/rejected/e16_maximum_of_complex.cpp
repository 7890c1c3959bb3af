// expect: error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Nor is one of two the larger.
#include <priel/priel.hpp>

using namespace priel;

void larger(const Array<std::complex<float>, 1>& z, const Array<float, 1>& x) {
#ifdef PRIEL_MISTAKE
  maximum(z, x);
#else
  (void)maximum(abs(z), x);
#endif
}
