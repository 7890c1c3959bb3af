// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What a run says: on stderr for whoever waits, and with the time in a file beside its results.
#pragma once

#include "options.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace priel::app {

// Numbers that stand beside a text in JSON.
using LogNumbers = std::vector<std::pair<std::string, double>>;

// Lines on stderr, as text or as one JSON object each (`time`, `event`, `message` and numbers). Rank 0 speaks; on the others every call does
// nothing. May be called by several threads.
class RunLog {
 public:
  RunLog(LogFormat format, bool quiet, bool speaks);

  // Also to the file, what was said before too. What cannot be written there is not said twice: SystemError here, nothing later.
  void keep_in(const std::string& path);

  void say(const std::string& event, const std::string& text, const LogNumbers& numbers = {});
  // To the file only.
  void record(const std::string& event, const std::string& text, const LogNumbers& numbers = {});

  // The last words before a signal ends the process; also of a quiet run.
  void stopped(const std::string& text);

  bool quiet() const { return quiet_; }
  bool silent() const { return !speaks_; }
  LogFormat format() const { return format_; }

 private:
  void append(const std::string& line);

  LogFormat format_;
  bool quiet_, speaks_;
  std::mutex mutex_;
  std::string path_, before_;
};

}  // namespace priel::app
