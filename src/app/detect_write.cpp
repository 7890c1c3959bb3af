// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What people look at: counts.csv, the map of hotspots and pictures of chosen dates.
#include "detect_images.hpp"
#include "detect_passes.hpp"
#include "detect_results.hpp"
#include "picture.hpp"
#include "root.hpp"

#include <fmt/format.h>
#include <fmt/os.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

namespace priel::app {

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr double veil = 0.45;   // of pixels that are not anomalous

void write_counts(const std::string& path, const DetectInput& input, const Findings& findings) {
  auto file = fmt::output_file(path);
  file.print("date,examined,valid,anomalous,fraction,mean_score,largest_score,infinite_scores\n");
  const auto& counts = findings.counts;
  const auto number = [](double value) { return std::isnan(value) ? std::string("nan") : fmt::format("{:.6f}", value); };
  for (std::size_t t = 0; t < input.dates.size(); ++t)
    file.print("{},{},{},{},{},{},{},{}\n", input.dates[t], input.examined(), counts.valid[t], counts.anomalous[t],
               number(static_cast<double>(counts.anomalous[t]) / static_cast<double>(counts.valid[t])), number(counts.mean_score[t]),
               number(counts.largest_score[t]), counts.infinite[t]);
  file.close();
}

// A raster as large as it is shown: a block of pixels is one.
struct Raster {
  Size reduce, rows, columns;
  std::vector<float> values;

  explicit Raster(const DetectInput& input)
      : reduce(picture_reduction(input.stack[1], input.stack[2])), rows((input.stack[1] + reduce - 1) / reduce),
        columns((input.stack[2] + reduce - 1) / reduce), values(static_cast<std::size_t>(rows * columns), none) {}
  float& at(Size row, Size column) { return values[static_cast<std::size_t>(row / reduce * columns + column / reduce)]; }
};

// The largest value of each block; a value a pixel.
Raster on_grid(const DetectInput& input, std::span<const float> of_pixels) {
  Raster raster(input);
  for (std::size_t i = 0; i < of_pixels.size(); ++i) {
    float& shown = raster.at(input.pixels[2 * i], input.pixels[2 * i + 1]);
    if (!(of_pixels[i] <= shown) && !std::isnan(of_pixels[i])) shown = of_pixels[i];
  }
  return raster;
}

constexpr Size strip_rows = 256;   // read at a time: as high as the tiles of most files

// The radar image of a date: the mean of each block.
Raster background(const Judged& judged, Size date) {
  const DetectInput& input = judged.input;
  Raster raster(input);
  const auto source = io::open_source(judged.options.stack, 3, self());
  source->stream();   // its cache would be as large as all that --memory gives
  const io::Dataset<float, 3> stack(source);
  const auto [dates, rows, columns] = input.stack;
  const Size height = std::max<Size>(strip_rows / raster.reduce, 1) * raster.reduce;
  std::vector<double> sums(static_cast<std::size_t>(raster.columns));
  std::vector<Size> counts(sums.size());
  for (Size top = 0; top < rows; top += height) {
    const Size bottom = std::min(top + height, rows);
    const Array<float, 2> part = without_fill(input, Array<float, 2>(stack(input.first_date + date, range(top, bottom), all)));
    const Array<float, 2> strip = judged.options.transform == Transform::db ? Array<float, 2>(10 * log10(maximum(part, 1e-6f))) : part;
    const auto values = strip.local();
    for (Size row = top; row < bottom; row += raster.reduce) {
      std::fill(sums.begin(), sums.end(), 0.0);
      std::fill(counts.begin(), counts.end(), 0);
      for (Size i = row; i < std::min(row + raster.reduce, bottom); ++i)
        for (Size j = 0; j < columns; ++j)
          if (const float value = values(i - top, j); !std::isnan(value)) {
            sums[static_cast<std::size_t>(j / raster.reduce)] += static_cast<double>(value);
            ++counts[static_cast<std::size_t>(j / raster.reduce)];
          }
      for (Size j = 0; j < raster.columns; ++j)
        if (const auto c = static_cast<std::size_t>(j); counts[c] > 0)
          raster.at(row, j * raster.reduce) = static_cast<float>(sums[c] / static_cast<double>(counts[c]));
    }
  }
  return raster;
}

// The radar image of a date in grey, and what its greys stand for; nothing where it would mean reading the images of all dates.
struct Ground {
  std::optional<Raster> image;
  std::optional<Layer> grey;
  std::string text = "no image beneath: the file holds its images in pieces of many dates";

  Ground(const Judged& judged, Size date) {
    if (decoded_for_an_image(judged) > (Size{1} << 29)) return;
    image = background(judged, date);
    const auto [low, high] = display_range(image->values);
    grey = Layer{image->values, ColourMap::grey, low, high};
    text = fmt::format("grey: {:.3g} to {:.3g} {}", low, high, judged.options.transform == Transform::db ? "dB" : "(image values)");
  }

 private:
  static Size decoded_for_an_image(const Judged& judged) {
    const auto chunk = io::chunk_shape(judged.options.stack);
    const Size dates = chunk.size() == 3 ? chunk[0] : 1;
    return dates * judged.input.stack[1] * judged.input.stack[2] * static_cast<Size>(sizeof(float));
  }
};

std::string score_name(const Findings& findings) { return findings.method == Method::loop ? "LoOP" : "LOF"; }

std::string rule(const Findings& findings) {
  return score_name(findings) + " > " + (std::isnan(findings.constant) ? "the date's mean + 3 standard deviations" : fmt::format("{:.5g}", findings.constant));
}

// Two pictures of a date, of the scores of all pixels.
void write_quicklook(const Judged& judged, const Findings& findings, Size date, std::span<const float> scores) {
  const auto t = static_cast<std::size_t>(date);
  const DetectInput& input = judged.input;
  const auto& counts = findings.counts;
  const std::string name = score_name(findings), place = fmt::format("{}/quicklook/{}", judged.folder, input.dates[t]);
  const Ground ground(judged, date);
  {
    std::vector<float> flags(scores.begin(), scores.end());
    for (float& value : flags) value = std::isnan(value) ? none : static_cast<double>(value) > findings.limits[t] ? 1.0f : 0.0f;
    const Raster raster = on_grid(input, flags);
    write_picture(place + ".png", {raster.rows, raster.columns, fmt::format("{}: anomalies", input.dates[t]),
                                   fmt::format("{} of {} ({}); {}", counts.anomalous[t], counted(counts.valid[t], "valid pixel"), rule(findings), ground.text),
                                   ground.grey, Layer{raster.values, ColourMap::anomaly, 0, 1, veil}, ""});
  }
  const Raster raster = on_grid(input, scores);
  const auto [smallest, largest] = display_range(scores, 0, 100);
  write_picture(place + "_score.png", {raster.rows, raster.columns, fmt::format("{}: {} scores", input.dates[t], name),
                                       fmt::format("{}, {:.4g} to {:.4g}; {}", counted(counts.valid[t], "valid pixel"), smallest, largest, ground.text),
                                       ground.grey, Layer{raster.values, ColourMap::heat, smallest, largest}, name + ", scaled within this date"});
}

void write_hotspots(const Judged& judged, const Findings& findings) {
  const DetectInput& input = judged.input;
  const Size date = std::max<Size>(findings.calm, 0);
  const Ground ground(judged, date);
  const double top = display_range(findings.hotspots, 0, 99).second;
  const Raster raster = on_grid(input, findings.hotspots);
  write_picture(judged.folder + "/hotspots.png",
                {raster.rows, raster.columns, "Hotspots: how often a pixel was anomalous",
                 fmt::format("{}, {}, {} to {} ({}); {}{}", counted(input.examined(), "pixel"), counted(input.count(), "date"),
                             input.dates.front(), input.dates.back(), rule(findings),
                             ground.image ? "image of " + input.dates[static_cast<std::size_t>(date)] + ", " : "", ground.text),
                 ground.grey, Layer{raster.values, ColourMap::heat, 0, top > 0 ? top : 1, veil},
                 "fraction of the pixel's valid dates, to the 99th percentile"});
}

// Those of the worst dates and of the calm one that this rank draws.
std::vector<Size> own_dates(const Findings& findings) {
  std::vector<Size> shown = findings.worst, own;
  if (findings.calm >= 0 && std::find(shown.begin(), shown.end(), findings.calm) == shown.end()) shown.push_back(findings.calm);
  for (std::size_t i = 0; i < shown.size(); ++i)
    if (static_cast<int>(i % static_cast<std::size_t>(world()->size())) == world()->rank()) own.push_back(shown[i]);
  return own;
}

}  // namespace

Size picture_bytes(const DetectInput& input) {
  const Raster shown(input);
  const Size strip = strip_rows * input.stack[2] * static_cast<Size>(sizeof(float));
  return 6 * shown.rows * shown.columns * static_cast<Size>(sizeof(float)) + 3 * strip + 3 * input.examined() * static_cast<Size>(sizeof(float));
}

void write_findings(const Judged& judged, const Findings& findings, Size budget) {
  on_root([&] {
    write_counts(judged.folder + "/counts.csv", judged.input, findings);
    std::filesystem::create_directories(judged.folder + "/quicklook");
  });
  agreed(*world(), [&] {
    const int rank = world()->rank();
    const std::vector<Size> dates = own_dates(findings);
    const auto at_once = static_cast<std::size_t>(std::clamp<Size>(budget / picture_bytes(judged.input), 1, omp_get_max_threads()));
    const auto pixels = static_cast<std::size_t>(judged.scores.count());
    if (rank == 0) {
      const ScopedWorld alone(self());
      write_hotspots(judged, findings);
    }
    std::vector<float> scores;
    for (std::size_t first = 0; first < dates.size(); first += at_once) {
      const std::span<const Size> some = std::span(dates).subspan(first, std::min(at_once, dates.size() - first));
      scores.resize(some.size() * pixels);
      gather_columns(judged.scores, judged.input.count(), some, scores.data(), [](float score, Size) { return score; });
      on_threads(static_cast<Size>(some.size()), [&](Size i) {
        const ScopedWorld alone(self());
        write_quicklook(judged, findings, some[static_cast<std::size_t>(i)], std::span(scores).subspan(static_cast<std::size_t>(i) * pixels, pixels));
      }, static_cast<int>(at_once));
    }
  });
}

}  // namespace priel::app
