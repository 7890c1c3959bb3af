// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The files of `coast detect`: scores, counts, pictures.
#include "detect_results.hpp"

#include "commands.hpp"
#include "picture.hpp"
#include "root.hpp"

#include <fmt/format.h>
#include <fmt/os.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace priel::app {

namespace {

const Array<float, 2, Split<0>>& scores_of(const DetectScores& results, Method method) {
  return results.scores.front().first == method ? results.scores.front().second : results.scores.back().second;
}

// A part of an array into a dataset of the same extents: all ranks their own, rank 0 what is replicated.
template <class A>
void write_array(io::Sink& sink, const std::string& dataset, const A& array, const io::Layout& layout = {}) {
  using T = value_of<A>;
  sink.create(dataset, io::element_of<T>(), io::detail::span_of(Index<rank_of<A>>(array.shape())), layout);
  auto part = array.part();
  if (std::is_same_v<policy_of<A>, Replicated> && array.comm()->rank() != 0)
    for (Size& extent : part.extent) extent = 0;
  sink.write_all(dataset, io::detail::span_of(part.lower), io::detail::span_of(Index<rank_of<A>>(part.extent)), io::element_of<T>(), array.local().data());
}

void write_scores(const std::string& path, const DetectOptions& options, const DetectInput& input, const DetectScores& results, const Findings& findings) {
  const auto sink = io::create_sink(path, world());
  write_array(*sink, "/scores", scores_of(results, findings.method));
  write_array(*sink, "/pixels", input.pixels);
  write_array(*sink, "/n_valid", results.valid);
  Array<double, 1> time(Shape<1>{static_cast<Size>(input.time.size())});
  std::copy(input.time.begin(), input.time.end(), time.local_mut().begin());
  if (!input.time.empty()) {
    write_array(*sink, "/time", time);
    sink->attribute("/time", "units", input.time_units);
  }
  sink->attribute("/", "program", "priel " + program_version());
  sink->attribute("/", "method", method_name(findings.method));
  sink->attribute("/", "k", to_text(options.k));
  sink->attribute("/", "aggregate", aggregate_text(options.k));
  sink->attribute("/", "patch", static_cast<std::int64_t>(options.patch));
  sink->attribute("/", "margin", margin_of(options));
  sink->attribute("/", "min_valid", min_valid_of(options));
  sink->attribute("/", "transform", options.transform == Transform::db ? "db" : "none");
  sink->attribute("/", "threshold", to_text(findings.threshold));
  sink->attribute("/", "grid_rows", static_cast<std::int64_t>(input.stack[1]));
  sink->attribute("/", "grid_columns", static_cast<std::int64_t>(input.stack[2]));
  if (findings.method == Method::loop) {
    sink->attribute("/", "lambda", options.lambda);
    sink->attribute("/", "norm", options.norm == Norm::global ? "global" : "local");
  }
  sink->close();
}

// Rank-local.
void write_counts(const std::string& path, const DetectInput& input, const Findings& findings) {
  auto file = fmt::output_file(path);
  file.print("date,examined,valid,anomalous,fraction,mean_score,largest_score,infinite_scores\n");
  const auto& counts = findings.counts;
  const auto number = [](double value) { return std::isnan(value) ? std::string("nan") : fmt::format("{:.6f}", value); };
  for (std::size_t t = 0; t < input.dates.size(); ++t)
    file.print("{},{},{},{},{},{},{},{}\n", input.dates[t], input.pixels.shape()[0], counts.valid[t], counts.anomalous[t],
               number(static_cast<double>(counts.anomalous[t]) / static_cast<double>(counts.valid[t])), number(counts.mean_score[t]),
               number(counts.largest_score[t]), counts.infinite[t]);
  file.close();
}

std::span<const float> values(const Array<float, 2>& raster) { return raster.local().span(); }

// How much of the image pixels without anomalies hide.
constexpr double veil = 0.45;

// The SAR image under the overlays: in dB where the values are power, so that a coast can be seen. Rank-local, in a world of its own.
Array<float, 2> background(const DetectOptions& options, const DetectInput& input, Size date) {
  const auto image = without_fill(input, Array<float, 2>(io::open<float, 3>(options.stack)(input.first_date + date, all, all)));
  if (options.transform == Transform::db) return 10 * log10(maximum(image, 1e-6f));
  return image;
}

// One date's values of the pixels, on the grid; NaN elsewhere.
template <class Column>
Array<float, 2> on_grid(const DetectInput& input, const Column& column) {
  return scatter(full<float>({input.stack[1], input.stack[2]}, std::numeric_limits<float>::quiet_NaN()), input.pixels, column);
}

// A date's image under what was found on it. Rank-local.
struct Ground {
  Array<float, 2> image;
  Layer grey;
  std::string text;

  Ground(const DetectOptions& options, const DetectInput& input, Size date) : image(background(options, input, date)) {
    const auto [low, high] = display_range(values(image));
    grey = Layer{values(image), ColourMap::grey, low, high};
    text = fmt::format("grey: {:.3g} to {:.3g} {}", low, high, options.transform == Transform::db ? "dB" : "(image values)");
  }
};

std::string score_name(const Findings& findings) { return findings.method == Method::loop ? "LoOP" : "LOF"; }

std::string rule(const Findings& findings) {
  return score_name(findings) + " > " + (std::isnan(findings.constant) ? "the date's mean + 3 standard deviations" : fmt::format("{:.5g}", findings.constant));
}

void write_quicklook(const std::string& folder, const DetectOptions& options, const DetectInput& input, const DetectScores& results,
                     const Findings& findings, Size date) {
  const auto t = static_cast<std::size_t>(date);
  const auto column = scores_of(results, findings.method)(all, date);
  const Array<float, 2> score_map = on_grid(input, column);
  const Array<float, 2> flags = on_grid(input, astype<float>(where(isnan(column), priel::nan, where(findings.anomalous(all, date), 1, 0))));
  on_root([&] {
    const Ground ground(options, input, date);
    const auto& counts = findings.counts;
    const std::string name = score_name(findings);
    Picture picture{input.stack[1], input.stack[2], fmt::format("{}: anomalies", input.dates[t]),
                    fmt::format("{} of {} ({}); {}", counts.anomalous[t], counted(counts.valid[t], "valid pixel"), rule(findings), ground.text),
                    ground.grey, Layer{values(flags), ColourMap::anomaly, 0, 1, veil}, ""};
    write_picture(fmt::format("{}/{}.png", folder, input.dates[t]), picture);

    const auto [smallest, largest] = display_range(values(score_map), 0, 100);
    picture.title = fmt::format("{}: {} scores", input.dates[t], name);
    picture.subtitle = fmt::format("{}, {:.4g} to {:.4g}; {}", counted(counts.valid[t], "valid pixel"), smallest, largest, ground.text);
    picture.overlay = Layer{values(score_map), ColourMap::heat, smallest, largest};
    picture.legend = name + ", scaled within this date";
    write_picture(fmt::format("{}/{}_score.png", folder, input.dates[t]), picture);
  });
}

void write_hotspots(const std::string& path, const DetectOptions& options, const DetectInput& input, const Findings& findings) {
  const Size date = std::max<Size>(findings.calm, 0);
  const Ground ground(options, input, date);
  const double top = display_range(values(findings.hotspots), 0, 99).second;
  write_picture(path, {input.stack[1], input.stack[2], "Hotspots: how often a pixel was anomalous",
                       fmt::format("{}, {}, {} to {} ({}); image of {}, {}", counted(input.pixels.shape()[0], "pixel"), counted(input.count(), "date"),
                                   input.dates.front(), input.dates.back(), rule(findings), input.dates[static_cast<std::size_t>(date)], ground.text),
                       ground.grey, Layer{values(findings.hotspots), ColourMap::heat, 0, top > 0 ? top : 1, veil},
                       "fraction of the pixel's valid dates, to the 99th percentile"});
}

}  // namespace

void write_findings(const std::string& folder, const DetectOptions& options, const DetectInput& input, const DetectScores& results,
                    const Findings& findings) {
  write_scores(folder + "/scores.h5", options, input, results, findings);
  on_root([&] {
    write_counts(folder + "/counts.csv", input, findings);
    write_hotspots(folder + "/hotspots.png", options, input, findings);
    std::filesystem::create_directories(folder + "/quicklook");
  });
  std::vector<Size> shown = findings.worst;
  if (findings.calm >= 0 && std::find(shown.begin(), shown.end(), findings.calm) == shown.end()) shown.push_back(findings.calm);
  for (const Size date : shown) write_quicklook(folder + "/quicklook", options, input, results, findings, date);
}

}  // namespace priel::app
