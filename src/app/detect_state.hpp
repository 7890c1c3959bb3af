// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What an unfinished run leaves for the next: which blocks of pixels are done.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace priel::app {

// A block whose scores are in the files.
struct DoneBlock {
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;   // [first, first + count) of the list of all pixels
  double smallest = 0, largest = 0;                          // finite image values seen; smallest > largest if none
};

// The runs that such indices make up; they are sorted.
std::vector<std::pair<std::int64_t, std::int64_t>> runs_of(std::span<const std::int64_t> sorted);

// Rank-local. The mark of a block is a file of its own in `folder`, written, synchronised and renamed: it is there whole or not at all, and each
// block has one name whoever writes it. What it stands for has to be on the disk before. SystemError.
void mark_done(const std::string& folder, const DoneBlock& block);

// Rank-local: all marks of the folder; files that are none are left out.
std::vector<DoneBlock> read_marks(const std::string& folder);
bool any_mark(const std::string& folder);

// A small text file, whole or not at all.
void write_whole(const std::string& path, const std::string& text);

}  // namespace priel::app
