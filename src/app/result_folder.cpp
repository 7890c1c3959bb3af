// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Making, dropping and keeping a folder of results.
#include "result_folder.hpp"

#include "root.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace priel::app {

namespace {

namespace fs = std::filesystem;

bool is_result(const fs::path& folder) {
  return fs::exists(folder / "run.json") || fs::exists(folder / "lof" / "run.json") || fs::exists(folder / "loop" / "run.json");
}

fs::path beside(const fs::path& path, const char* ending) { return path.parent_path() / fmt::format(".{}.{}", path.filename().string(), ending); }

// A file that is being made right now can come in between.
void drop(const fs::path& folder) {
  std::error_code error;
  for (int attempt = 0; attempt < 10 && fs::exists(folder, error); ++attempt) fs::remove_all(folder, error);
}

}  // namespace

ResultFolder::ResultFolder(const std::string& path, bool overwrite) {
  if (path.empty()) throw InputError("--output: the name of a folder is missing");
  fs::path place = fs::absolute(path).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  path_ = place;
  part_ = beside(place, "part");
  on_root([&] {
    if (!fs::exists(place)) return;
    if (!overwrite) throw InputError(path + " exists: name another folder with --output, or give --overwrite");
    if (!fs::is_directory(place)) throw InputError(path + " is no folder and is not overwritten: name another one with --output");
    if (!fs::is_empty(place) && !is_result(place))
      throw InputError(path + " holds something else than results of priel and is not overwritten: name another folder with --output");
  });
}

ResultFolder::~ResultFolder() {
  interrupted_.reset();
  if (opened_ && world()->rank() == 0) drop(part_);
}

void ResultFolder::open(std::int64_t bytes) {
  // On every rank: as soon as one has ended, mpirun kills the others.
  interrupted_.emplace([this, root = world()->rank() == 0] {
    drop(part_);
    if (!root || kept_) return;
    fmt::print(stderr, "\npriel: stopped; no results are left\n");
    std::fflush(stderr);
  });
  on_root([&] {
    std::error_code error;
    const fs::path parent = fs::path(part_).parent_path();
    if (!fs::is_directory(parent, error)) throw SystemError(fmt::format("cannot make {}: there is no folder {}", path_, parent.string()));
    drop(part_);
    fs::create_directory(part_, error);
    if (error) throw SystemError(fmt::format("cannot make {}: {}", path_, error.message()));
    const auto free = fs::space(part_, error).available;
    if (!error && free < static_cast<std::uintmax_t>(bytes)) {
      drop(part_);
      throw SystemError(fmt::format("cannot write {}: {} MiB are needed, {} MiB are free on its disk", path_, (bytes >> 20) + 1, free >> 20));
    }
  });
  opened_ = true;
}

void ResultFolder::keep() {
  on_root([&] {
    const fs::path former = beside(path_, "former");
    std::error_code error;
    drop(former);
    if (fs::exists(path_)) fs::rename(path_, former);
    fs::rename(part_, path_, error);
    if (error) {
      const std::string reason = error.message();
      if (fs::exists(former)) fs::rename(former, path_, error);
      throw SystemError(fmt::format("cannot make {}: {}", path_, reason));
    }
    kept_ = true;
    drop(former);
  });
  opened_ = false;
  interrupted_.reset();
}

}  // namespace priel::app
