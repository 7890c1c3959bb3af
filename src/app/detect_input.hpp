// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` works on: the stack, its dates, the pixels to examine; everything that can be wrong with them is said here.
#pragma once

#include "options.hpp"

#include <priel/communicator.hpp>
#include <priel/io/raster.hpp>
#include <priel/shape.hpp>

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace priel::app {

struct DetectInput {
  Shape<3> stack;                       // dates, rows, columns of the file
  Size first_date = 0;                  // the chosen dates are [first_date, first_date + dates.size())
  std::vector<std::string> dates;       // "2023-01-01", "2023-01-01_2" for the second image of that day; the image's number
                                        // where the file has no time
  std::vector<double> time;             // as stored beside the stack, in its units
  std::string time_units;               // "days since 1970-01-01"; empty without a time
  double fill = std::numeric_limits<double>::quiet_NaN();             // the image value that stands for none (_FillValue); NaN does so always
  std::vector<Size> pixels;             // row and column of each, C order: those whose window fits
  Size masked = 0;                      // pixels of the mask, fitting or not
  std::optional<io::Georeference> place;   // where the images lie, if the stack says so

  Size count() const { return static_cast<Size>(dates.size()); }
  Size examined() const { return static_cast<Size>(pixels.size()) / 2; }
};

// Collective. Throws InputError: missing file or dataset, wrong rank, mask of another grid, empty mask, no pixel inside the margin,
// no date left, k too large, a LoOP threshold that cannot be reached.
DetectInput read_input(const DetectOptions& options);

// The width of the border in which no pixel is examined: at least half a window. The valid dates that a pixel needs for scores.
Size margin_of(const DetectOptions& options);
Size min_valid_of(const DetectOptions& options);

// The thresholds used, and whether one can be passed at all by n samples (Kriegel et al. 2009, by Chebyshev's inequality).
Threshold threshold_of(const DetectOptions& options, Method method);
double largest_loop_score(Size samples, double lambda);

// InputError if no LoOP score of this many samples (`things`: "dates") can exceed the threshold, and what to change.
void check_reachable(const Threshold& threshold, Size samples, double lambda, Norm norm, const std::string& things);

}  // namespace priel::app
