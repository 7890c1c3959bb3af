// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What decides the results of `coast detect`: options and inputs, as a text that two runs can be compared by.
#pragma once

#include "detect_input.hpp"

#include <string>

namespace priel::app {

// What a file (or a folder of files) is recognised by: its size and a hash (64-bit FNV-1a) of its first and last MiB and of 63 pieces of 16 KiB
// between, or of all of it below 4 MiB; of a folder, the sum of the sizes and a hash of all its files in the order of their names (less of
// each if they are many). A stack of 100 GB is not read twice. The time of the last change is told but not compared: copies have another.
struct FileFacts {
  std::string where;
  std::int64_t bytes = 0;
  std::string changed;   // "2026-01-31T12:00:00Z", the latest of a folder
  std::string hash;      // 16 hexadecimal digits
};
FileFacts file_facts(const std::string& where);

// JSON: the program's version, every option that changes what is written, and the inputs: their sizes and hashes, hashes of the pixels that are examined
// and of the dates. Rank-local, reads at most 4 MiB of each file.
std::string identity_of(const DetectOptions& options, const DetectInput& input);

// The first thing in which two such texts differ, "--k was 20:60 and is 20:50"; empty if they are equal.
std::string difference(const std::string& before, const std::string& now);

}  // namespace priel::app
