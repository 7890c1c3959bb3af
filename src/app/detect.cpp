// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel coast detect`: read, plan, score block by block, judge, write; a folder of results appears complete or not at all.
#include "commands.hpp"
#include "detect_identity.hpp"
#include "detect_memory.hpp"
#include "detect_scores.hpp"
#include "detect_state.hpp"
#include "machine.hpp"
#include "rasters.hpp"
#include "result_folder.hpp"
#include "root.hpp"

#include <priel/algorithms/detail/series.hpp>
#include <priel/backend/memory.hpp>
#include <priel/environment.hpp>

#include <fmt/format.h>
#include <malloc.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

namespace priel::app {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string mebibytes(Size bytes) { return fmt::format("{:.0f} MiB", std::ceil(static_cast<double>(bytes) / (1 << 20))); }

// Scores and maps, and room for the pictures.
Size bytes_to_write(const DetectOptions& options, const DetectInput& input) {
  const Size methods = options.method == Method::both ? 2 : 1;
  return score_file_bytes(options, input) + methods * ((rasters_available() ? map_bytes(options, input) : 0) + (Size{16} << 20));
}

void say_plan(RunLog& log, const DetectOptions& options, const DetectInput& input, const ScorePlan& plan, const MemoryPlan& memory) {
  const auto [dates, rows, columns] = input.stack;
  std::string line = fmt::format("stack     {}: {} of {} x {} pixels", options.stack, counted(dates, "date"), rows, columns);
  if (input.count() != dates) line += fmt::format(", {} of them chosen", input.count());
  if (input.time.empty()) line += fmt::format(", numbered {} to {} for want of a `time` beside them", input.dates.front(), input.dates.back());
  else line += fmt::format(", {} to {}", input.dates.front(), input.dates.back());
  log.say("plan", line);
  const Size examined = input.examined(), left = static_cast<Size>(plan.order.size());
  line = fmt::format("pixels    {} to examine of {} in the mask", examined, input.masked);
  if (input.masked > examined) line += fmt::format("; {} nearer than {} to an edge", input.masked - examined, counted(margin_of(options), "pixel"));
  if (left < examined) line += fmt::format("; {} done by an earlier run", examined - left);
  log.say("plan", line);
  log.say("plan", fmt::format("method    {}, k {}, {} over k, {}x{} patches, transform {}",
                              options.method == Method::both ? "lof and loop" : method_name(options.method), to_text(options.k), aggregate_text(options.k),
                              options.patch, options.patch, options.transform == Transform::db ? "db" : "none"));
  log.say("plan", fmt::format("plan      {} of {} ({}), {}, {} of memory of {} allowed ({} needed at least), {} of images to read ({} unpacked), {} to write",
                              counted(world()->size(), "rank"), counted(omp_get_max_threads(), "thread"), detail::instruction_set(), counted(plan.blocks, "block"),
                              mebibytes(memory.planned), mebibytes(memory.allowed), mebibytes(memory.smallest), mebibytes(plan.read), mebibytes(plan.decoded),
                              mebibytes(bytes_to_write(options, input))),
          {{"blocks", static_cast<double>(plan.blocks)}, {"memory_planned", static_cast<double>(memory.planned)},
           {"memory_allowed", static_cast<double>(memory.allowed)}, {"memory_needed", static_cast<double>(memory.smallest)},
           {"bytes_to_read", static_cast<double>(plan.read)}, {"bytes_to_unpack", static_cast<double>(plan.decoded)}});
  if (!rasters_available()) log.say("note", "note      no GeoTIFF maps will be written: this build has no GDAL");
}

// What only the values themselves can show.
void check_values(const DetectOptions& options, const DetectInput& input, const ScoreFile& file, double smallest, double largest, RunLog& log) {
  if (!(smallest <= largest))
    throw InputError(fmt::format("{}: no finite value in the windows of the {} examined pixels; is it the right dataset and mask?", options.stack,
                                 input.examined()));
  Size most = 0;
  on_root([&] {
    const io::Rows rows(file.path + ":/n_valid", io::Element::uint16, false);
    std::vector<std::uint16_t> valid(static_cast<std::size_t>(rows.count()));
    rows.read(0, rows.count(), valid.data());
    most = *std::max_element(valid.begin(), valid.end());
  });
  world()->broadcast(&most, sizeof most, 0);
  if (most < min_valid_of(options))
    throw InputError(fmt::format("{}: no pixel has {} dates without a missing value in its window, {} at most; use a --k up to {} (and --min-valid)",
                                 options.stack, min_valid_of(options), most, std::max<Size>(most - 1, 0)));
  if (options.transform == Transform::none && smallest > 0 && largest > 100 * smallest)
    log.say("note", fmt::format("note      all values are positive and span {:.0f} dB; linear power is usually scored with --transform db",
                                10 * std::log10(largest / smallest)));
}

// One run, from its plan to its results.
class Detection {
 public:
  Detection(const DetectOptions& options, RunLog& log)
      : options_(options), log_(log), folder_(options.output, options.overwrite, options.resume), input_(read_input(options)) {}

  int run() {
    const bool begun = compare_with_former();
    if (folder_.finished()) {
      log_.say("done", fmt::format("{} is complete, and of the same inputs and options; nothing is to be done", options_.output));
      return 0;
    }
    const EarlierBlocks earlier = begun ? earlier_blocks(folder_.blocks(), input_) : EarlierBlocks{};
    const MemoryPlan memory = plan_memory(options_, input_);
    const ScorePlan plan = plan_scores(options_, input_, earlier.done, memory.for_blocks);
    const MemoryPlan whole = with_blocks(memory, plan);
    if (options_.dry_run) {
      say_plan(log_, options_, input_, plan, whole);
      return 0;
    }
    folder_.open(bytes_to_write(options_, input_), identity_, [this](const std::string& text) {
      if (!log_.silent()) log_.stopped(text);
    });
    log_.keep_in(folder_.results() + "/run.log");
    say_plan(log_, options_, input_, plan, whole);
    facts_.seconds.emplace_back("planning", seconds_since(start_));
    facts_.blocks = plan.blocks;
    facts_.resumed_pixels = input_.examined() - static_cast<Size>(plan.order.size());
    facts_.bytes_read = plan.read;
    facts_.bytes_decoded = plan.decoded;
    facts_.memory_bound = whole.allowed;
    facts_.memory_planned = whole.planned;
    facts_.smallest_memory = whole.smallest;
    score(plan, earlier);
    judge(whole);
    return 0;
  }

 private:
  // Whether there is a run to go on with; InputError if it is another one.
  bool compare_with_former() {
    on_root([&] {
      identity_ = identity_of(options_, input_);
      if (!folder_.unfinished() && !folder_.finished()) return;
      const std::string differs = difference(folder_.record_of_former(), identity_);
      if (!differs.empty())
        throw InputError(fmt::format("--resume: {} is of another run: {}; give --overwrite to drop it", options_.output, differs));
    });
    return folder_.unfinished();
  }

  void score(const ScorePlan& plan, const EarlierBlocks& earlier) {
    const auto start = Clock::now();
    const std::vector<ScoreFile> files = score_files(options_, folder_.results());
    make_score_files(options_, input_, files);
    const ScoreReport report = score_pixels(options_, input_, plan, files, folder_.blocks(), log_);
    double range[2] = {-std::min(report.smallest, earlier.smallest), std::max(report.largest, earlier.largest)};
    world()->all_reduce(range, 2, sizeof(double), [](void* into, const void* from, Size count) {
      for (Size i = 0; i < count; ++i) static_cast<double*>(into)[i] = std::max(static_cast<double*>(into)[i], static_cast<const double*>(from)[i]);
    });
    facts_.smallest = -range[0];
    facts_.largest = range[1];
    try {
      check_values(options_, input_, files.front(), facts_.smallest, facts_.largest, log_);
    } catch (const InputError&) {
      folder_.worthless();
      throw;
    }
    facts_.seconds.emplace_back("scoring", seconds_since(start));
    facts_.seconds.emplace_back("scoring: reading in the background, rank 0", report.reading);
    facts_.seconds.emplace_back("scoring: waiting for it, rank 0", report.waiting);
    facts_.seconds.emplace_back("scoring: computing, rank 0", report.computing);
    facts_.seconds.emplace_back("scoring: writing, rank 0", report.writing);
  }

  // Thresholds, counts, maps, pictures and the record of each method.
  void judge(const MemoryPlan& memory) {
    std::string found;
    const auto timed = [&](const std::string& name, const auto& action) {
      const auto start = Clock::now();
      action();
      facts_.seconds.emplace_back(name, seconds_since(start));
    };
    const std::size_t before = facts_.seconds.size();
    for (const ScoreFile& file : score_files(options_, folder_.results())) {
      facts_.seconds.resize(before);
      on_root([&] { clear_but_scores(file); });
      std::optional<io::Rows> scores;
      agreed(*world(), [&] { scores.emplace(file.path + ":/scores", io::Element::float32, false); });
      const Judged judged{options_, input_, *scores, file.folder};
      Findings findings;
      timed("judging", [&] { findings = find_anomalies(judged, file.method); });
      timed("pictures", [&] { write_findings(judged, findings, room_of(memory)); });
      if (rasters_available()) timed("maps", [&] { write_maps(judged, findings, room_of(memory)); });
      complete_facts(file);
      on_root([&] { write_record(judged, findings, facts_); });
      found += summary(input_, findings);
    }
    tell(found);
    folder_.keep();
  }

  // What an earlier run that ended while it judged has left.
  void clear_but_scores(const ScoreFile& file) const {
    for (const auto& entry : std::filesystem::directory_iterator(file.folder)) {
      const std::string name = entry.path().filename();
      if (name != "scores.h5" && name != "run.log" && name != "lof" && name != "loop") std::filesystem::remove_all(entry.path());
    }
  }

  void complete_facts(const ScoreFile& file) {
    facts_.identity = identity_;
    facts_.command = options_.command;
    facts_.ranks = world()->size();
    facts_.bytes_written = 0;
    if (world()->rank() == 0)
      for (const auto& entry : std::filesystem::recursive_directory_iterator(file.folder))
        if (entry.is_regular_file()) facts_.bytes_written += static_cast<Size>(entry.file_size());
    facts_.peak_memory = of_all_ranks(peak_resident_bytes());
    facts_.joules = energy_.joules();
    facts_.no_energy = energy_.reason();
    facts_.whole_seconds = seconds_since(start_);
  }

  void tell(const std::string& found) {
    const std::string places = options_.method == Method::both ? "/lof and /loop" : "";
    const std::string text = fmt::format("{}Results are in {}{} ({:.1f} s): hotspots.png, quicklook/, {}counts.csv, scores.h5, run.json", found, options_.output,
                                         places, seconds_since(start_), rasters_available() ? "anomaly/, hotspots.tif, n_valid.tif, " : "");
    log_.record("done", text);
    if (log_.silent() || options_.quiet) return;
    fmt::print("{}\n", text);
    std::fflush(stdout);
  }

  Clock::time_point start_ = Clock::now();
  EnergyMeter energy_;
  const DetectOptions& options_;
  RunLog& log_;
  ResultFolder folder_;
  const DetectInput input_;
  std::string identity_;   // on rank 0
  RunFacts facts_;
};

}  // namespace

int run_detect(const DetectOptions& options) {
  if (options.device == Device::gpu) throw InputError("--device gpu: this program computes on processors only; use --device auto or cpu");
  if (options.threads) omp_set_num_threads(*options.threads);
  limit_recycling(recycled_at_most);
  mallopt(M_MMAP_THRESHOLD, 1 << 17);   // else it grows with what is freed, and the heap keeps holes that no bound knows of
  RunLog log(options.log_format, options.quiet && !options.dry_run, world()->rank() == 0);
  try {
    return Detection(options, log).run();
  } catch (const std::exception& error) {
    log.record("error", error.what());
    throw;
  }
}

}  // namespace priel::app
