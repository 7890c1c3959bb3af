// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How well a detector finds what `priel coast synth` injected, and the naive baseline it has to stand beside.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace priel::test {

// What was injected at the examined pixels of a scene. Vectors of one value per pixel and date have the shape (pixels, dates).
struct Truth {
  std::int64_t pixels = 0;
  std::int64_t dates = 0;
  std::vector<std::int64_t> storms;           // dates, ascending
  std::int64_t artefact = -1;                 // date, -1 if there is none
  std::vector<unsigned char> hotspot;         // (pixels): erosion reaches it on some date
  std::vector<unsigned char> injected;        // bits: 1 storm, 2 artefact, 4 erosion
  std::vector<unsigned char> touched;         // something is injected in the pixel's patch
  std::vector<float> contrast_db;
  std::vector<float> sigma0;                  // linear power, for the baseline
};

// Reads the truth of the scene at `pixels` (rows and columns, two values each); `patch` is the width of the detector's window.
// Throws InputError if the file is no such scene.
Truth read_truth(const std::string& scene, const std::vector<std::int64_t>& pixels, int patch);

// What a detector says.
struct Detection {
  std::vector<unsigned char> flagged;  // (pixels, dates)
  std::vector<double> date_score;      // (dates): the larger, the more remarkable the date
};

// The pixels that `priel coast detect` examined, rows and columns: /pixels of its scores.h5.
std::vector<std::int64_t> read_pixels(const std::string& scores_file);

// The scores of `priel coast detect` against a constant; a date's score is its number of anomalies. `where`: "DIR/scores.h5:/scores".
Detection read_detection(const std::string& where, double threshold);

// What one would try first: a pixel is anomalous on dates that lie more than 3.5 robust standard deviations (1.4826 times the
// median absolute deviation) of its dB series from the series' median; a date's score is the mean backscatter over all pixels.
Detection naive_detection(const Truth& truth);

// NaN where the scene has nothing of the kind.
struct Figures {
  std::vector<std::int64_t> storm_ranks;  // places of the storms by date score, 1 the first; ties count against the storm
  double recall = 0;           // share flagged of the pixel-dates with injected contrasts of 6 dB and more
  std::int64_t strong = 0;     // how many those are
  double false_alarms = 0;     // share flagged of the pixel-dates whose patch holds nothing injected
  std::int64_t untouched = 0;  // how many those are
  double artefact_iou = 0;     // on the artefact's date: flagged and injected over flagged or injected
  double hotspot_auc = 0;      // area under the ROC curve of the fraction of dates flagged, hotspot pixels against the others

  // Every storm is among the first (number of storms + 2) dates.
  bool storms_found() const;
};

Figures judge(const Truth& truth, const Detection& detection);

// A Markdown table, one row for each name and its figures.
std::string table(const std::vector<std::pair<std::string, Figures>>& rows);

// The column `anomalous` of counts.csv, a value for each date in the file's order. Throws InputError if there is none.
std::vector<std::int64_t> read_counts(const std::string& path);

}  // namespace priel::test
