// expect: error_E12_one_rank_cannot_print_what_others_hold
// expect: call_print_x_on_every_rank
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A stream is one rank's; what is split needs all ranks.
#include <priel/priel.hpp>
#include <priel/print.hpp>

#include <iostream>

using namespace priel;

void show(const Array<float, 2, Split<0>>& x) {
#ifdef PRIEL_MISTAKE
  std::cout << x;
#else
  print(x);
  std::cout << x.local() << x.shape()[0];
#endif
}
