// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// run.json: what was asked, of what, by which program, and what came out.
#include "commands.hpp"
#include "detect_identity.hpp"
#include "detect_results.hpp"
#include "detect_state.hpp"
#include "rasters.hpp"

#include <priel/algorithms/detail/series.hpp>
#include <priel/communicator.hpp>

#include <nlohmann/json.hpp>
#include <omp.h>

#include <cmath>
#include <numeric>

namespace priel::app {

namespace {

using Json = nlohmann::ordered_json;

Json input_facts(const std::string& where) {
  const FileFacts facts = file_facts(where);
  return {{"where", where}, {"bytes", facts.bytes}, {"changed", facts.changed}, {"hash", facts.hash}};
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
  facts["score_maps"] = options.score_maps;
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

Json memory_facts(const RunFacts& facts) {
  return {{"bound", facts.memory_bound}, {"planned", facts.memory_planned}, {"smallest_possible", facts.smallest_memory},
          {"vmhwm_by_rank", facts.peak_memory}, {"vmhwm_sum", std::accumulate(facts.peak_memory.begin(), facts.peak_memory.end(), Size{0})}};
}

}  // namespace

void write_record(const Judged& judged, const Findings& findings, const RunFacts& facts) {
  const DetectOptions& options = judged.options;
  const DetectInput& input = judged.input;
  Json run;
  run["program"] = "priel " + program_version();
  run["command"] = facts.command;
  run["options"] = option_facts(options, findings);
  run["stack"] = input_facts(options.stack);
  run["mask"] = input_facts(options.mask);
  run["values"] = {{"smallest", facts.smallest}, {"largest", facts.largest}};
  run["dates"] = {{"count", input.count()}, {"first", input.dates.front()}, {"last", input.dates.back()}};
  run["pixels"] = {{"mask", input.masked}, {"examined", input.examined()}, {"without_scores", findings.nodata},
                   {"cannot_exceed_threshold", findings.unreachable}};
  run["results"] = result_facts(input, findings);
  run["identity"] = Json::parse(facts.identity);
  run["ranks"] = facts.ranks;
  run["threads_per_rank"] = omp_get_max_threads();
  run["instruction_set"] = detail::instruction_set();
  run["blocks"] = facts.blocks;
  run["pixels_of_an_earlier_run"] = facts.resumed_pixels;
  run["bytes"] = {{"read", facts.bytes_read}, {"unpacked", facts.bytes_decoded}, {"written", facts.bytes_written}};
  run["memory"] = memory_facts(facts);
  for (const auto& [name, seconds] : facts.seconds) run["seconds"][name] = seconds;
  run["seconds"]["all"] = facts.whole_seconds;
  run["energy"] = {{"joules", facts.joules ? Json(*facts.joules) : Json()}};
  if (!facts.joules) run["energy"]["reason"] = facts.no_energy.empty() ? "the counters could not be read at the end" : facts.no_energy;
  if (!rasters_available()) run["no_maps"] = "this build has no GDAL";
  write_whole(judged.folder + "/run.json", run.dump(2) + "\n");
}

}  // namespace priel::app
