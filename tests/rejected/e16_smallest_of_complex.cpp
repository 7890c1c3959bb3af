// expect: error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// min, max and ptp need an order.
#include <priel/priel.hpp>

using namespace priel;

auto smallest(const Array<std::complex<double>, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return min(x, axis<0>);
#else
  return any(x, axis<0>);
#endif
}
