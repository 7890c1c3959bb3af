// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel coast detect`: read, plan, score, judge, write; a folder of results appears complete or not at all.
#include "commands.hpp"
#include "detect_results.hpp"
#include "result_folder.hpp"
#include "root.hpp"

#include <priel/algorithms/detail/series.hpp>
#include <priel/environment.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <chrono>
#include <cmath>
#include <filesystem>

namespace priel::app {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string mebibytes(Size bytes) { return fmt::format("{:.0f} MiB", std::ceil(static_cast<double>(bytes) / (1 << 20))); }

Size methods(const DetectOptions& options) { return options.method == Method::both ? 2 : 1; }

// Scores and what stands beside them, and room for the pictures.
Size bytes_to_write(const DetectOptions& options, const DetectInput& input) {
  const Size per_pixel = input.count() * static_cast<Size>(sizeof(float)) + 2 * static_cast<Size>(sizeof(Size) + sizeof(std::uint16_t));
  return methods(options) * (input.pixels.shape()[0] * per_pixel + (Size{16} << 20));
}

// On rank 0.
void print_plan(const DetectOptions& options, const DetectInput& input, const BlockPlan& plan) {
  const auto [dates, rows, columns] = input.stack;
  fmt::print(stderr, "stack     {}: {} of {} x {} pixels", options.stack, counted(dates, "date"), rows, columns);
  if (input.count() != dates) fmt::print(stderr, ", {} of them chosen", input.count());
  if (input.time.empty()) fmt::print(stderr, ", numbered {} to {} for want of a `time` beside them\n", input.dates.front(), input.dates.back());
  else fmt::print(stderr, ", {} to {}\n", input.dates.front(), input.dates.back());
  fmt::print(stderr, "pixels    {} to examine of {} in the mask", input.pixels.shape()[0], input.masked);
  if (input.masked > input.pixels.shape()[0])
    fmt::print(stderr, "; {} nearer than {} to an edge", input.masked - input.pixels.shape()[0], counted(margin_of(options), "pixel"));
  fmt::print(stderr, "\nmethod    {}, k {}, {} over k, {}x{} patches, transform {}\n",
             options.method == Method::both ? "lof and loop" : method_name(options.method), to_text(options.k), aggregate_text(options.k), options.patch,
             options.patch, options.transform == Transform::db ? "db" : "none");
  fmt::print(stderr, "plan      {} of {} ({}), {}, {} of memory, {} of images to read, {} to write\n", counted(world()->size(), "rank"),
             counted(omp_get_max_threads(), "thread"), detail::instruction_set(), counted(plan.all_blocks, "block"), mebibytes(plan.all_needed),
             mebibytes(plan.all_read), mebibytes(bytes_to_write(options, input)));
  if (plan.all_needed > plan.all_allowed)
    fmt::print(stderr, "note      {} are allowed (--memory); so little is not enough, the plan's memory is used\n", mebibytes(plan.all_allowed));
  std::fflush(stderr);
}

// What only the values themselves can show.
void check_values(const DetectOptions& options, const DetectInput& input, const DetectScores& results) {
  if (!(results.smallest <= results.largest))
    throw InputError(fmt::format("{}: no finite value in the windows of the {} examined pixels; is it the right dataset and mask?", options.stack,
                                 input.pixels.shape()[0]));
  const auto most = static_cast<Size>(item(max(results.valid)));
  if (most < min_valid_of(options))
    throw InputError(fmt::format("{}: no pixel has {} dates without a missing value in its window, {} at most; use a --k up to {} (and --min-valid)",
                                 options.stack, min_valid_of(options), most, std::max<Size>(most - 1, 0)));
  if (options.transform == Transform::none && results.smallest > 0 && results.largest > 100 * results.smallest && world()->rank() == 0)
    fmt::print(stderr, "note      all values are positive and span {:.0f} dB; linear power is usually scored with --transform db\n",
               10 * std::log10(results.largest / results.smallest));
}

}  // namespace

int run_detect(const DetectOptions& options) {
  const auto start = Clock::now();
  if (options.threads) omp_set_num_threads(*options.threads);
  ResultFolder folder(options.output, options.overwrite);
  const DetectInput input = read_input(options);
  const BlockPlan plan = plan_blocks(options, input);
  if (!options.dry_run) folder.open(bytes_to_write(options, input));
  const bool root = world()->rank() == 0;
  if (root && (options.dry_run || !options.quiet)) print_plan(options, input, plan);
  if (options.dry_run) return 0;
  const double planning = seconds_since(start);

  const auto scoring_start = Clock::now();
  const DetectScores results = score_pixels(options, input, plan);
  check_values(options, input, results);
  const double scoring = seconds_since(scoring_start);

  std::string found;
  for (const auto& [method, scores] : results.scores) {
    const auto judging_start = Clock::now();
    const std::string place = folder.part() + (methods(options) > 1 ? "/" + method_name(method) : "");
    on_root([&] { std::filesystem::create_directories(place); });
    const Findings findings = find_anomalies(options, input, results, method);
    write_findings(place, options, input, results, findings);
    const Phases phases{{"planning", planning}, {"reading_and_scoring", scoring}, {"judging_and_writing", seconds_since(judging_start)}};
    on_root([&, ranks = world()->size()] { write_record(place + "/run.json", options, input, plan, results, findings, phases, ranks); });
    found += summary(input, findings);
  }
  folder.keep();
  if (root && !options.quiet) {
    fmt::print("{}Results are in {}{} ({:.1f} s): hotspots.png, quicklook/, counts.csv, scores.h5, run.json\n", found, options.output,
               methods(options) > 1 ? "/lof and /loop" : "", seconds_since(start));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace priel::app
