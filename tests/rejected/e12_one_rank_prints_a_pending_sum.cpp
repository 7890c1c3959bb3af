// expect: error_E12_one_rank_cannot_print_what_others_hold
// expect: call_print_x_on_every_rank
// expect: Partial<
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A sum over the ranks is finished by all of them, however long the expression.
#include <priel/priel.hpp>
#include <priel/print.hpp>

#include <iostream>

using namespace priel;

void show(const Array<float, 2, Split<0>>& x, const Array<float, 2>& y) {
#ifdef PRIEL_MISTAKE
  std::cout << 2 * sum(x * x, axis<0>);
#else
  print(2 * sum(x * x, axis<0>));
  std::cout << 2 * sum(y * y, axis<0>);
#endif
}
