// expect: error E16: the parameters of a distribution are real numbers: write real(x) or abs(x)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// There are no Poisson numbers of a complex mean.
#include <priel/priel.hpp>

using namespace priel;

auto noisy(const Array<std::complex<double>, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return random::poisson<int>(x, 1);
#else
  return random::poisson<int>(abs(x), 1);
#endif
}
