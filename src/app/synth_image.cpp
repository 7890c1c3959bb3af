// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The images of the synthetic coast, pixel by pixel.
#include "synth_image.hpp"

#include "synth_random.hpp"

#include <bit>
#include <cmath>
#include <numbers>

namespace priel::app {

namespace {

double from_db(double db) { return std::exp(db * (std::numbers::ln10 / 10)); }

// Twelve bits of mantissa, 0.001 dB: far below the speckle, and the file halves.
float rounded(double value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return std::bit_cast<float>((bits + 0x400u) & ~0x7ffu);
}

// Sea: C-band VV over water follows a power of the wind speed and levels off in a gale. Without gusts and the sensor's noise.
double sea_backscatter(double wind) {
  const double effective = wind / std::pow(1 + std::pow(wind / 60, 4), 0.25);
  return from_db(-15) * std::pow(effective / 30, 1.7);
}

// The expected backscatter of a date, without events. Each part is computed only where it counts.
class Scenery {
 public:
  Scenery(const Coast& coast, const Weather& weather, std::int64_t date, std::uint64_t seed)
      : coast_(coast), moisture_(weather.moisture[static_cast<std::size_t>(date)]), season_(weather.season[static_cast<std::size_t>(date)]),
        sea_(sea_backscatter(weather.wind[static_cast<std::size_t>(date)])), gusts_(Stream(seed, Purpose::gusts), date, 6, 6) {}

  double operator()(std::int64_t row, std::int64_t column) const {
    const auto i = static_cast<std::size_t>(row * coast_.width + column);
    const double distance = coast_.distance[i];
    // Farther off than this the shares are 1 and 0 to the last bit.
    constexpr double far = 25;
    if (distance > far) return land(i);
    if (distance < -far) return sea(row, column);
    const double dry = 1 / (1 + std::exp(-2 * (distance - 3))), wet = 1 / (1 + std::exp(2 * (distance + 2)));
    double sum = 0, water = 0;
    if (dry < 1 - negligible_) {
      water = sea(row, column);
      sum += wet * water;
    }
    if (wet < 1 - negligible_) sum += dry * land(i);
    // The foreshore keeps some of the land's texture and is partly under water.
    const double shore = 1 - dry - wet;
    if (shore > negligible_) sum += shore * (0.8 * from_db(-12.5 + 0.5 * (coast_.land_db[i] + 9.5 + moisture_)) + 0.2 * water);
    return sum;
  }

 private:
  double sea(std::int64_t row, std::int64_t column) const {
    const double y = 6 * static_cast<double>(row) / static_cast<double>(coast_.height);
    const double x = 6 * static_cast<double>(column) / static_cast<double>(coast_.width);
    return from_db(-22) + sea_ * from_db(0.5 * gusts_(y, x));
  }
  double land(std::size_t i) const { return from_db(coast_.land_db[i] + moisture_ - 0.8 * coast_.vegetation[i] * season_); }

  static constexpr double negligible_ = 1e-5;
  const Coast& coast_;
  double moisture_, season_, sea_;
  SmoothField gusts_;
};

}  // namespace

void make_images(const Coast& coast, const Weather& weather, const Events& events, const Piece& piece, std::uint64_t seed, Images& images) {
  const auto size = static_cast<std::size_t>(piece.dates * piece.rows * coast.width);
  images.sigma0.resize(size);
  images.contrast_db.resize(size);
  images.bits.resize(size);
  const Stream speckle(seed, Purpose::speckle);
  Injection injection;
  for (std::int64_t i = 0; i < piece.dates; ++i) {
    const std::int64_t date = piece.date + i;
    inject(coast, weather, events, date, {piece.row, piece.rows}, injection);
    const Scenery scenery(coast, weather, date, seed);

#pragma omp parallel for schedule(static)
    for (std::int64_t row = 0; row < piece.rows; ++row) {
      for (std::int64_t column = 0; column < coast.width; ++column) {
        const std::int64_t pixel = (piece.row + row) * coast.width + column;
        const auto in_date = static_cast<std::size_t>(row * coast.width + column);
        const auto at = static_cast<std::size_t>(i * piece.rows * coast.width) + in_date;
        const double usual = scenery(piece.row + row, column);
        double expected = usual;
        images.bits[at] = injection.bits[in_date];
        images.contrast_db[at] = 0;
        if (injection.bits[in_date] != 0) {
          expected = usual * from_db(injection.db[in_date]) + injection.power[in_date];
          images.contrast_db[at] = rounded(10 * std::log10(expected / usual));
        }
        images.sigma0[at] = rounded(expected * speckle.gamma(strength::looks, date * coast.size() + pixel));
      }
    }
  }
}

}  // namespace priel::app
