// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How far a long computation is, told without flooding a log file.
#include "progress.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace priel::app {

namespace {

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60) : fmt::format("{}:{:02}", minutes, whole % 60);
}

}  // namespace

std::string progress_text(std::int64_t done, std::int64_t total, double seconds, const std::string& things) {
  const double percent = total > 0 ? 100 * static_cast<double>(done) / static_cast<double>(total) : 100;
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string left = rate > 0 ? clock_text(static_cast<double>(total - done) / rate) + " left" : "";
  return fmt::format("{:3.0f} %  {:.{}f} {}/s  {}", std::floor(percent), rate, rate < 10 ? 1 : 0, things, left);
}

Progress::Progress(std::string things, std::int64_t total, bool silent)
    : things_(std::move(things)), total_(total), silent_(silent), terminal_(isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_(start_) {}

Progress::~Progress() {
  if (shown_ && terminal_) std::fputc('\n', stderr);
}

void Progress::advance(std::int64_t done) {
  done_ += done;
  if (silent_) return;
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
  // The last line of a moving one is shown always, so that it ends at 100 %.
  if (now - last_ < pause && !(terminal_ && done_ >= total_)) return;
  last_ = now;
  show(now);
}

void Progress::show(Clock::time_point now) {
  const std::string text = progress_text(done_, total_, std::chrono::duration<double>(now - start_).count(), things_);
  if (terminal_)
    fmt::print(stderr, "\r{}\x1b[K", text);
  else
    fmt::print(stderr, "{}\n", text);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace priel::app
