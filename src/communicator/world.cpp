// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The default communicator: the thread's own world if it has one, else the process's, else this rank alone.

#include "process.hpp"

#include <utility>

namespace priel {
namespace {

thread_local Comm world_of_thread;
Comm world_of_process;

}  // namespace

Comm world() {
  if (world_of_thread) return world_of_thread;
  return world_of_process ? world_of_process : self();
}

ScopedWorld::ScopedWorld(Comm comm) : previous_(std::exchange(world_of_thread, std::move(comm))) {}

ScopedWorld::~ScopedWorld() { world_of_thread = std::move(previous_); }

void detail::set_process_world(Comm comm) { world_of_process = std::move(comm); }

}  // namespace priel
