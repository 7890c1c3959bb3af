// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A user's program: it needs nothing but the package.
#include <priel/priel.hpp>

#include <iostream>

using namespace priel;

int main(int argc, char** argv) {
  Environment env(argc, argv);
  Array<double, 1, Split<0>> x = sqrt(arange<double>(10));
  const double total = item(sum(x * x));
  env.on_root([&] { std::cout << total << "\n"; });
  return total > 44.9 && total < 45.1 ? 0 : 1;
}
