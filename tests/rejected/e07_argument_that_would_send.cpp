// expect: error_E07_an_implicit_conversion_would_send
// expect: write_redistribute_to
// expect: Split<0>
// expect: Replicated
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A function that wants all of an array does not get it without a word.
#include <priel/priel.hpp>

using namespace priel;

float first(const Array<float, 1>& x) { return item(x(0)); }

float first_of_all(const Array<float, 1, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return first(x);
#else
  return first(redistribute(x, replicated));
#endif
}
