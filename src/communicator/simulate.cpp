// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The simulation: starts the ranks, lets them meet, and ends all of them when one cannot go on.

#include "threads.hpp"

#include <priel/simulate.hpp>

#include <cstring>
#include <numeric>
#include <stdexcept>
#include <thread>

#if defined(_OPENMP)
#include <omp.h>
#endif
#if defined(__linux__)
#include <pthread.h>
#endif

namespace priel {
namespace detail {

void Simulation::release(const std::string& why) {
  if (reason.empty()) reason = why;
  changed.notify_all();
}

// Nobody is left who could complete a meeting: all ranks wait or have ended.
void Simulation::release_if_stuck() {
  if (waiting == 0 || waiting + ended < ranks) return;
  std::string waits;
  int gone = -1;
  for (int rank = ranks - 1; rank >= 0; --rank) {
    const auto r = static_cast<std::size_t>(rank);
    if (has_ended[r]) gone = rank;
    if (waits_in[r] != nullptr) waits = "rank " + std::to_string(rank) + " in " + waits_in[r] + (waits.empty() ? "" : ", ") + waits;
  }
  if (gone < 0) return release("the ranks wait for each other in different groups: " + waits);
  for (const char* call : waits_in)
    if (call != nullptr) return release("rank " + std::to_string(gone) + " ended while others wait in " + call);
}

void Group::meet(int rank) {
  Simulation& all = *simulation;
  const auto self = static_cast<std::size_t>(members[static_cast<std::size_t>(rank)]);
  const Posting& mine = posts[static_cast<std::size_t>(rank)];
  std::unique_lock lock(all.mutex);
  if (!all.reason.empty()) throw Released(all.reason);

  if (++arrived == static_cast<int>(members.size())) {
    for (std::size_t q = 0; q < members.size(); ++q) {
      const bool same_call = std::strcmp(posts[q].call, mine.call) == 0;
      if (same_call && posts[q].signature == mine.signature) continue;
      all.release("rank " + std::to_string(rank) + " calls " + mine.call + " while rank " + std::to_string(q) + " calls " +
                  posts[q].call + (same_call ? " with another size or root" : ""));
      throw Released(all.reason);
    }
    complete();
    return;
  }
  const std::uint64_t before = meetings;
  ++all.waiting;
  all.waits_in[self] = mine.call;
  all.release_if_stuck();
  all.changed.wait(lock, [&] { return meetings != before || !all.reason.empty(); });
  if (meetings == before) throw Released(all.reason);
}

void Group::part(int rank) {
  Simulation& all = *simulation;
  std::unique_lock lock(all.mutex);
  if (++arrived == static_cast<int>(members.size())) return complete();
  const std::uint64_t before = meetings;
  ++all.waiting;
  all.waits_in[static_cast<std::size_t>(members[static_cast<std::size_t>(rank)])] = posts[static_cast<std::size_t>(rank)].call;
  all.changed.wait(lock, [&] { return meetings != before; });
}

void Group::complete() {
  arrived = 0;
  ++meetings;
  for (const int member : members) simulation->waits_in[static_cast<std::size_t>(member)] = nullptr;
  simulation->waiting -= static_cast<int>(members.size()) - 1;
  simulation->changed.notify_all();
}

}  // namespace detail

void simulate(int p, const std::function<void()>& program) {
  if (p < 1) throw std::invalid_argument("simulate: " + std::to_string(p) + " ranks; at least 1 expected");
  const auto simulation = std::make_shared<detail::Simulation>(p);
  std::vector<int> members(static_cast<std::size_t>(p));
  std::iota(members.begin(), members.end(), 0);
  const auto group = std::make_shared<detail::Group>(simulation, std::move(members));
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(p));

  const auto run = [&](int rank) {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), ("rank " + std::to_string(rank)).c_str());  // what a debugger lists
#endif
#if defined(_OPENMP)
    omp_set_num_threads(1);  // p ranks share the cores already
#endif
    const auto r = static_cast<std::size_t>(rank);
    try {
      const ScopedWorld scope(detail::thread_communicator(group, rank));
      program();
    } catch (const detail::Released&) {
      // Another rank is the cause and has the better text.
    } catch (...) {
      errors[r] = std::current_exception();
    }
    const std::scoped_lock lock(simulation->mutex);
    simulation->has_ended[r] = 1;
    ++simulation->ended;
    if (errors[r]) simulation->release("rank " + std::to_string(rank) + " ended with an error");
    simulation->release_if_stuck();
  };

  std::vector<std::thread> threads;
  try {
    for (int rank = 0; rank < p; ++rank) threads.emplace_back(run, rank);
  } catch (...) {
    {
      const std::scoped_lock lock(simulation->mutex);
      simulation->release("a thread could not be started");
    }
    for (auto& thread : threads) thread.join();
    throw;
  }
  for (auto& thread : threads) thread.join();
  for (const auto& error : errors)
    if (error) std::rethrow_exception(error);
  if (!simulation->reason.empty()) throw std::runtime_error(simulation->reason);
}

}  // namespace priel
