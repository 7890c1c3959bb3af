// expect: error E08: a range on the split axis moves data; write redistribute(x, replicated) first
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A range of the split axis would leave some ranks empty.
#include <priel/priel.hpp>

using namespace priel;

auto beginning(const Array<float, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  return x(range(0, 5), all);
#else
  return redistribute(x, replicated)(range(0, 5), all);
#endif
}
