// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a command that fits a model says on the way, and how it ends when it is asked to.
#pragma once

#include "interrupt.hpp"
#include "progress.hpp"

#include <priel/shape.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace priel::app {

// Rank 0 speaks on stderr, all ranks end at a signal: while a result is being written, after that. One object at a time.
class Fitting {
 public:
  explicit Fitting(bool quiet);

  // A note, in a line; not where it has to be quiet.
  void say(const std::string& text);

  // Runs `fit` and says how long it took, after what it returns. What has not converged is said also where it has to be quiet.
  struct End {
    bool converged = false;
    Size iterations = 0;
    std::string result;   // "inertia 78.85"
  };
  void run(const std::function<End()>& fit);
  // To be called by `fit` after each iteration; the text is asked for only where it is shown.
  void step(Size iteration, const std::function<std::string()>& text);

  // Collective: runs `action`, which writes results.
  void write(const std::function<void()>& action);

 private:
  bool speaks_, quiet_;
  std::atomic<Size> iteration_ = 0;
  std::atomic<bool> written_ = false;
  std::mutex writing_;
  std::optional<Iterations> line_;
  OnInterrupt on_interrupt_;
};

}  // namespace priel::app
