// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` makes of scores: anomalies, counts by date, hotspots, maps, pictures and the record of the run.
#pragma once

#include "detect_input.hpp"
#include "run_log.hpp"

#include <priel/io/rows.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace priel::app {

// Counts over the examined pixels, one entry a date.
struct DateCounts {
  std::vector<Size> valid, anomalous, infinite;
  std::vector<double> mean_score, largest_score;   // of the finite scores; NaN without any
};

struct Findings {
  Method method = Method::lof;
  Threshold threshold;
  double constant = 0;                  // the threshold as a number, where it is one for all dates
  std::vector<double> limits;           // the threshold of each date
  DateCounts counts;
  std::vector<float> hotspots;          // of each pixel: the fraction of its valid dates that were anomalous; NaN without any
  Size nodata = 0;                      // pixels with too few valid dates
  Size unreachable = 0;                 // pixels of too few dates for LoOP to exceed the threshold
  std::vector<Size> worst;              // up to ten dates with anomalies, those with most first
  Size calm = -1;                       // the date with fewest of those seen whole, or nearly
};

// A file of scores (pixels, dates) and what has been asked about it.
struct Judged {
  const DetectOptions& options;
  const DetectInput& input;
  const io::Rows& scores;
  std::string folder;                   // where its results go
};

// Collective. Reads the scores by pieces: one pass, three or four with a threshold that depends on the scores.
Findings find_anomalies(const Judged& judged, Method method);
// The bytes that this needs on a rank.
Size judging_bytes(const DetectInput& input);

// Collective: counts.csv, hotspots.png and quicklook/ in the folder. `budget`: bytes that may be used on this rank.
void write_findings(const Judged& judged, const Findings& findings, Size budget);
// The bytes that one thread needs to draw.
Size picture_bytes(const DetectInput& input);

// Collective: anomaly/DATE.tif, scores/DATE.tif if asked for, hotspots.tif and n_valid.tif; the dates are shared out over the ranks. Needs GDAL.
void write_maps(const Judged& judged, const Findings& findings, Size budget);
// The bytes that this needs on a rank at least, and makes on the disk at most.
Size smallest_map_budget(const DetectInput& input);
Size map_bytes(const DetectOptions& options, const DetectInput& input);

// What a run was and took, for run.json.
struct RunFacts {
  std::string identity;                 // JSON: what decides the results
  std::vector<std::string> command;
  double smallest = 0, largest = 0;     // of the finite image values read, before the transform
  int ranks = 1;
  Size blocks = 0, resumed_pixels = 0;
  Size bytes_read = 0, bytes_decoded = 0, bytes_written = 0;
  Size memory_bound = 0, memory_planned = 0, smallest_memory = 0;
  std::vector<Size> peak_memory;        // of each rank
  double whole_seconds = 0;
  std::vector<std::pair<std::string, double>> seconds;   // by phase
  std::optional<double> joules;         // of this machine; where it is not known, why
  std::string no_energy;
};

// Rank-local: run.json.
void write_record(const Judged& judged, const Findings& findings, const RunFacts& facts);

// What was found, for a person: a few lines.
std::string summary(const DetectInput& input, const Findings& findings);

std::string method_name(Method method);

// "1 rank", "2 ranks".
std::string counted(Size number, const std::string& thing);

}  // namespace priel::app
