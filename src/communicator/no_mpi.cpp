// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The job of a build without MPI: one process, one rank.

#include "process.hpp"

#include <priel/environment.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace priel {

Comm detail::start_job(int*, char***) { return lone_world(); }
void detail::stop_job() {}
bool detail::everyone_ends_within(double) { return true; }
bool detail::mpi_takes_device_memory() { return false; }

void abort_job(int status) {
  std::cout.flush();
  std::fflush(nullptr);
  std::_Exit(status);
}

std::string mpi_version() { return {}; }

int ranks_on_this_node() { return 1; }

}  // namespace priel
