// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The maps of `coast detect`: what their values mean and how they are coloured. io::write_raster writes them.
#pragma once

#include <priel/io/raster.hpp>

#include <cstdint>
#include <string>

namespace priel::app {

// The values of an anomaly map.
constexpr std::uint8_t map_inlier = 0, map_anomaly = 1, map_no_sample = 254, map_not_examined = 255;

// Whether maps can be written: a build with GDAL whose library is there.
bool rasters_available();

// An anomaly map's colours, description and what its values mean; `date` may be empty.
io::RasterText anomaly_text(const std::string& date);

}  // namespace priel::app
