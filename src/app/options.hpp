// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the commands can be told, and how the texts of their options are read.
#pragma once

#include <priel/algorithms/sweep.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace priel::app {

enum class Method { lof, loop, both };
enum class Transform { none, db };
enum class Device { automatic, cpu, gpu };
enum class LogFormat { text, json };
enum class SampleMetric { euclidean, manhattan, chebyshev, cosine };
enum class FirstCentroids { plus_plus, random };
enum class Bias { add, column0, none };

// What makes a score anomalous: above a constant, above a percentile of all finite scores, or above mean + 3 standard
// deviations over the pixels of each date or over all finite scores.
struct Threshold {
  enum class Kind { constant, percentile, three_sigma, three_sigma_all };
  Kind kind = Kind::constant;
  double value = 0;  // the constant, or the percentile in percent
};

struct InfoOptions {
  bool json = false;
};

struct LofOptions {
  std::string input;
  std::string output;  // empty: CSV on stdout
  Sweep k;
  SampleMetric metric = SampleMetric::euclidean;
  std::optional<Threshold> threshold;
};

struct LoopOptions : LofOptions {
  double lambda = 3;
  Norm norm = Norm::global;
};

struct KMeansOptions {
  std::string input;
  std::string output;     // of the labels; empty: CSV on stdout
  std::string centroids;  // empty: not written
  std::int64_t clusters = 8;
  std::int64_t iterations = 300;
  std::int64_t seed = 0;
  double tolerance = 1e-4;
  FirstCentroids first = FirstCentroids::plus_plus;
  bool quiet = false;
};

struct LassoOptions {
  std::string samples;
  std::string target;
  std::string output;                // empty: CSV on stdout
  std::vector<double> lambdas;
  std::optional<Bias> intercept;     // unset: column0 where the first column is constant, else add
  std::int64_t iterations = 1000;
  double tolerance = 1e-6;
  bool quiet = false;
};

struct SynthOptions {
  std::string output;
  std::int64_t dates = 363;
  std::int64_t height = 400;
  std::int64_t width = 400;
  std::int64_t seed = 1;
  std::int64_t storms = 5;
  std::string shoreline;                               // a GeoJSON file; empty: one made from the seed
  std::optional<std::int64_t> examine;                 // unset: all within mask_distance of the shoreline
  std::optional<std::array<std::int64_t, 3>> chunk;    // unset: some rows of one date
  bool events = true;  // storms, artefact and erosion; false: none of them
  bool overwrite = false;
  bool quiet = false;
};

struct DetectOptions {
  std::vector<std::string> command;   // the words of the command line
  std::string stack;
  std::string mask;
  std::string output;
  Method method = Method::lof;
  Sweep k{20, 60, 1};
  int patch = 7;
  std::optional<std::int64_t> margin;  // unset: (patch - 1) / 2
  std::optional<Threshold> threshold;  // unset: 1.5 for LOF, 0.9 for LoOP
  double lambda = 3;
  Norm norm = Norm::global;
  std::optional<std::int64_t> min_valid;  // unset: the largest k + 1
  Transform transform = Transform::none;
  std::optional<std::pair<std::int64_t, std::int64_t>> dates;  // days since 1970-01-01, both included
  std::optional<int> threads;
  std::optional<std::int64_t> memory;  // bytes
  Device device = Device::automatic;
  LogFormat log_format = LogFormat::text;
  bool score_maps = false;
  bool resume = false;
  bool overwrite = false;
  bool dry_run = false;
  bool quiet = false;
};

// The readers of option texts. Each throws InputError with one line that shows the text and what is understood.

// "20", "20:60" or "20:60:5"; the aggregate stays as it is in `into`.
void read_sweep(std::string_view text, Sweep& into);
// "max", "mean", "median", "trimmed" or "trimmed:0.1"; k stays as it is in `into`.
void read_aggregate(std::string_view text, Sweep& into);
// "1.5", "p99.7", "3sigma" or "3sigma-all".
Threshold read_threshold(std::string_view text);
// "500000", "64K", "1.5M", "8G": bytes, powers of 1024.
std::int64_t read_bytes(std::string_view text);
// The same as such a text: 536870912 is "512M".
std::string size_text(std::int64_t bytes);
// "0.1" or "1,0.1,0.01": numbers of at least 0.
std::vector<double> read_lambdas(std::string_view text);
// "2017-01-01..2018-12-31"; either end may be left out.
std::pair<std::int64_t, std::int64_t> read_date_range(std::string_view text);

// "1x256x256": dates, rows and columns, each at least 1.
std::array<std::int64_t, 3> read_chunk(std::string_view text);

// As given on a command line: the inverse of the readers, for plans and run.json.
std::string to_text(const Sweep& k);           // "20:60"
std::string aggregate_text(const Sweep& k);    // "max", "trimmed:0.1"
std::string to_text(const Threshold& threshold);

}  // namespace priel::app
