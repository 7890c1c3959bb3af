// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A folder of results that appears complete or not at all, and what an unfinished run leaves for the next.
#pragma once

#include "interrupt.hpp"

#include <priel/communicator.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace priel::app {

// The right to write to a folder, as a locked file in it; it ends with the process, however that ends.
class FolderLock {
 public:
  FolderLock() = default;
  ~FolderLock() { release(); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  // False if another process has it. Where files cannot be locked, everybody has it.
  bool take(const std::string& folder);
  bool taken() const { return file_ >= 0; }
  void release();

 private:
  int file_ = -1;
};

// Results are made under a hidden name beside their place and renamed when they are kept. A run that ends early, by an error or a signal, leaves
// what it has only if it has marked a block as done (`blocks`); else all of it goes. Every call but the names is collective.
//   .NAME.part/results   becomes NAME
//   .NAME.part/run.json  what the run was asked
//   .NAME.part/blocks    the marks
//   .NAME.part/lock      locked by the run that writes there now: two at once would spoil each other's results
class ResultFolder {
 public:
  // InputError if something is there already that may not be replaced: a finished result unless `overwrite` (and then nothing but an earlier
  // result, told by a run.json, or an empty folder) or `resume`; an unfinished run unless one of the two; one that another process makes now.
  ResultFolder(const std::string& path, bool overwrite, bool resume);
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  // With `resume`: an unfinished run is there, or a finished one and nothing is to be done.
  bool unfinished() const { return unfinished_; }
  bool finished() const { return finished_; }
  // The record of that run; empty if there is none. Rank-local.
  std::string record_of_former() const;

  // Makes the hidden folder, or goes on with the one of an unfinished run; `say` tells a person how a signal ended it. SystemError if that
  // cannot be, or if less than this much is free on the disk.
  void open(std::int64_t bytes, const std::string& record, std::function<void(const std::string&)> say);
  // Where to write to between `open` and `keep`.
  const std::string& results() const { return results_; }
  const std::string& blocks() const { return blocks_; }
  // From now on an early end leaves nothing.
  void worthless() { worthless_ = true; }
  void keep();

 private:
  InputError busy() const;

  std::string path_, part_, results_, blocks_;
  bool unfinished_ = false, finished_ = false;
  std::atomic<bool> ours_ = false, kept_ = false, worthless_ = false;
  FolderLock lock_;   // of rank 0
  std::optional<OnInterrupt> interrupted_;
};

}  // namespace priel::app
