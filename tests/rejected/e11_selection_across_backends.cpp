// expect: error_E11_operands_live_on_different_backends
// expect: Reference
// max-lines: 40
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Selected elements take values of their array's backend.
#include <priel/priel.hpp>

using namespace priel;

void assigned(Array<float, 1>& a, const Array<float, 1, Replicated, Reference>& b) {
#ifdef PRIEL_MISTAKE
  a(a > 0) = b;
#else
  a(a > 0) = to_host(b);
#endif
}
