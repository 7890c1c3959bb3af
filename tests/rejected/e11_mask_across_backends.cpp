// expect: error_E11_operands_live_on_different_backends
// max-lines: 24
// expect: Host
// expect: Reference
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A mask lives where the elements that it selects do.
#include <priel/priel.hpp>

using namespace priel;

auto selected(const Array<float, 1>& a, const Array<bool, 1, Replicated, Reference>& mask) {
#ifdef PRIEL_MISTAKE
  return select(a, mask);
#else
  return select(a, to_host(mask));
#endif
}
