// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Pictures of rasters as PNG files: values in colour over a grey radar image, with a title and a legend.
#pragma once

#include "colours.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace priel::app {

// A raster (height, width), C order, and how its values become colours. NaN is transparent.
struct Layer {
  std::span<const float> values;
  ColourMap map = ColourMap::heat;
  double low = 0;     // the value of the first colour
  double high = 1;    // the value of the last; values beyond either end take the end's colour
  double veil = 1;    // opacity of the values that are not above `low`: less than 1 lets what is below shine through
};

struct Picture {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::string title;
  std::string subtitle;             // small, under the title; may be empty
  std::optional<Layer> background;  // a radar image in dB in grey; without it the ground is a neutral grey
  std::optional<Layer> overlay;
  std::string legend;               // what the colours of the overlay (or of the background alone) stand for, with units
};

// Writes the picture under a temporary name and renames it. Small rasters are enlarged by a whole factor, large ones reduced by
// one (an overlay keeps the largest value of each block, a background its mean). Rank-local. Throws SystemError if the file
// cannot be written, ShapeError if a layer has not height * width values.
void write_picture(const std::string& path, const Picture& picture);

// The factor by which a raster of this size is reduced in a picture; 1 for small ones. Whoever has one that is larger than its memory
// reduces it before, and is given the same picture.
std::int64_t picture_reduction(std::int64_t height, std::int64_t width);

// The values between which the middle part of a raster lies, such as the 2nd and 98th percentile; for grey backgrounds. NaN and
// infinities are left out; {0, 1} if nothing is left.
std::pair<double, double> display_range(std::span<const float> values, double low_percent = 2, double high_percent = 98);

}  // namespace priel::app
