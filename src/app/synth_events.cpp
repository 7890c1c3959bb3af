// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What happens on the synthetic coast, drawn once per scene and applied date by date.
#include "synth_events.hpp"

#include "synth_random.hpp"

#include <priel/communicator.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace priel::app {

namespace {

constexpr std::int64_t first_day = 17079;  // 2016-10-05: two satellites of six days' joint repeat are in orbit
constexpr double place_radius = 13;        // pixels, an erosion place
constexpr int places = 4;
constexpr double strike_reach = 7;         // pixels from the shoreline to either side

// Calls f(index of the pixel) for the pixels of a disc that lie in these rows of the scene.
template <class F>
void for_disc(const Coast& coast, const Rows& rows, const Pixel& centre, double radius, F&& f) {
  const auto reach = static_cast<std::int64_t>(std::ceil(radius));
  const std::int64_t top = std::max(rows.first, centre.row - reach), bottom = std::min(rows.first + rows.count, centre.row + reach + 1);
  const std::int64_t left = std::max<std::int64_t>(0, centre.column - reach), right = std::min(coast.width, centre.column + reach + 1);
  for (std::int64_t row = top; row < bottom; ++row)
    for (std::int64_t column = left; column < right; ++column)
      if (std::hypot(row - centre.row, column - centre.column) <= radius) f(static_cast<std::size_t>(row * coast.width + column));
}

// Full strength in the inner two thirds of three lobes, nothing at their edge or far from the shoreline.
double db_of(const Coast& coast, const Strike& strike, std::size_t pixel) {
  if (std::abs(coast.distance[pixel]) > strike_reach) return 0;
  const auto index = static_cast<std::int64_t>(pixel);
  const auto down = static_cast<double>(index / coast.width - strike.centre.row), right = static_cast<double>(index % coast.width - strike.centre.column);
  const double edge = strike.radius * (1 + 0.3 * std::sin(3 * std::atan2(down, right) + strike.turn));
  return strike.db * std::clamp(3 * (1 - std::hypot(down, right) / edge), 0.0, 1.0);
}

bool lost(const Coast& coast, std::size_t pixel, int step) {
  const double inland = coast.distance[pixel];
  return inland > step * strength::retreat && inland <= (step + 1) * strength::retreat;
}

// Collapsed ground covers the strip, two pixels of the foreshore before it and the scarp behind it.
bool under_debris(const Coast& coast, std::size_t pixel, int step) {
  const double inland = coast.distance[pixel];
  return inland > step * strength::retreat - 2 && inland <= (step + 1) * strength::retreat + 1;
}

// Storm dates among the windiest eighth: a storm needs wind, but not every wind is onshore at high water.
std::vector<std::int64_t> draw_storms(const Weather& weather, std::int64_t storms, std::uint64_t seed) {
  const auto dates = static_cast<std::int64_t>(weather.days.size());
  if (storms < 0 || 3 * storms > dates)
    throw InputError(std::to_string(storms) + " storms do not fit into " + std::to_string(dates) + " dates: at most a third of the dates can be storms");
  std::vector<std::int64_t> order(weather.days.size());
  std::iota(order.begin(), order.end(), 0);
  auto wind = [&](std::int64_t t) { return weather.wind[static_cast<std::size_t>(t)]; };
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return wind(a) > wind(b); });
  order.resize(static_cast<std::size_t>(std::max(2 * storms, dates / 8)));
  const Stream stream(seed, Purpose::storm_dates);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return stream.bits(a) < stream.bits(b); });
  order.resize(static_cast<std::size_t>(storms));
  std::sort(order.begin(), order.end());
  return order;
}

// The places are the four of many candidates with most ground to lose, apart from one another and from the scene's edges.
std::vector<Pixel> draw_places(const Coast& coast, const Stream& stream) {
  struct Candidate { Pixel pixel; std::int64_t ground = 0; };
  std::vector<Candidate> candidates;
  const auto reach = static_cast<std::int64_t>(place_radius);
  for (int i = 0; i < 32; ++i) {
    const auto n = static_cast<std::int64_t>(coast.shoreline.size());
    Candidate candidate{coast.shoreline[static_cast<std::size_t>(stream.below(n, i))], 0};
    const Pixel& p = candidate.pixel;
    if (p.row < reach || p.row >= coast.height - reach || p.column < reach || p.column >= coast.width - reach) continue;
    for_disc(coast, {0, coast.height}, p, place_radius, [&](std::size_t pixel) {
      candidate.ground += coast.distance[pixel] > 0 && coast.distance[pixel] <= 2 * strength::retreat;
    });
    candidates.push_back(candidate);
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.ground > b.ground; });
  std::vector<Pixel> chosen;
  for (const Candidate& candidate : candidates) {
    const bool apart = std::all_of(chosen.begin(), chosen.end(), [&](const Pixel& other) {
      return std::hypot(candidate.pixel.row - other.row, candidate.pixel.column - other.column) > 3 * place_radius;
    });
    if (apart && chosen.size() < places) chosen.push_back(candidate.pixel);
  }
  return chosen;
}

}  // namespace

Weather make_weather(std::int64_t dates, std::uint64_t seed) {
  Weather weather;
  const Stream gaps(seed, Purpose::dates), winds(seed, Purpose::wind), rain(seed, Purpose::moisture);
  std::int64_t day = first_day;
  double state = 0;
  for (std::int64_t t = 0; t < dates; ++t) {
    if (t > 0) day += gaps.uniform(t) < 0.5 ? 6 : 12;
    // Whole days into the year are enough for a cosine; the year begins on a 1st of January (17167 is 2017-01-01).
    const double season = std::cos(2 * std::numbers::pi * (static_cast<double>(day - 17167) / 365.25 - 0.05));
    const double memory = t > 0 ? strength::wind_memory : 0;
    state = memory * state + std::sqrt(1 - memory * memory) * winds.normal(t);
    weather.days.push_back(day);
    weather.season.push_back(static_cast<float>(season));
    // A normal state as the quantile of a Weibull distribution, the textbook's for wind speeds; erfc keeps the tail exact.
    const double exceeded = 0.5 * std::erfc(state / std::numbers::sqrt2);
    weather.wind.push_back(static_cast<float>(strength::wind_scale * (1 + 0.12 * season) * std::pow(-std::log(exceeded), 1 / strength::wind_shape)));
    weather.moisture.push_back(static_cast<float>(0.4 * rain.normal(t)));
  }
  return weather;
}

Events make_events(const Coast& coast, const Weather& weather, std::int64_t storms, std::uint64_t seed) {
  Events events;
  const auto dates = static_cast<std::int64_t>(weather.days.size());
  events.storms = draw_storms(weather, storms, seed);

  const Stream strikes(seed, Purpose::strikes);
  const auto shoreline = static_cast<std::int64_t>(coast.shoreline.size());
  const auto per_storm = std::max<std::int64_t>(3, std::llround(static_cast<double>(shoreline) / strength::strike_spacing));
  for (const std::int64_t date : events.storms) {
    for (std::int64_t i = 0; i < per_storm; ++i) {
      const std::int64_t index = date * 1'000'000 + i;
      events.strikes.push_back({date, coast.shoreline[static_cast<std::size_t>(strikes.below(shoreline, index))],
                                strikes.uniform(9, 16, index, 1),
                                strikes.uniform(0, 2 * std::numbers::pi, index, 3), strikes.uniform(strength::strike_low, strength::strike_high, index, 2)});
    }
  }

  // One step a year, two at least, four at most: farther inland the mask does not reach.
  const Stream erosion(seed, Purpose::erosion);
  const double years = static_cast<double>(weather.days.back() - weather.days.front()) / 365.25;
  const auto steps = static_cast<int>(std::clamp(std::round(years), 2.0, 4.0));
  const std::vector<Pixel> chosen = draw_places(coast, Stream(seed, Purpose::erosion));
  for (std::size_t place = 0; place < chosen.size(); ++place)
    for (int step = 0; step < steps; ++step) {
      const double when = (step + erosion.uniform(0.25, 0.75, 1000 + static_cast<std::int64_t>(place), step)) / steps;
      events.retreats.push_back({static_cast<std::int64_t>(when * static_cast<double>(dates)), chosen[place], step});
    }

  // On a date of its own, so that what is found there can be told apart.
  const Stream artefact(seed, Purpose::artefact);
  for (int attempt = 0; events.artefact.date < 0; ++attempt) {
    const std::int64_t date = artefact.below(dates, 0, attempt);
    const bool storm = std::binary_search(events.storms.begin(), events.storms.end(), date);
    const bool fall = std::any_of(events.retreats.begin(), events.retreats.end(), [&](const Retreat& retreat) { return retreat.date == date; });
    if (!storm && !fall) events.artefact.date = date;
  }
  const auto width = static_cast<double>(coast.width);
  events.artefact.column = artefact.uniform(0.25, 0.75, 1) * width;
  events.artefact.slope = artefact.uniform(-0.2, 0.2, 2);
  events.artefact.half_width = 0.08 * width;
  return events;
}

void inject(const Coast& coast, const Weather& weather, const Events& events, std::int64_t date, const Rows& rows, Injection& into) {
  const auto size = static_cast<std::size_t>(rows.count * coast.width), before = static_cast<std::size_t>(rows.first * coast.width);
  into.db.assign(size, 0);
  into.power.assign(size, 0);
  into.bits.assign(size, 0);
  auto mark = [&](std::size_t pixel, Injected kind) { into.bits[pixel - before] |= static_cast<unsigned char>(kind); };
  auto raise = [&](std::size_t pixel, double db) { into.db[pixel - before] = std::max(into.db[pixel - before], static_cast<float>(db)); };

  for (const Retreat& retreat : events.retreats) {
    if (date < retreat.date) continue;
    for_disc(coast, rows, retreat.centre, place_radius, [&](std::size_t pixel) {
      if (!lost(coast, pixel, retreat.step)) return;
      into.db[pixel - before] = static_cast<float>(strength::eroded);
      mark(pixel, Injected::erosion);
    });
  }
  for (const Retreat& retreat : events.retreats) {
    const auto age = weather.days[static_cast<std::size_t>(date)] - weather.days[static_cast<std::size_t>(retreat.date)];
    if (age < 0 || static_cast<double>(age) >= strength::debris_days) continue;
    for_disc(coast, rows, retreat.centre, place_radius, [&](std::size_t pixel) {
      if (!under_debris(coast, pixel, retreat.step)) return;
      raise(pixel, strength::debris);
      mark(pixel, Injected::erosion);
    });
  }
  for (const Strike& strike : events.strikes) {
    if (strike.date != date) continue;
    for_disc(coast, rows, strike.centre, 1.3 * strike.radius, [&](std::size_t pixel) {
      const double db = db_of(coast, strike, pixel);
      if (db <= 0) return;
      raise(pixel, db);
      mark(pixel, Injected::storm);
    });
  }
  if (events.artefact.date == date) {
    for (std::int64_t row = rows.first; row < rows.first + rows.count; ++row) {
      const double axis = events.artefact.column + events.artefact.slope * (static_cast<double>(row) - 0.5 * static_cast<double>(coast.height));
      for (std::int64_t column = 0; column < coast.width; ++column) {
        if (std::abs(static_cast<double>(column) - axis) > events.artefact.half_width) continue;
        const auto pixel = static_cast<std::size_t>(row * coast.width + column);
        into.power[pixel - before] = static_cast<float>(strength::artefact_power);
        mark(pixel, Injected::artefact);
      }
    }
  }
}

std::vector<unsigned char> hotspots(const Coast& coast, const Events& events) {
  std::vector<unsigned char> result(static_cast<std::size_t>(coast.size()), 0);
  for (const Retreat& retreat : events.retreats)
    for_disc(coast, {0, coast.height}, retreat.centre, place_radius, [&](std::size_t pixel) {
      if (lost(coast, pixel, retreat.step) || under_debris(coast, pixel, retreat.step)) result[pixel] = 1;
    });
  return result;
}

}  // namespace priel::app
