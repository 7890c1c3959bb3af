// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Scoring the pixels of a coast block by block; each block's scores go to the files at once.
#pragma once

#include "detect_results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace priel::app {

// A file of scores for each method: made once, with places for all pixels, and filled by `score_pixels`.
struct ScoreFile {
  Method method;
  std::string folder, path;   // folder/scores.h5
};

// Which files there are below the folder of results, made or not.
std::vector<ScoreFile> score_files(const DetectOptions& options, const std::string& results);

// Collective: makes those that are not there, with everything in them but scores and numbers of valid dates.
void make_score_files(const DetectOptions& options, const DetectInput& input, const std::vector<ScoreFile>& files);
Size score_file_bytes(const DetectOptions& options, const DetectInput& input);

// What is left to do, and how.
struct ScorePlan {
  std::vector<Size> order;     // pixels to score, numbers in the list of all, in the order in which they are worked on; dealt to the ranks in equal runs
  Size bytes = 0;              // what streaming may take, on each rank
  Size smallest = 0;           // bytes that it needs at least
  Size blocks = 0;             // on the rank with most
  Size read = 0, decoded = 0;  // bytes of values and of the stored pieces that are unpacked for them, all ranks
  Size peak = 0;               // bytes held for a block, all ranks
};

// Collective. The pixels that are not `done` (all if empty), in the order that decompresses least; `bytes` on each rank. Does not throw for too few
// bytes: then blocks is 0 and `smallest` says what is needed.
ScorePlan plan_scores(const DetectOptions& options, const DetectInput& input, const std::vector<char>& done, Size bytes);

struct ScoreReport {
  double smallest = 0, largest = 0;    // of the finite image values read, before the transform; smallest > largest if none
  double reading = 0, waiting = 0, computing = 0, writing = 0;   // seconds of this rank
};

// Collective: reads, scores, writes and marks block after block in the folder `marks`.
ScoreReport score_pixels(const DetectOptions& options, const DetectInput& input, const ScorePlan& plan, const std::vector<ScoreFile>& files,
                         const std::string& marks, RunLog& log);

}  // namespace priel::app
