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
  std::vector<Size> worst;              // the dates with most anomalies, most first; then one calm date in `calm`
  Size calm = -1;
};

// Collective.
Findings find_anomalies(const DetectOptions& options, const DetectInput& input, const DetectScores& results, Method method);

// Collective: scores.h5, counts.csv, hotspots.png and quicklook/ in `folder`, which exists.
void write_findings(const std::string& folder, const DetectOptions& options, const DetectInput& input, const DetectScores& results,
                    const Findings& findings);

// What was found, for a person: a few lines.
std::string summary(const DetectInput& input, const Findings& findings);

std::string method_name(Method method);

}  // namespace priel::app
