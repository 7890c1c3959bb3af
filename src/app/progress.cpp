// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How far a long computation is, told without flooding a log file.
#include "progress.hpp"

#include "run_log.hpp"
#include "tell.hpp"

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

std::string progress_text(std::int64_t done, std::int64_t total, double seconds, const std::string& things, std::int64_t before) {
  const double percent = total > 0 ? 100 * static_cast<double>(done) / static_cast<double>(total) : 100;
  const double rate = seconds > 0 ? static_cast<double>(done - before) / seconds : 0;
  const std::string left = rate > 0 ? clock_text(static_cast<double>(total - done) / rate) + " left" : "";
  return fmt::format("{:3.0f} %  {:.{}f} {}/s  {}", std::floor(percent), rate, rate < 10 ? 1 : 0, things, left);
}

Progress::Progress(std::string things, std::int64_t total, bool silent, RunLog* log, std::int64_t before)
    : things_(std::move(things)), total_(total), before_(before), done_(before), log_(log), silent_(silent),
      moves_(!silent && isatty(STDERR_FILENO) == 1 && (!log || (!log->quiet() && log->format() == LogFormat::text))), start_(Clock::now()),
      last_(start_), logged_(start_) {}

Progress::~Progress() {
  if (shown_) tell("\n");
}

std::string Progress::text(Clock::time_point now) const {
  return progress_text(done_, total_, std::chrono::duration<double>(now - start_).count(), things_, before_);
}

void Progress::advance(std::int64_t done) {
  done_ += done;
  if (silent_) return;
  const auto now = Clock::now();
  // The last line of a moving one is shown always, so that it ends at 100 %.
  if (moves_ && (now - last_ >= std::chrono::milliseconds(200) || done_ >= total_)) {
    last_ = now;
    shown_ = true;
    tell(fmt::format("\r{}\x1b[K", text(now)));
    std::fflush(stderr);
  }
  if (now - logged_ < std::chrono::seconds(10)) return;
  logged_ = now;
  const LogNumbers numbers{{"done", static_cast<double>(done_)}, {"total", static_cast<double>(total_)}};
  if (log_ && moves_) log_->record("progress", text(now), numbers);
  else if (log_) log_->say("progress", text(now), numbers);
  else if (!moves_) {
    tell(text(now) + "\n");
    std::fflush(stderr);
  }
}

Iterations::Iterations(bool silent) : silent_(silent), moves_(!silent && isatty(STDERR_FILENO) == 1), last_(Clock::now()) {}

Iterations::~Iterations() {
  if (shown_) tell("\r\x1b[K");
}

void Iterations::show(std::int64_t iteration, const std::function<std::string()>& text) {
  if (silent_) return;
  const auto now = Clock::now();
  const bool due = moves_ ? iteration == 1 || now - last_ >= std::chrono::milliseconds(200)
                          : (iteration & (iteration - 1)) == 0 || now - last_ >= std::chrono::seconds(10);
  if (!due) return;
  last_ = now;
  shown_ = moves_;
  tell((moves_ ? "\r" : "") + text() + (moves_ ? "\x1b[K" : "\n"));
  std::fflush(stderr);
}

}  // namespace priel::app
