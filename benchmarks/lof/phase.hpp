// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How long something takes, and the largest resident memory meanwhile. For Linux.
#pragma once

#include <priel/communicator.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

namespace phase {

inline std::int64_t status_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == key + ":") {
      std::int64_t kib = 0;
      status >> kib;
      return kib * 1024;
    }
  return 0;
}

// Forgets the largest resident size so far, where the kernel allows it.
inline void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

struct Cost {
  double seconds = 0;      // of the slowest rank
  std::int64_t peak = 0;   // bytes, the sum over the ranks of what each held at most
};

// Collective over world(): runs the action between barriers.
template <class Action>
Cost measure(Action&& action) {
  const priel::Comm comm = priel::world();
  forget_peak();
  comm->barrier();
  const auto start = std::chrono::steady_clock::now();
  std::forward<Action>(action)();
  comm->barrier();
  Cost cost{std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), status_bytes("VmHWM")};
  comm->all_reduce(&cost.seconds, 1, sizeof cost.seconds, [](void* into, const void* from, std::int64_t) {
    auto& a = *static_cast<double*>(into);
    a = std::max(a, *static_cast<const double*>(from));
  });
  comm->all_reduce(&cost.peak, 1, sizeof cost.peak, [](void* into, const void* from, std::int64_t) {
    *static_cast<std::int64_t*>(into) += *static_cast<const std::int64_t*>(from);
  });
  return cost;
}

}  // namespace phase
