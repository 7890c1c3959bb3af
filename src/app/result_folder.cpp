// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Making, dropping, going on with and keeping a folder of results.
#include "result_folder.hpp"

#include "detect_state.hpp"
#include "root.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace priel::app {

namespace {

namespace fs = std::filesystem;

const char* const record_name = "run.json";

// The record of a finished run: of each method in a folder of its own, or of the one.
fs::path record_in(const fs::path& folder) {
  for (const char* place : {"", "lof", "loop"})
    if (fs::exists(folder / place / record_name)) return folder / place / record_name;
  return {};
}

fs::path beside(const fs::path& path, const char* ending) { return path.parent_path() / fmt::format(".{}.{}", path.filename().string(), ending); }

// What makes a rest one to go on with goes first. A file that is being made right now can come in between.
void drop(const fs::path& folder) {
  std::error_code error;
  fs::remove(folder / record_name, error);
  for (int attempt = 0; attempt < 10 && fs::exists(folder, error); ++attempt) fs::remove_all(folder, error);
}

// Without results the marks speak of nothing: they have been kept under their own name already.
bool worth_keeping(const fs::path& part) { return fs::exists(part / record_name) && fs::exists(part / "results") && any_mark(part / "blocks"); }

// All but the lock, which is held.
void clear(const fs::path& part) {
  for (const char* const name : {record_name, "blocks", "results"}) fs::remove_all(part / name);
}

// What its files take of the disk: less than their size while rows have not been written.
std::uintmax_t held(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    struct stat facts = {};
    if (::stat(entry.path().c_str(), &facts) == 0) bytes += static_cast<std::uintmax_t>(facts.st_blocks) * 512;
  }
  return bytes;
}

}  // namespace

bool FolderLock::take(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return true;
  const bool busy = ::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  struct stat ours = {}, there = {};   // its owner may have removed the file before it let go
  if (!busy && ::fstat(file, &ours) == 0 && ::stat(path.c_str(), &there) == 0 && ours.st_ino == there.st_ino) {
    file_ = file;
    return true;
  }
  ::close(file);
  return false;
}

void FolderLock::release() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

ResultFolder::ResultFolder(const std::string& path, bool overwrite, bool resume) {
  if (path.empty()) throw InputError("--output: the name of a folder is missing");
  fs::path place = fs::absolute(path).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  path_ = place;
  part_ = beside(place, "part");
  results_ = part_ + "/results";
  blocks_ = part_ + "/blocks";
  bool found[2] = {};
  on_root([&] {
    if (fs::exists(part_) && !lock_.take(part_)) throw busy();
    const bool unfinished = worth_keeping(part_);
    if (unfinished && !overwrite && !resume)
      throw InputError(fmt::format("{}: an unfinished run of it is in {}: --resume goes on with it, --overwrite drops it", path, part_));
    found[0] = unfinished && resume;
    if (!fs::exists(place)) return;
    const bool is_folder = fs::is_directory(place), is_result = is_folder && !record_in(place).empty();
    found[1] = resume && !overwrite && !unfinished && is_result;
    if (found[1]) return;
    if (!overwrite) throw InputError(path + " exists: name another folder with --output, or give --overwrite");
    if (!is_folder) throw InputError(path + " is no folder and is not overwritten: name another one with --output");
    if (!fs::is_empty(place) && !is_result)
      throw InputError(path + " holds something else than results of priel and is not overwritten: name another folder with --output");
  });
  world()->broadcast(found, sizeof found, 0);
  unfinished_ = found[0];
  finished_ = found[1];
}

ResultFolder::~ResultFolder() {
  interrupted_.reset();
  if (ours_ && world()->rank() == 0 && (worthless_ || !worth_keeping(part_))) drop(part_);
}

InputError ResultFolder::busy() const {
  return InputError(fmt::format("{}: another run makes it now, in {}: wait for its end, or name another folder with --output", path_, part_));
}

std::string ResultFolder::record_of_former() const {
  if (!unfinished_ && !finished_) return {};
  std::ifstream file(unfinished_ ? fs::path(part_) / record_name : record_in(path_));
  return {std::istreambuf_iterator<char>(file), {}};
}

void ResultFolder::open(std::int64_t bytes, const std::string& record, std::function<void(const std::string&)> say) {
  // On every rank: as soon as one has ended, mpirun kills the others.
  interrupted_.emplace([this, say] {
    if (kept_) return;
    if (ours_ && !worthless_ && worth_keeping(part_)) return say("stopped; the blocks that are done are kept, --resume goes on with them");
    if (ours_) drop(part_);
    say("stopped; no results are left");
  });
  on_root([&] {
    std::error_code error;
    const fs::path parent = fs::path(part_).parent_path();
    if (!fs::is_directory(parent, error)) throw SystemError(fmt::format("cannot make {}: there is no folder {}", path_, parent.string()));
    const auto make = [&](const std::string& folder) {
      fs::create_directory(folder, error);
      if (error) throw SystemError(fmt::format("cannot make {}: {}", path_, error.message()));
    };
    make(part_);
    if (!lock_.taken() && !lock_.take(part_)) throw busy();
    ours_ = true;
    if (!unfinished_) clear(part_);
    make(blocks_);
    make(results_);
    const auto free = fs::space(part_, error).available;
    if (!error && free + held(part_) < static_cast<std::uintmax_t>(bytes))
      throw SystemError(fmt::format("cannot write {}: {} MiB are needed, {} MiB are free on its disk", path_, (bytes >> 20) + 1,
                                    (free + held(part_)) >> 20));
    if (!unfinished_) write_whole(part_ + "/" + record_name, record);
  });
  ours_ = true;
}

void ResultFolder::keep() {
  on_root([&] {
    const fs::path former = beside(path_, "former");
    std::error_code error;
    drop(former);
    if (fs::exists(path_)) fs::rename(path_, former);
    fs::rename(results_, path_, error);
    if (error) {
      const std::string reason = error.message();
      if (fs::exists(former)) fs::rename(former, path_, error);
      throw SystemError(fmt::format("cannot make {}: {}", path_, reason));
    }
    kept_ = true;
    drop(former);
    drop(part_);
  });
  ours_ = false;
  interrupted_.reset();
}

}  // namespace priel::app
