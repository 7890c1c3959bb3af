// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Maps of `coast detect`: each rank writes those of its dates, as many at a time as fit the memory.
#include "commands.hpp"
#include "detect_passes.hpp"
#include "detect_results.hpp"
#include "rasters.hpp"
#include "root.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

namespace priel::app {

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();

io::RasterText text_of(const std::string& description, const std::string& values) {
  io::RasterText text;
  text.description = description;
  text.metadata = {{"VALUES", values}, {"TIFFTAG_SOFTWARE", "priel " + program_version()}};
  return text;
}

std::string score_name(Method method) { return method == Method::loop ? "LoOP" : "LOF"; }

// What writing one map takes beside its values: GDAL's tiles.
constexpr Size bytes_of_writer = Size{8} << 20;

class Maps {
 public:
  Maps(const Judged& judged, const Findings& findings) : judged_(judged), findings_(findings) {
    grid_ = {judged.input.stack[1], judged.input.stack[2], judged.input.place};
  }

  // The maps of these dates.
  void write(std::span<const Size> dates) const {
    const DetectInput& input = judged_.input;
    const Size pixels = input.examined();
    const std::size_t values = dates.size() * static_cast<std::size_t>(pixels);
    {
      std::vector<std::uint8_t> flags(values);
      gather_columns(judged_.scores, input.count(), dates, flags.data(), [&](float score, Size date) {
        if (score != score) return map_no_sample;
        return static_cast<double>(score) > findings_.limits[static_cast<std::size_t>(date)] ? map_anomaly : map_inlier;
      });
      each(dates, [&](Size date, Size at) {
        const std::string& name = input.dates[static_cast<std::size_t>(date)];
        io::write_raster(fmt::format("{}/anomaly/{}.tif", judged_.folder, name), grid_, input.pixels,
                         std::span<const std::uint8_t>(flags.data() + at * pixels, static_cast<std::size_t>(pixels)), map_not_examined, anomaly_text(name));
      });
    }
    if (!judged_.options.score_maps) return;
    std::vector<float> scores(values);
    gather_columns(judged_.scores, input.count(), dates, scores.data(), [](float score, Size) { return score; });
    each(dates, [&](Size date, Size at) {
      const std::string& name = input.dates[static_cast<std::size_t>(date)];
      io::write_raster(fmt::format("{}/scores/{}.tif", judged_.folder, name), grid_, input.pixels,
                       std::span<const float>(scores.data() + at * pixels, static_cast<std::size_t>(pixels)), none,
                       text_of(score_name(findings_.method) + " scores of " + name, "score; NaN: no valid sample or not examined"));
    });
  }

  void write_by_pixel() const {
    const DetectInput& input = judged_.input;
    io::write_raster(judged_.folder + "/hotspots.tif", grid_, input.pixels, std::span<const float>(findings_.hotspots), none,
                     text_of("hotspots", "fraction of the pixel's valid dates that were anomalous; NaN: not examined or no valid date"));
    const io::Rows rows(judged_.folder + "/scores.h5:/n_valid", io::Element::uint16, false);
    std::vector<std::uint16_t> valid(static_cast<std::size_t>(rows.count()));
    rows.read(0, rows.count(), valid.data());
    io::write_raster(judged_.folder + "/n_valid.tif", grid_, input.pixels, std::span<const std::uint16_t>(valid), std::uint16_t{65535},
                     text_of("valid dates", "number of dates without a missing value in the pixel's window; 65535: not examined"));
  }

 private:
  template <class F>
  void each(std::span<const Size> dates, F f) const {
    on_threads(static_cast<Size>(dates.size()), [&](Size i) { f(dates[static_cast<std::size_t>(i)], i); });
  }

  const Judged& judged_;
  const Findings& findings_;
  io::Grid grid_;
};

}  // namespace

Size smallest_map_budget(const DetectInput& input) {
  return input.examined() * static_cast<Size>(sizeof(float)) + bytes_of_writer;
}

Size map_bytes(const DetectOptions& options, const DetectInput& input) {
  const Size per_pixel = (options.score_maps ? 5 : 1) * input.count() + 6, tiles = 4096;
  return input.examined() * per_pixel + (input.count() * (options.score_maps ? 2 : 1) + 2) * tiles * 4;
}

void write_maps(const Judged& judged, const Findings& findings, Size budget) {
  on_root([&] {
    std::filesystem::create_directories(judged.folder + "/anomaly");
    if (judged.options.score_maps) std::filesystem::create_directories(judged.folder + "/scores");
  });
  agreed(*world(), [&] {
    const Maps maps(judged, findings);
    const Block own = block_of(judged.input.count(), world()->size(), world()->rank());
    const Size one = std::max<Size>(judged.input.examined(), 1) * (judged.options.score_maps ? static_cast<Size>(sizeof(float)) : 1);
    const Size room = budget - bytes_of_writer * omp_get_max_threads();
    const Size at_once = std::clamp<Size>(room / one, 1, std::max<Size>(own.extent, 1));
    for (Size first = own.lower; first < own.lower + own.extent; first += at_once) {
      std::vector<Size> dates(static_cast<std::size_t>(std::min(at_once, own.lower + own.extent - first)));
      std::iota(dates.begin(), dates.end(), first);
      maps.write(dates);
    }
    if (world()->rank() == 0) maps.write_by_pixel();
  });
}

}  // namespace priel::app
