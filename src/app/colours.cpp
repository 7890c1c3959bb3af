// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Colour maps as curves in OKLab, a space in which equal distances look equal (Ottosson 2020).
#include "colours.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace priel::app {

namespace {

std::uint8_t display(double linear) {
  const double clipped = std::clamp(linear, 0.0, 1.0);
  const double encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * std::pow(clipped, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(255 * encoded));
}

// OKLab's lightness, chroma and hue (degrees) as a display colour.
Colour from_oklab(double lightness, double chroma, double hue) {
  const double a = chroma * std::cos(hue * std::numbers::pi / 180), b = chroma * std::sin(hue * std::numbers::pi / 180);
  auto cubed = [](double x) { return x * x * x; };
  const double l = cubed(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const double m = cubed(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const double s = cubed(lightness - 0.0894841775 * a - 1.2914855480 * b);
  return {display(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s), display(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          display(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

}  // namespace

Colour colour_of(ColourMap map, double value) {
  const double t = std::clamp(value, 0.0, 1.0);
  switch (map) {
    case ColourMap::grey: {
      const auto level = static_cast<std::uint8_t>(std::lround(255 * t));
      return {level, level, level};
    }
    case ColourMap::anomaly: return t < 0.5 ? Colour{70, 130, 180} : Colour{255, 106, 0};
    case ColourMap::heat: break;
  }
  // Lightness rises evenly while the hue turns from violet (-65) through red to yellow (105); the chroma stays inside the display's gamut.
  return from_oklab(0.30 + 0.64 * t, 0.13 + 0.07 * std::sin(std::numbers::pi * t) - 0.02 * t, -65 + 170 * t);
}

}  // namespace priel::app
