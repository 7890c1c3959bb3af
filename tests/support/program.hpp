// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Running the program `priel` as a user would, on any number of ranks, and folders to leave its files in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace priel::test {

struct Outcome {
  int status = 0;        // the exit status; 128 + the signal's number if one ended it, 124 if it took too long
  std::string output;    // stdout
  std::string errors;    // stderr
  double seconds = 0;
};

// Runs a command, the first element looked up in PATH, with nothing to read on stdin. After `limit` seconds it is
// ended with all that it started.
Outcome run(const std::vector<std::string>& command, double limit = 300);

// Runs `priel ARGUMENTS`: without mpirun if `ranks` is 0, else under `mpirun -q -n ranks`;
// a build without MPI is one rank in any case.
Outcome run_priel(const std::vector<std::string>& arguments, int ranks = 0, double limit = 300);

// A new empty folder under the system's temporary one, removed with the object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace priel::test
