// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Marks of blocks: a line for the range of values, then a line a run.
#include "detect_state.hpp"

#include <priel/communicator.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace priel::app {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path) { throw SystemError(fmt::format("cannot write {}: {}", path, std::strerror(errno))); }

bool is_mark(const fs::path& path) { return path.extension() == ".done"; }

}  // namespace

std::vector<std::pair<std::int64_t, std::int64_t>> runs_of(std::span<const std::int64_t> sorted) {
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;
  for (const std::int64_t index : sorted)
    if (!runs.empty() && runs.back().first + runs.back().second == index) ++runs.back().second;
    else runs.emplace_back(index, 1);
  return runs;
}

void write_whole(const std::string& path, const std::string& text) {
  const std::string part = path + ".new";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(path);
  const auto written = ::write(file, text.data(), text.size());
  const bool good = written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int error = written >= 0 && written != static_cast<ssize_t>(text.size()) ? ENOSPC : errno;
  ::close(file);
  errno = error;
  if (!good || std::rename(part.c_str(), path.c_str()) != 0) fail(path);
}

void mark_done(const std::string& folder, const DoneBlock& block) {
  std::string text = fmt::format("{:a} {:a}\n", block.smallest, block.largest);
  for (const auto& [first, count] : block.runs) text += fmt::format("{} {}\n", first, count);
  write_whole(fmt::format("{}/{}.done", folder, block.runs.front().first), text);
}

std::vector<DoneBlock> read_marks(const std::string& folder) {
  std::vector<DoneBlock> blocks;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!is_mark(entry.path())) continue;
    std::ifstream file(entry.path());
    std::string smallest, largest;
    file >> smallest >> largest;
    DoneBlock block;
    block.smallest = std::strtod(smallest.c_str(), nullptr);
    block.largest = std::strtod(largest.c_str(), nullptr);
    for (std::int64_t first = 0, count = 0; file >> first >> count;) block.runs.emplace_back(first, count);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

bool any_mark(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (is_mark(entry.path())) return true;
  return false;
}

}  // namespace priel::app
