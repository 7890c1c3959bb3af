// expect: error_E11_operands_live_on_different_backends
// expect: Host
// expect: Reference
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Values live where the array that they are put into does.
#include <priel/priel.hpp>

using namespace priel;

auto scattered(const Array<float, 2>& base, const Array<Size, 2>& pixels, const Array<float, 1, Replicated, Reference>& values) {
#ifdef PRIEL_MISTAKE
  return scatter(base, pixels, values);
#else
  return scatter(base, pixels, to_host(values));
#endif
}
