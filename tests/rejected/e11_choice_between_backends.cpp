// expect: on_different_backends
// expect: Host
// expect: Reference
// max-lines: 30
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The third operand's memory is another backend's.
#include <priel/priel.hpp>

using namespace priel;

auto chosen(const Array<float, 1>& a, const Array<float, 1, Replicated, Reference>& b) {
#ifdef PRIEL_MISTAKE
  return where(a > 0, a, b);
#else
  return where(a > 0, a, to_host(b));
#endif
}
