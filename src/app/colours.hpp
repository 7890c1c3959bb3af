// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Colour maps for pictures: grey for radar images, a perceptually uniform one for values, two colours for yes and no.
#pragma once

#include <cstdint>

namespace priel::app {

enum class ColourMap {
  grey,       // black to white
  heat,       // dark violet over red to light yellow: equal steps look equally far apart, also without colour vision
  anomaly     // 0 a quiet blue, 1 a loud orange
};

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

// The colour of a value scaled to 0..1; values beyond the ends, infinities included, take the end's colour.
Colour colour_of(ColourMap map, double value);

}  // namespace priel::app
