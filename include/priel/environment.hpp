// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The program's start and end: MPI where the build has it, threads, and what happens to an error nobody caught.
#pragma once

#include <priel/communicator.hpp>

#include <utility>

namespace priel {

namespace detail {
// While one lives, collectives that this thread calls on communicators other than self() throw.
class OnRoot {
 public:
  OnRoot();
  ~OnRoot();
  OnRoot(const OnRoot&) = delete;
  OnRoot& operator=(const OnRoot&) = delete;
};

// Whether MPI sends and receives CUDA memory as it is: what the library says of itself, or the variable PRIEL_MPI_DEVICE_MEMORY
// (0 or 1) where a user knows better. False without MPI and before an Environment.
bool mpi_takes_device_memory();
}  // namespace detail

// One object at the top of main. Initialises MPI (works without mpirun too: one rank), gives each rank of a machine its part of
// the cores as OpenMP threads where OMP_NUM_THREADS is not set, installs a terminate handler that
// prints an agreed error on rank 0 and any other on the rank that throws and then ends the whole job with a non-zero
// status. Its destructor ends the job if it runs during unwinding, so that no other rank waits for this one.
class Environment {
 public:
  Environment();
  Environment(int& argc, char**& argv);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  int rank() const { return world()->rank(); }
  int size() const { return world()->size(); }
  Comm world() const { return priel::world(); }

  // Calls f on rank 0 only: for what one rank prints or writes. The other ranks do not come to a collective inside f, so it
  // throws std::logic_error instead of waiting for ever, on one rank too. What f computes for itself, it computes on self().
  template <class F>
  void on_root(F&& f) const {
    if (rank() != 0) return;
    const detail::OnRoot guard;
    std::forward<F>(f)();
  }
};

// Ends every rank of the job at once with this exit status.
[[noreturn]] void abort_job(int status);

// Whether this build has MPI, and which ("Open MPI 4.1.4"); empty without.
std::string mpi_version();

// This many ranks share this machine's memory with this one (itself included).
int ranks_on_this_node();

}  // namespace priel
