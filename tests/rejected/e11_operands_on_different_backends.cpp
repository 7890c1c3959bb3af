// expect: on_different_backends
// expect: Host
// expect: Reference
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Memory of one backend is no operand of another.
#include <priel/priel.hpp>

using namespace priel;

auto added(const Array<float, 1>& a, const Array<float, 1, Replicated, Reference>& b) {
#ifdef PRIEL_MISTAKE
  return a + b;
#else
  return a + to_host(b);
#endif
}
