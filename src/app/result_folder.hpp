// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A folder of results that appears complete or not at all.
#pragma once

#include "interrupt.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace priel::app {

// The folder is filled under a hidden name beside its place and renamed when it is kept. If it is not kept, by an error or a
// signal, it goes with what is in it. Every call but `part` is collective.
class ResultFolder {
 public:
  // InputError if something is there already that may not be replaced: without `overwrite` anything, with it all but an earlier
  // result (told by a run.json) and an empty folder.
  ResultFolder(const std::string& path, bool overwrite);
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  // Makes the hidden folder. SystemError if that cannot be, or if less than this much is free on the disk.
  void open(std::int64_t bytes);
  // Where to write to between `open` and `keep`.
  const std::string& part() const { return part_; }
  void keep();

 private:
  std::string path_, part_;
  bool opened_ = false;
  std::atomic<bool> kept_ = false;
  std::optional<OnInterrupt> interrupted_;
};

}  // namespace priel::app
