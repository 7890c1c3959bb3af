// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Lines with their time, appended and closed each time: a run that is killed has said what it said.
#include "run_log.hpp"

#include <priel/communicator.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>

namespace priel::app {

namespace {

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

std::string line_of(LogFormat format, const std::string& time, const std::string& event, const std::string& text, const LogNumbers& numbers) {
  if (format == LogFormat::text) return (time.empty() ? text : time + "  " + text) + "\n";
  nlohmann::ordered_json entry{{"time", time}, {"event", event}, {"message", text}};
  for (const auto& [name, value] : numbers) entry[name] = value;
  return entry.dump() + "\n";
}

}  // namespace

RunLog::RunLog(LogFormat format, bool quiet, bool speaks) : format_(format), quiet_(quiet), speaks_(speaks) {}

void RunLog::keep_in(const std::string& path) {
  if (!speaks_) return;
  const std::scoped_lock lock(mutex_);
  path_ = path;
  std::ofstream file(path_, std::ios::app);
  file << before_;
  file.close();
  if (!file) throw SystemError("cannot write " + path_);
  before_.clear();
}

void RunLog::append(const std::string& line) {
  if (path_.empty()) {
    before_ += line;
    return;
  }
  std::ofstream(path_, std::ios::app) << line;
}

void RunLog::record(const std::string& event, const std::string& text, const LogNumbers& numbers) {
  if (!speaks_) return;
  const std::scoped_lock lock(mutex_);
  append(line_of(format_, now(), event, text, numbers));
}

void RunLog::say(const std::string& event, const std::string& text, const LogNumbers& numbers) {
  if (!speaks_) return;
  const std::scoped_lock lock(mutex_);
  const std::string time = now();
  append(line_of(format_, time, event, text, numbers));
  if (quiet_) return;
  const std::string line = line_of(format_, format_ == LogFormat::json ? time : "", event, text, numbers);
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

void RunLog::stopped(const std::string& text) {
  record("stopped", text);
  if (!speaks_) return;
  const std::string line = format_ == LogFormat::json ? line_of(format_, now(), "stopped", text, {}) : "\npriel: " + text + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

}  // namespace priel::app
