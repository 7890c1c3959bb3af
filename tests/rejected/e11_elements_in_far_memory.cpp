// expect: error E11: the elements are in memory that the CPU does not read; write to_host(x).local()
// max-lines: 20
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The CPU does not read a device's memory.
#include <priel/priel.hpp>

using namespace priel;

struct Far : HostMemory {
  static constexpr const char* name = "Far";
  static constexpr bool host_memory = false;
};

float first(const Array<float, 1, Replicated, Far>& a) {
#ifdef PRIEL_MISTAKE
  return a.local()(0);
#else
  const Array<float, 1> near = to_host(a);
  return near.local()(0);
#endif
}
