// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Thresholds that depend on the scores: percentiles and three standard deviations, by passes over a file.
#pragma once

#include "detect_passes.hpp"

#include <vector>

namespace priel::app {

// All collective; the same bits on any number of ranks and threads. Scores (pixels, dates) float32.

// The percentile (0 to 100, linear interpolation) of all finite scores, exactly: two passes that count bits. NaN if there are none.
double percentile_of(const io::Rows& scores, Size dates, double percent);

// Mean + 3 standard deviations (divided by n) of the finite scores, of each date or of all of them (then one number): two passes.
std::vector<float> three_sigma_of(const io::Rows& scores, Size dates, bool by_date);

}  // namespace priel::app
