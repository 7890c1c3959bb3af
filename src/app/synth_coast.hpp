// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The ground of the synthetic coast: a fractal shoreline with islands and inlets, and what covers the land.
#pragma once

#include <cstdint>
#include <vector>

namespace priel::app {

struct Pixel {
  std::int64_t row = 0;
  std::int64_t column = 0;
};

// Everything about a scene that does not change with time. All rasters have the shape (height, width), in C order.
struct Coast {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<float> distance;         // signed distance to the shoreline in pixels, positive on land
  std::vector<float> land_db;          // mean backscatter of dry land in dB, with fields and texture
  std::vector<float> vegetation;       // 0 bare to 1 green: how strongly the season shows
  std::vector<Pixel> shoreline;        // pixels within one pixel of the shoreline, row by row

  std::int64_t size() const { return height * width; }
};

// The mask of pixels to examine is the band |distance| <= mask_distance, without a margin in which a 7×7 window would leave the grid.
inline constexpr float mask_distance = 4;
inline constexpr std::int64_t mask_margin = 3;

// Makes the coast of a seed; the same on every rank. `land`, 1 on land and of the shape (height, width), replaces the seed's own
// shoreline if it is not empty. Throws InputError if the scene has no shoreline.
Coast make_coast(std::int64_t height, std::int64_t width, std::uint64_t seed, std::vector<unsigned char> land = {});

// Euclidean distance in pixels from each pixel's centre to the centre of the nearest pixel for which `inside` is 0
// (Felzenszwalb and Huttenlocher 2012); `inside` has the shape (height, width).
std::vector<double> distance_to_outside(const std::vector<unsigned char>& inside, std::int64_t height, std::int64_t width);

}  // namespace priel::app
