// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What is cleared away when a person or a batch system ends the program early.
#pragma once

#include <array>
#include <csignal>
#include <functional>
#include <thread>

namespace priel::app {

// While the object lives, SIGINT (Ctrl-C), SIGTERM and SIGHUP run `clean` on a thread of its own and end this process with status
// 128 + the signal's number; under mpirun that ends the job. Signals that the process was started to ignore stay ignored. One
// object at a time.
class OnInterrupt {
 public:
  explicit OnInterrupt(std::function<void()> clean);
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  static constexpr std::array signals_{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, signals_.size()> before_{};
  std::function<void()> clean_;
  std::thread watcher_;
};

}  // namespace priel::app
