// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` makes of scores: anomalies, counts by date, hotspots, pictures and the record of the run.
#pragma once

#include "detect_scores.hpp"

#include <string>
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
  DateCounts counts;
  Array<bool, 2, Split<0>> anomalous;   // (pixels, dates)
  Array<float, 2> hotspots;             // (rows, columns): fraction of a pixel's valid dates that were anomalous, NaN outside
  Size nodata = 0;                      // pixels with too few valid dates
  Size unreachable = 0;                 // pixels of too few dates for LoOP to exceed the threshold
  std::vector<Size> worst;              // up to ten dates with anomalies, those with most first
  Size calm = -1;                       // the date with fewest of those seen whole, or nearly
};

// Collective.
Findings find_anomalies(const DetectOptions& options, const DetectInput& input, const DetectScores& results, Method method);

// Collective: scores.h5, counts.csv, hotspots.png and quicklook/ in `folder`, which exists.
void write_findings(const std::string& folder, const DetectOptions& options, const DetectInput& input, const DetectScores& results,
                    const Findings& findings);

// Seconds by name.
using Phases = std::vector<std::pair<std::string, double>>;

// Rank-local: run.json. Its last lines are the only ones that two equal runs do not share.
void write_record(const std::string& path, const DetectOptions& options, const DetectInput& input, const BlockPlan& plan, const DetectScores& results,
                  const Findings& findings, const Phases& phases, int ranks);

// What was found, for a person: a few lines.
std::string summary(const DetectInput& input, const Findings& findings);

std::string method_name(Method method);

// "1 rank", "2 ranks".
std::string counted(Size number, const std::string& thing);

}  // namespace priel::app
