// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Scoring the pixels of a coast in blocks that fit the memory.
#pragma once

#include "detect_input.hpp"

#include <vector>

namespace priel::app {

// Consecutive pixels of one rank, and the window of the images that their patches need.
struct PixelBlock {
  Size first = 0, count = 0;            // in the list of all pixels
  Size row = 0, rows = 0, column = 0, columns = 0;
};

// How the pixels of this rank are cut, and what that needs, summed over all ranks.
struct BlockPlan {
  std::vector<PixelBlock> blocks;
  Size all_blocks = 0;
  Size all_allowed = 0;                 // bytes that may be used
  Size all_needed = 0;                  // bytes of the largest blocks with what stays beside them; may exceed what is allowed
  Size all_read = 0;                    // bytes of image values to be read
};

// Collective.
BlockPlan plan_blocks(const DetectOptions& options, const DetectInput& input);

struct DetectScores {
  std::vector<std::pair<Method, Array<float, 2, Split<0>>>> scores;   // (pixels, dates) for each method asked for
  Array<std::uint16_t, 1, Split<0>> valid;                            // (pixels): dates without a missing value in the patch
  double smallest = 0, largest = 0;                                   // of the finite image values read, before the transform
};

// Collective only at its start and end; each rank reads and scores its own pixels.
DetectScores score_pixels(const DetectOptions& options, const DetectInput& input, const BlockPlan& plan);

}  // namespace priel::app
