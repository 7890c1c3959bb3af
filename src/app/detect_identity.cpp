// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Hashes of inputs, and the comparison of what two runs were asked.
#include "detect_identity.hpp"

#include "commands.hpp"
#include "detect_results.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace priel::app {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Fowler, Noll and Vo's hash, variant 1a: tells changes, keeps no secrets.
class Hash {
 public:
  void add(const void* data, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) value_ = (value_ ^ static_cast<const unsigned char*>(data)[i]) * 0x100000001b3u;
  }
  std::string text() const { return fmt::format("{:016x}", value_); }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

// Size, change, ends and some of the middle of one file.
void add_file(const fs::path& path, std::int64_t end, Hash& hash, std::int64_t& bytes, std::int64_t& changed) {
  struct stat entry = {};
  if (::stat(path.c_str(), &entry) != 0 || !S_ISREG(entry.st_mode)) return;
  bytes += entry.st_size;
  changed = std::max<std::int64_t>(changed, entry.st_mtime);
  std::ifstream file(path, std::ios::binary);
  std::vector<char> part;
  const auto add = [&](std::int64_t from, std::int64_t count) {
    part.resize(static_cast<std::size_t>(std::min(count, entry.st_size - from)));
    file.seekg(from);
    file.read(part.data(), static_cast<std::streamsize>(part.size()));
    hash.add(part.data(), part.size());
  };
  if (entry.st_size <= 4 * end) return add(0, entry.st_size);
  constexpr std::int64_t pieces = 64;
  add(0, end);
  for (std::int64_t i = 1; i < pieces; ++i) add(entry.st_size / pieces * i, end / pieces);
  add(entry.st_size - end, end);
}

// A file, those of a folder, or those that a pattern fits; by name.
std::vector<fs::path> files_of(const std::string& path) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (const auto& entry : fs::directory_iterator(path, error)) files.push_back(entry.path());
  } else if (fs::exists(path, error)) {
    files.push_back(path);
  } else {
    glob_t found = {};
    if (::glob(path.c_str(), 0, nullptr, &found) == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
  }
  std::sort(files.begin(), files.end());
  return files;
}

Json facts_of(const std::string& where) {
  const FileFacts facts = file_facts(where);
  return {{"bytes", facts.bytes}, {"hash", facts.hash}};   // a copy has another time
}

Json option_facts(const DetectOptions& options) {
  Json facts;
  facts["--method"] = options.method == Method::both ? "both" : method_name(options.method);
  facts["--k"] = to_text(options.k);
  facts["--aggregate"] = aggregate_text(options.k);
  facts["--patch"] = options.patch;
  facts["--margin"] = margin_of(options);
  facts["--min-valid"] = min_valid_of(options);
  facts["--transform"] = options.transform == Transform::db ? "db" : "none";
  facts["--threshold"] = options.threshold ? to_text(*options.threshold) : "the default";
  if (options.method != Method::lof) {
    facts["--lambda"] = options.lambda;
    facts["--norm"] = options.norm == Norm::global ? "global" : "local";
  }
  facts["--score-maps"] = options.score_maps;
  return facts;
}

std::string shown(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

FileFacts file_facts(const std::string& where) {
  FileFacts facts{where, 0, "", ""};
  const std::string path = io::parse_where(where).file;
  const std::vector<fs::path> files = files_of(path);
  Hash hash;
  std::int64_t changed = 0;
  const std::int64_t end = std::min<std::int64_t>(1 << 20, (64 << 20) / static_cast<std::int64_t>(files.size() + 1));
  for (const fs::path& file : files) add_file(file, end, hash, facts.bytes, changed);
  facts.changed = fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(static_cast<std::time_t>(changed)));
  facts.hash = hash.text();
  return facts;
}

std::string identity_of(const DetectOptions& options, const DetectInput& input) {
  Hash pixels, dates;
  pixels.add(input.pixels.data(), input.pixels.size() * sizeof(Size));
  for (const std::string& date : input.dates) dates.add(date.data(), date.size() + 1);
  Json run;
  run["the program"] = "priel " + program_version();
  run["options"] = option_facts(options);
  run["the stack"] = facts_of(options.stack);
  run["the stack"]["dataset"] = io::parse_where(options.stack).dataset;
  run["the stack"]["shape"] = {input.stack[0], input.stack[1], input.stack[2]};
  run["the mask"] = facts_of(options.mask);
  run["the examined pixels"] = {{"count", input.examined()}, {"hash", pixels.text()}};
  run["the dates"] = {{"count", input.count()}, {"first", input.dates.front()}, {"last", input.dates.back()}, {"hash", dates.text()}};
  return run.dump(2);
}

std::string difference(const std::string& before, const std::string& now) {
  Json a = Json::parse(before, nullptr, false);
  const Json b = Json::parse(now, nullptr, false);
  if (a.is_discarded() || !a.is_object()) return "its record cannot be read";
  if (a.contains("identity")) a = Json(a["identity"]);   // the record of a finished run
  const auto told = [](const std::string& what, const Json& was, const Json& is) { return fmt::format("{} was {} and is {}", what, shown(was), shown(is)); };
  const Json none = "nothing";
  for (const auto& [group, value] : b.items()) {
    const Json was = a.value(group, Json());
    if (was == value) continue;
    if (!value.is_object() || !was.is_object()) return told(group, was.is_null() ? none : was, value);
    for (const auto& [name, is] : value.items())
      if (was.value(name, none) != is) return told(group == "options" ? name : group + "'s " + name, was.value(name, none), is);
    for (const auto& [name, stood] : was.items())
      if (!value.contains(name)) return told(group == "options" ? name : group + "'s " + name, stood, none);
  }
  return {};
}

}  // namespace priel::app
