// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What `coast detect` works on: the stack, its dates, the pixels to examine; everything that can be wrong with them is said here.
#pragma once

#include "options.hpp"

#include <priel/priel.hpp>

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
  double fill = priel::nan;             // the image value that stands for none (_FillValue); NaN does so always
  Array<Size, 2> pixels;                // (N, 2) rows and columns, C order: those whose window fits
  Size masked = 0;                      // pixels of the mask, fitting or not

  Size count() const { return static_cast<Size>(dates.size()); }
};

// Collective. Throws InputError: missing file or dataset, wrong rank, mask of another grid, empty mask, no pixel inside the margin,
// no date left, k too large, a LoOP threshold that cannot be reached.
DetectInput read_input(const DetectOptions& options);

// Images or a part of them without the fill value: NaN in its place.
template <class Images>
Images without_fill(const DetectInput& input, Images images) {
  if (input.fill == input.fill) images = where(images == static_cast<float>(input.fill), priel::nan, images);
  return images;
}

// The width of the border in which no pixel is examined: at least half a window. The valid dates that a pixel needs for scores.
Size margin_of(const DetectOptions& options);
Size min_valid_of(const DetectOptions& options);

// The thresholds used, and whether one can be passed at all by n samples (Kriegel et al. 2009, by Chebyshev's inequality).
Threshold threshold_of(const DetectOptions& options, Method method);
double largest_loop_score(Size samples, double lambda);

// InputError if no LoOP score of this many samples (`things`: "dates") can exceed the threshold, and what to change.
void check_reachable(const Threshold& threshold, Size samples, double lambda, Norm norm, const std::string& things);

}  // namespace priel::app
