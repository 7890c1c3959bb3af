// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the maps of `coast detect` say about themselves.
#include "rasters.hpp"

#include "colours.hpp"
#include "commands.hpp"

namespace priel::app {

bool rasters_available() { return !io::gdal_version().empty(); }

io::RasterText anomaly_text(const std::string& date) {
  const auto coloured = [](double value) {
    const Colour colour = colour_of(ColourMap::anomaly, value);
    return std::array{colour.red, colour.green, colour.blue};
  };
  io::RasterText text;
  text.description = date.empty() ? "anomalies" : "anomalies of " + date;
  text.metadata = {{"VALUES", "0 inlier, 1 anomaly, 254 no valid sample, 255 not examined"}, {"TIFFTAG_SOFTWARE", "priel " + program_version()}};
  text.colours = {{map_inlier, coloured(0)}, {map_anomaly, coloured(1)}, {map_no_sample, {128, 128, 128}}, {map_not_examined, {255, 255, 255}}};
  return text;
}

}  // namespace priel::app
