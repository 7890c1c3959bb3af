// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The lines of a fit, and its end by a signal.
#include "fitting.hpp"

#include "detect_results.hpp"
#include "tell.hpp"

#include <priel/communicator.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>

namespace priel::app {

Fitting::Fitting(bool quiet)
    : speaks_(world()->rank() == 0), quiet_(quiet || !speaks_), on_interrupt_([this] {
        writing_.lock();   // for good: the process ends
        if (!speaks_) return;
        if (isatty(STDERR_FILENO) == 1) tell("\n");   // below the moving line
        if (written_) tell("priel: stopped; the result is written\n");
        else if (iteration_ == 0) tell("priel: stopped; nothing is written\n");
        else tell(fmt::format("priel: stopped after iteration {}; nothing is written\n", iteration_.load()));
      }) {}

void Fitting::say(const std::string& text) {
  if (!quiet_) tell(text + "\n");
}

void Fitting::run(const std::function<End()>& fit) {
  const auto start = std::chrono::steady_clock::now();
  line_.emplace(quiet_);
  const End end = fit();
  line_.reset();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const std::string after = fmt::format("after {}: {}", counted(end.iterations, "iteration"), end.result);
  if (end.converged) say(fmt::format("converged {}, {:.3g} s", after, seconds.count()));
  else if (speaks_) tell(fmt::format("not converged {}, {:.3g} s; allow more --iterations or a larger --tolerance\n", after, seconds.count()));
}

void Fitting::step(Size iteration, const std::function<std::string()>& text) {
  iteration_ = iteration;
  line_->show(iteration, text);
}

void Fitting::write(const std::function<void()>& action) {
  const std::scoped_lock lock(writing_);
  action();
  written_ = true;
}

}  // namespace priel::app
