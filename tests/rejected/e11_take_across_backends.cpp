// expect: error_E11_operands_live_on_different_backends
// max-lines: 20
// expect: Host
// expect: Reference
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Indices live where the elements that they choose do.
#include <priel/priel.hpp>

using namespace priel;

auto taken(const Array<float, 1>& a, const Array<int, 1, Replicated, Reference>& indices) {
#ifdef PRIEL_MISTAKE
  return take<0>(a, indices);
#else
  return take<0>(a, to_host(indices));
#endif
}
