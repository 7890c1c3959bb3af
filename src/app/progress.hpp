// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How far a long computation is: on stderr, one line that moves on a terminal, one line every ten seconds otherwise.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace priel::app {

class RunLog;

// Percent, things per second and the time left of `total` things. One rank shows it; the others construct it silent.
class Progress {
 public:
  // `things` is the plural that follows the rate: "pixels". Of them, `before` were done by an earlier run and do not count for the rate.
  // With a log, the lines of every ten seconds are its own.
  Progress(std::string things, std::int64_t total, bool silent, RunLog* log = nullptr, std::int64_t before = 0);
  // Ends the moving line, so that what follows starts on a line of its own.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::int64_t done);

 private:
  using Clock = std::chrono::steady_clock;
  std::string text(Clock::time_point now) const;

  std::string things_;
  std::int64_t total_;
  std::int64_t before_;
  std::int64_t done_ = 0;
  RunLog* log_;
  bool silent_;
  bool moves_;
  bool shown_ = false;
  Clock::time_point start_;
  Clock::time_point last_;     // of the moving line
  Clock::time_point logged_;   // of the line every ten seconds
};

// How an iteration without a known end gets on: one line that moves on a terminal; otherwise a line for the iterations 1, 2, 4, 8, ... and one every
// ten seconds. One rank shows it; the others construct it silent.
class Iterations {
 public:
  explicit Iterations(bool silent);
  // Clears the moving line.
  ~Iterations();
  Iterations(const Iterations&) = delete;
  Iterations& operator=(const Iterations&) = delete;

  // After iteration 1, 2, ...; the text is asked for only where it is shown.
  void show(std::int64_t iteration, const std::function<std::string()>& text);

 private:
  using Clock = std::chrono::steady_clock;
  bool silent_, moves_, shown_ = false;
  Clock::time_point last_;
};

// The text of the line: " 42 %   1234 pixels/s   1:05 left"; the rate is that of the things done beyond `before`.
std::string progress_text(std::int64_t done, std::int64_t total, double seconds, const std::string& things, std::int64_t before = 0);

}  // namespace priel::app
