// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What rank 0 does alone while the others wait for how it ends.
#pragma once

#include <priel/communicator.hpp>

#include <system_error>

namespace priel::app {

// Collective: rank 0 runs the action in a world of its own, so that files and arrays made by it wait for nobody; all ranks throw
// what it throws. What the standard library says of files becomes a SystemError.
template <class Action>
void on_root(Action&& action) {
  const Comm everyone = world();
  agreed(*everyone, [&] {
    if (everyone->rank() != 0) return;
    const ScopedWorld alone(self());
    try {
      action();
    } catch (const std::system_error& error) {
      throw SystemError(error.what());
    }
  });
}

}  // namespace priel::app
