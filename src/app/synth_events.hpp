// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What happens on the synthetic coast: acquisition dates, weather, storms, the interference artefact and erosion.
#pragma once

#include "synth_coast.hpp"

#include <cstdint>
#include <vector>

namespace priel::app {

// The strengths of a scene. They are the same for every seed; docs/scene.md says what they stand for.
namespace strength {
inline constexpr double looks = 4.4;                // gamma speckle
inline constexpr double wind_scale = 29;            // km/h, of a Weibull distribution
inline constexpr double wind_shape = 2.2;
inline constexpr double wind_memory = 0.35;         // correlation of neighbouring dates
inline constexpr double strike_low = 3;             // dB, a storm's weakest strike
inline constexpr double strike_high = 10;           // dB, its strongest
inline constexpr double strike_spacing = 550;       // shoreline pixels per strike
inline constexpr double artefact_power = 0.45;      // linear, added; about as bright as a town
inline constexpr double debris = 9;                 // dB, while collapsed ground lies on the foreshore
inline constexpr double debris_days = 6; 
inline constexpr double eroded = -1.5;              // dB, dry ground that has become foreshore, from then on
inline constexpr double retreat = 3;                // pixels lost per step of erosion
}  // namespace strength

// Bits of /truth/anomaly.
enum class Injected : unsigned char { storm = 1, artefact = 2, erosion = 4 };

// Days since 1970-01-01 and the weather of each date.
struct Weather {
  std::vector<std::int64_t> days;
  std::vector<float> wind;          // km/h
  std::vector<float> moisture;      // dB on land
  std::vector<float> season;        // 1 in mid-January, -1 in mid-July
};

// A place of the shore that a storm strikes on one date: surf, flooding and debris round a shoreline pixel, in a lobed patch that
// fades out towards its edge.
struct Strike {
  std::int64_t date = 0;
  Pixel centre;
  double radius = 0;
  double turn = 0;                  // of the lobes, radians
  double db = 0;                    // in the middle
};

// One step of the retreat of the shoreline at a place: a strip of ground falls on a date.
struct Retreat {
  std::int64_t date = 0;
  Pixel centre;
  int step = 0;                     // the strip is at the distances (step, step + 1] * strength::retreat inland
};

// A bright stripe of radio interference across the whole scene on one date.
struct Artefact {
  std::int64_t date = -1;           // -1: none
  double column = 0;                // of its axis in the middle row
  double slope = 0;                 // columns per row
  double half_width = 0;
};

struct Events {
  std::vector<std::int64_t> storms;  // dates, ascending
  std::vector<Strike> strikes;
  std::vector<Retreat> retreats;
  Artefact artefact;
};

// The weather does not know of the events: a scene without them has the same.
Weather make_weather(std::int64_t dates, std::uint64_t seed);

// Throws InputError if there are not three dates for every storm.
Events make_events(const Coast& coast, const Weather& weather, std::int64_t storms, std::uint64_t seed);

// Neighbouring rows of the scene.
struct Rows {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

// What the events add to some rows of one date, the coast's width wide.
struct Injection {
  std::vector<float> db;            // factor on the backscatter
  std::vector<float> power;         // added afterwards, linear
  std::vector<unsigned char> bits;  // Injected
};
void inject(const Coast& coast, const Weather& weather, const Events& events, std::int64_t date, const Rows& rows, Injection& into);

// Pixels that erosion reaches on any date: /truth/hotspots.
std::vector<unsigned char> hotspots(const Coast& coast, const Events& events);

}  // namespace priel::app
