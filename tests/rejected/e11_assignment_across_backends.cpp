// expect: error_E11_operands_live_on_different_backends
// expect: Host
// expect: Reference
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// An assignment moves between ranks, not between backends.
#include <priel/priel.hpp>

using namespace priel;

void assigned(Array<float, 1>& a, const Array<float, 1, Replicated, Reference>& b) {
#ifdef PRIEL_MISTAKE
  a = b;
#else
  a = to_host(b);
#endif
}
