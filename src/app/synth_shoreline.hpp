// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A real shoreline for the synthetic coast: lines of a GeoJSON file as a raster of land and water.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace priel::app {

// Lines of points (longitude, latitude), each with land to its left, as GSHHG and OpenStreetMap have them: islands run
// counter-clockwise. Lines may be cut anywhere as long as the pieces meet, or end at the edge of the box.
struct Shoreline {
  using Point = std::array<double, 2>;
  std::vector<std::vector<Point>> lines;
  double west = 0, east = 0, south = 0, north = 0;  // the box of all points
};

// The lines and polygons of a GeoJSON file. Throws InputError if it cannot be read, is no GeoJSON or has no line.
Shoreline read_shoreline(const std::string& file);

// 1 where the centre of a pixel is on land, of `height` x `width` pixels that fill the box, the first row in the north.
// Throws InputError if the lines do not agree on which of their sides is land.
std::vector<unsigned char> land_within(const Shoreline& shoreline, std::int64_t height, std::int64_t width, const std::string& file);

}  // namespace priel::app
