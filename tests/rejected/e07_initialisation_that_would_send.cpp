// expect: error_E07_an_implicit_conversion_would_send
// expect: write_redistribute_to
// expect: Split<0>
// expect: Replicated
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Copy-initialisation is implicit; gathering is not.
#include <priel/priel.hpp>

using namespace priel;

auto gathered(const Array<float, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  Array<float, 2> y = x;
#else
  Array<float, 2> y = redistribute(x, replicated);
#endif
  return y;
}
