// expect: error E17: every rank needs all probabilities: write redistribute(p, replicated)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Any slice may be drawn by any rank.
#include <priel/priel.hpp>

using namespace priel;

auto drawn(const Array<double, 2>& x, const Array<double, 1, Split<0>>& p) {
#ifdef PRIEL_MISTAKE
  return random::choice(x, p, {5}, 1);
#else
  return random::choice(x, redistribute(p, replicated), {5}, 1);
#endif
}
