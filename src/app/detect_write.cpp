// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The files of `coast detect`: scores, counts, pictures.
#include "detect_results.hpp"

#include "commands.hpp"
#include "picture.hpp"

#include <fmt/format.h>
#include <fmt/os.h>

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
  sink->attribute("/", "margin", static_cast<std::int64_t>(options.margin.value_or((options.patch - 1) / 2)));
  sink->attribute("/", "min_valid", std::max<std::int64_t>(options.min_valid.value_or(0), options.k.largest() + 1));
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
  for (std::size_t t = 0; t < input.dates.size(); ++t) {
    const double fraction = static_cast<double>(counts.anomalous[t]) / static_cast<double>(counts.valid[t]);
    file.print("{},{},{},{},{},{},{},{}\n", input.dates[t], input.pixels.shape()[0], counts.valid[t], counts.anomalous[t],
               counts.valid[t] > 0 ? fmt::format("{:.6f}", fraction) : "nan", counts.mean_score[t], counts.largest_score[t], counts.infinite[t]);
  }
}

std::span<const float> values(const Array<float, 2>& raster) { return raster.local().span(); }

std::string unit_of(const DetectOptions& options) { return options.transform == Transform::db ? "dB" : "image value"; }

// The SAR image under the overlays: in dB where the values are power, so that a coast can be seen.
Array<float, 2> background(const DetectOptions& options, const DetectInput& input, Size date) {
  const auto image = io::open<float, 3>(options.stack)(input.first_date + date, all, all);
  if (options.transform == Transform::db) return 10 * log10(maximum(image, 1e-6f));
  return Array<float, 2>(image);
}

// One date's values of the pixels, on the grid; NaN elsewhere.
template <class Column>
Array<float, 2> on_grid(const DetectInput& input, const Column& column) {
  return scatter(full<float>({input.stack[1], input.stack[2]}, std::numeric_limits<float>::quiet_NaN()), input.pixels, column);
}

void write_quicklook(const std::string& folder, const DetectOptions& options, const DetectInput& input, const DetectScores& results,
                     const Findings& findings, Size date) {
  const auto& scores = scores_of(results, findings.method);
  const auto t = static_cast<std::size_t>(date);
  const auto column = scores(all, date);
  const Array<float, 2> score_map = on_grid(input, column);
  const Array<float, 2> flags = on_grid(input, astype<float>(where(isnan(column), priel::nan, where(findings.anomalous(all, date), 1, 0))));
  const std::string name = findings.method == Method::loop ? "LoOP" : "LOF";
  agreed(*world(), [&] {
    if (world()->rank() != 0) return;
    const Array<float, 2> image = background(options, input, date);
    const auto [low, high] = display_range(values(image));
    const Layer grey{values(image), ColourMap::grey, low, high};
    Picture picture{input.stack[1], input.stack[2], fmt::format("{}: {} anomalies", input.dates[t], findings.counts.anomalous[t]),
                    fmt::format("{} of {} valid pixels; background: {} from {:.1f} to {:.1f}", findings.counts.anomalous[t], findings.counts.valid[t],
                                unit_of(options), low, high),
                    grey, Layer{values(flags), ColourMap::heat, 0, 1}, fmt::format("0 inlier, 1 anomaly ({} above the threshold)", name)};
    write_picture(fmt::format("{}/{}.png", folder, input.dates[t]), picture);

    const auto [smallest, largest] = display_range(values(score_map), 0, 100);
    picture.title = fmt::format("{}: {} scores", input.dates[t], name);
    picture.overlay = Layer{values(score_map), ColourMap::heat, smallest, largest};
    picture.legend = fmt::format("{} score, scaled from {:.3f} to {:.3f} within this date", name, smallest, largest);
    write_picture(fmt::format("{}/{}_score.png", folder, input.dates[t]), picture);
  });
}

}  // namespace

void write_findings(const std::string& folder, const DetectOptions& options, const DetectInput& input, const DetectScores& results,
                    const Findings& findings) {
  write_scores(folder + "/scores.h5", options, input, results, findings);
  agreed(*world(), [&] {
    if (world()->rank() != 0) return;
    write_counts(folder + "/counts.csv", input, findings);
    std::filesystem::create_directories(folder + "/quicklook");
    const Size date = findings.calm >= 0 ? findings.calm : 0;
    const Array<float, 2> image = background(options, input, date);
    const auto [low, high] = display_range(values(image));
    const double top = display_range(values(findings.hotspots), 0, 99).second;
    const Picture picture{input.stack[1], input.stack[2], "Hotspots",
                          fmt::format("{} pixels, {} dates; background: {} of {}", input.pixels.shape()[0], input.count(), unit_of(options),
                                      input.dates[static_cast<std::size_t>(date)]),
                          Layer{values(image), ColourMap::grey, low, high}, Layer{values(findings.hotspots), ColourMap::heat, 0, top > 0 ? top : 1},
                          fmt::format("fraction of a pixel's valid dates that were anomalous, to the 99th percentile ({:.3f})", top)};
    write_picture(folder + "/hotspots.png", picture);
  });
  for (const Size date : findings.worst) write_quicklook(folder + "/quicklook", options, input, results, findings, date);
  if (findings.calm >= 0) write_quicklook(folder + "/quicklook", options, input, results, findings, findings.calm);
}

}  // namespace priel::app
