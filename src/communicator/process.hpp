// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What an Environment needs of the job it runs in: mpi.cpp defines it for MPI, no_mpi.cpp for a process of its own.
#pragma once

#include <priel/communicator.hpp>

namespace priel::detail {

// Joins the job, starting MPI if nobody has, and returns its world. argc and argv may be null.
Comm start_job(int* argc, char*** argv);

// Leaves the job: finalises what start_job began. Communicators that outlive it are only good for being destroyed.
void stop_job();

// Meets all other ranks, which must come to call this too; false if one of them has not come after so many seconds.
// True means that nobody waits for this rank any more.
bool everyone_ends_within(double seconds);

// A communicator of this rank alone that is the world all the same: inside on_root its collectives throw, those of self() do not.
Comm lone_world();

// What world() returns on threads that have no world of their own; null for self().
void set_process_world(Comm comm);

}  // namespace priel::detail
