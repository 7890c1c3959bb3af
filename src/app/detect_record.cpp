// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// run.json: what was asked, of what, by which program, and what came out.
#include "commands.hpp"
#include "detect_results.hpp"

#include <priel/algorithms/detail/series.hpp>
#include <priel/communicator.hpp>

#include <nlohmann/json.hpp>
#include <omp.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

namespace priel::app {

namespace {

using Json = nlohmann::ordered_json;

Json file_facts(const std::string& where) {
  std::error_code error;
  const auto size = std::filesystem::file_size(io::parse_where(where).file, error);
  return {{"where", where}, {"bytes", error ? 0 : size}};
}

Json option_facts(const DetectOptions& options, const Findings& findings) {
  Json facts;
  facts["method"] = method_name(findings.method);
  facts["k"] = to_text(options.k);
  facts["aggregate"] = aggregate_text(options.k);
  facts["patch"] = options.patch;
  facts["margin"] = margin_of(options);
  facts["transform"] = options.transform == Transform::db ? "db" : "none";
  facts["threshold"] = to_text(findings.threshold);
  facts["min_valid"] = min_valid_of(options);
  if (findings.method == Method::loop) {
    facts["lambda"] = options.lambda;
    facts["norm"] = options.norm == Norm::global ? "global" : "local";
  }
  if (options.memory) facts["memory"] = *options.memory;
  return facts;
}

Json result_facts(const DetectInput& input, const Findings& findings) {
  Json facts;
  const auto total = [](const std::vector<Size>& counts) { return std::accumulate(counts.begin(), counts.end(), Size{0}); };
  if (!std::isnan(findings.constant)) facts["threshold"] = findings.constant;
  facts["anomalies"] = total(findings.counts.anomalous);
  facts["scores"] = total(findings.counts.valid);
  facts["infinite_scores"] = total(findings.counts.infinite);
  facts["worst_dates"] = Json::array();
  for (const Size t : findings.worst) facts["worst_dates"].push_back(input.dates[static_cast<std::size_t>(t)]);
  return facts;
}

}  // namespace

void write_record(const std::string& path, const DetectOptions& options, const DetectInput& input, const BlockPlan& plan, const DetectScores& results,
                  const Findings& findings, const Phases& phases, int ranks) {
  Json run;
  run["program"] = "priel " + program_version();
  run["command"] = "coast detect";
  run["options"] = option_facts(options, findings);
  run["stack"] = file_facts(options.stack);
  run["mask"] = file_facts(options.mask);
  run["values"] = {{"smallest", results.smallest}, {"largest", results.largest}};
  run["dates"] = {{"count", input.count()}, {"first", input.dates.front()}, {"last", input.dates.back()}};
  run["pixels"] = {{"mask", input.masked}, {"examined", input.pixels.shape()[0]}, {"without_scores", findings.nodata},
                   {"cannot_exceed_threshold", findings.unreachable}};
  run["ranks"] = ranks;
  run["threads_per_rank"] = omp_get_max_threads();
  run["instruction_set"] = detail::instruction_set();
  run["blocks"] = plan.all_blocks;
  run["planned_bytes"] = plan.all_needed;
  run["results"] = result_facts(input, findings);
  for (const auto& [name, seconds] : phases) run["seconds"][name] = seconds;
  std::ofstream file(path);
  file << run.dump(2) << '\n';
  file.close();
  if (!file) throw SystemError("cannot write " + path);
}

}  // namespace priel::app
