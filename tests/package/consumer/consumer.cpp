// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A user's program: it needs nothing but the package.
#include <priel/environment.hpp>

#include <iostream>

int main(int argc, char** argv) {
  priel::Environment environment(argc, argv);
  environment.on_root([&] { std::cout << environment.size() << " rank\n"; });
}
