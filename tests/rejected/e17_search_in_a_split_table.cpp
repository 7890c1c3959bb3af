// expect: error E17: the table is one line that every rank has: write redistribute(table, replicated)
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// An element may stand anywhere in the table.
#include <priel/priel.hpp>

using namespace priel;

auto places(const Array<double, 1, Split<0>>& table, const Array<double, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return searchsorted(table, x);
#else
  return searchsorted(redistribute(table, replicated), x);
#endif
}
