// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the radar sees of a coast with its weather and events: backscatter with speckle, and what of it was injected.
#pragma once

#include "synth_coast.hpp"
#include "synth_events.hpp"

#include <cstdint>
#include <vector>

namespace priel::app {

// Whole rows of some dates.
struct Piece {
  std::int64_t date = 0;
  std::int64_t dates = 0;
  std::int64_t row = 0;
  std::int64_t rows = 0;
};

// What is stored of a piece; each has the shape (dates, rows, width of the scene).
struct Images {
  std::vector<float> sigma0;
  std::vector<float> contrast_db;
  std::vector<unsigned char> bits;
};

// Fills `images`. A pixel's numbers depend on the seed and its place in the scene, not on the piece it is made with.
void make_images(const Coast& coast, const Weather& weather, const Events& events, const Piece& piece, std::uint64_t seed, Images& images);

}  // namespace priel::app
