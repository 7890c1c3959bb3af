// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Ranks as threads: where they meet, and how all are released when one of them cannot come any more.
#pragma once

#include <priel/communicator.hpp>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace priel::detail {

// Thrown out of a collective because of something that another rank did.
class Released : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All ranks of one simulation. `mutex` guards everything here and the meeting state of every group.
struct Simulation {
  explicit Simulation(int p) : ranks(p), waits_in(static_cast<std::size_t>(p)), has_ended(static_cast<std::size_t>(p)) {}

  std::mutex mutex;
  std::condition_variable changed;
  int ranks;
  int waiting = 0;
  int ended = 0;
  std::vector<const char*> waits_in;  // by rank: the collective it waits in, or null
  std::vector<char> has_ended;
  std::string reason;                 // why everybody is released; empty while all is well

  // These expect the mutex to be held.
  void release(const std::string& why);
  void release_if_stuck();
};

// What a rank shows the others in a meeting. What the pointers point to stays valid until the following meeting.
struct Posting {
  const char* call = "";
  std::int64_t signature = 0;         // must be the same on every rank
  const void* data = nullptr;
  std::int64_t value = 0;
  std::shared_ptr<struct Group> group = {};
};

// A communicator's ranks and their meeting point.
struct Group {
  Group(std::shared_ptr<Simulation> s, std::vector<int> m) : simulation(std::move(s)), members(std::move(m)), posts(members.size()) {}

  // Returns when all members have come. Throws Released if that cannot happen, or if they came to different calls.
  void meet(int rank);

  // The second meeting of a call: all members are on their way and still read each other's data, so nothing ends it early.
  void part(int rank);

  std::shared_ptr<Simulation> simulation;
  std::vector<int> members;           // ranks of the simulation
  std::vector<Posting> posts;         // by rank of the group; written by its rank between two meetings
  int arrived = 0;
  std::uint64_t meetings = 0;

 private:
  void complete();
};

Comm thread_communicator(std::shared_ptr<Group> group, int rank);

}  // namespace priel::detail
