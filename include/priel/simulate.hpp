// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Ranks as threads of one process: for tests, lessons and debuggers.
#pragma once

#include <priel/communicator.hpp>

#include <functional>

namespace priel {

// Runs `program` on p threads, each seeing a world of p ranks (priel::world()). An exception of one rank releases the
// others from whatever collective they wait in and is rethrown here (the lowest rank's, if several threw of their own).
// Ranks that end while others still wait in a collective are reported as an exception, never a hang.
void simulate(int p, const std::function<void()>& program);

}  // namespace priel
