// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel coast detect`: read, plan, score, judge, write; a folder of results appears complete or not at all.
#include "commands.hpp"
#include "detect_results.hpp"

#include <priel/algorithms/detail/series.hpp>
#include <priel/environment.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <omp.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>

namespace priel::app {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The folder under a temporary name beside its place. Dropped with what is in it unless kept.
class ResultFolder {
 public:
  ResultFolder(std::string path, bool overwrite) : path_(std::move(path)), part_(path_) {
    while (part_.size() > 1 && part_.back() == '/') part_.pop_back();
    part_ += ".part";
    on_root([&] {
      if (!overwrite && fs::exists(path_)) throw InputError(path_ + ": exists already; choose another --output or say --overwrite");
    });
  }
  // Makes the temporary folder; nothing is on disk before.
  void open() {
    opened_ = true;
    on_root([&] {
      std::error_code error;
      fs::remove_all(part_, error);
      fs::create_directories(part_, error);
      if (error) throw SystemError(part_ + ": cannot be made: " + error.message());
    });
  }
  const std::string& path() const { return part_; }
  void keep() {
    on_root([&] {
      std::error_code error;
      fs::remove_all(path_, error);
      fs::rename(part_, path_, error);
      if (error) throw SystemError(path_ + ": cannot be put in place: " + error.message() + "; the results are in " + part_);
    });
    opened_ = false;
  }
  ~ResultFolder() {
    std::error_code ignored;
    if (opened_ && world()->rank() == 0) fs::remove_all(part_, ignored);
  }
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

 private:
  template <class F>
  static void on_root(F&& f) {
    agreed(*world(), [&] { if (world()->rank() == 0) f(); });
  }
  std::string path_, part_;
  bool opened_ = false;
};

std::string mebibytes(Size bytes) { return fmt::format("{:.0f} MiB", std::ceil(static_cast<double>(bytes) / (1 << 20))); }

void print_plan(const DetectOptions& options, const DetectInput& input, const BlockPlan& plan) {
  if (options.quiet && !options.dry_run) return;
  // The sum over the ranks of this machine, and the largest number of blocks.
  Size all[3] = {static_cast<Size>(plan.blocks.size()), plan.needed, plan.read};
  world()->all_reduce(all, 3, sizeof(Size), [](void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) static_cast<Size*>(into)[i] += static_cast<const Size*>(from)[i];
  });
  if (world()->rank() != 0) return;
  const auto [dates, rows, columns] = input.stack;
  fmt::print(stderr, "stack     {}: {} dates of {} x {} pixels", options.stack, dates, rows, columns);
  if (input.count() != dates) fmt::print(stderr, ", {} of them chosen", input.count());
  fmt::print(stderr, ", {} to {}\n", input.dates.front(), input.dates.back());
  fmt::print(stderr, "pixels    {} examined of {} in the mask", input.pixels.shape()[0], input.masked);
  if (input.masked > input.pixels.shape()[0]) fmt::print(stderr, "; {} too near an edge", input.masked - input.pixels.shape()[0]);
  fmt::print(stderr, "\nmethod    {}, k {}, {} over k, {}x{} patches, transform {}\n",
             options.method == Method::both ? "lof and loop" : method_name(options.method), to_text(options.k), aggregate_text(options.k), options.patch,
             options.patch, options.transform == Transform::db ? "db" : "none");
  fmt::print(stderr, "plan      {} ranks of {} threads ({}), {} blocks, {} of memory, {} of image values to read\n", world()->size(), omp_get_max_threads(),
             detail::instruction_set(), all[0], mebibytes(all[1]), mebibytes(all[2]));
  if (plan.needed > plan.budget)
    fmt::print(stderr, "priel: note: --memory {} is less than the smallest block needs\n", mebibytes(options.memory.value_or(0)));
  std::fflush(stderr);
}

void warn_of_scale(const DetectOptions& options, const DetectScores& results) {
  if (options.transform == Transform::none && results.smallest > 0 && results.largest > 100 * results.smallest && world()->rank() == 0)
    fmt::print(stderr, "priel: note: all values are positive and span {:.0f} dB; linear power is usually scored with --transform db\n",
               10 * std::log10(results.largest / results.smallest));
}

nlohmann::json file_facts(const std::string& where) {
  const std::string file = io::parse_where(where).file;
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return {{"where", where}, {"bytes", error ? 0 : size}};
}

void write_run(const std::string& path, const DetectOptions& options, const DetectInput& input, const BlockPlan& plan, const DetectScores& results,
               const Findings& findings, const std::vector<std::pair<std::string, double>>& phases) {
  nlohmann::ordered_json run;
  run["program"] = "priel " + program_version();
  run["command"] = "coast detect";
  auto& o = run["options"];
  o["method"] = method_name(findings.method);
  o["k"] = to_text(options.k);
  o["aggregate"] = aggregate_text(options.k);
  o["patch"] = options.patch;
  o["margin"] = options.margin.value_or((options.patch - 1) / 2);
  o["transform"] = options.transform == Transform::db ? "db" : "none";
  o["threshold"] = to_text(findings.threshold);
  o["min_valid"] = std::max<Size>(options.min_valid.value_or(0), options.k.largest() + 1);
  if (findings.method == Method::loop) {
    o["lambda"] = options.lambda;
    o["norm"] = options.norm == Norm::global ? "global" : "local";
  }
  run["stack"] = file_facts(options.stack);
  run["mask"] = file_facts(options.mask);
  run["values"] = {{"smallest", results.smallest}, {"largest", results.largest}};
  run["dates"] = {{"count", input.count()}, {"first", input.dates.front()}, {"last", input.dates.back()}};
  run["pixels"] = {{"mask", input.masked}, {"examined", input.pixels.shape()[0]}, {"without_scores", findings.nodata},
                   {"cannot_exceed_threshold", findings.unreachable}};
  run["ranks"] = world()->size();
  run["threads"] = omp_get_max_threads();
  run["instruction_set"] = detail::instruction_set();
  run["blocks_of_rank_0"] = plan.blocks.size();
  Size anomalies = 0, infinite = 0;
  for (const Size n : findings.counts.anomalous) anomalies += n;
  for (const Size n : findings.counts.infinite) infinite += n;
  if (!std::isnan(findings.constant)) run["results"]["threshold"] = findings.constant;
  run["results"]["anomalies"] = anomalies;
  run["results"]["infinite_scores"] = infinite;
  for (const Size t : findings.worst) run["results"]["worst_dates"].push_back(input.dates[static_cast<std::size_t>(t)]);
  for (const auto& [name, seconds] : phases) run["seconds"][name] = seconds;
  std::ofstream file(path);
  file << run.dump(2) << '\n';
  file.close();
  if (!file) throw SystemError(path + ": cannot be written");
}

}  // namespace

int run_detect(const DetectOptions& options) {
  const auto start = Clock::now();
  if (options.threads) omp_set_num_threads(*options.threads);
  ResultFolder folder(options.output, options.overwrite);
  const DetectInput input = read_input(options);
  const BlockPlan plan = plan_blocks(options, input);
  print_plan(options, input, plan);
  if (options.dry_run) return 0;
  folder.open();
  std::vector<std::pair<std::string, double>> phases{{"reading the mask and planning", seconds_since(start)}};

  const auto scoring = Clock::now();
  const DetectScores results = score_pixels(options, input, plan);
  phases.emplace_back("reading and scoring", seconds_since(scoring));
  warn_of_scale(options, results);

  std::string found;
  for (const auto& [method, scores] : results.scores) {
    const auto writing = Clock::now();
    const std::string place = folder.path() + (results.scores.size() > 1 ? "/" + method_name(method) : "");
    agreed(*world(), [&] { if (world()->rank() == 0) fs::create_directories(place); });
    const Findings findings = find_anomalies(options, input, results, method);
    write_findings(place, options, input, results, findings);
    auto own_phases = phases;
    own_phases.emplace_back("judging and writing", seconds_since(writing));
    agreed(*world(), [&] { if (world()->rank() == 0) write_run(place + "/run.json", options, input, plan, results, findings, own_phases); });
    found += summary(input, findings);
  }
  folder.keep();
  if (world()->rank() == 0 && !options.quiet) {
    fmt::print("{}", found);
    fmt::print("Results are in {} ({:.1f} s): hotspots.png, quicklook/, counts.csv, scores.h5, run.json{}\n", options.output, seconds_since(start),
               results.scores.size() > 1 ? " of each method in lof/ and loop/" : "");
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace priel::app
