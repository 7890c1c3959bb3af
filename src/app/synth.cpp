// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel coast synth`: a scene that looks like what it stands for, with the truth beside it.
#include "commands.hpp"
#include "progress.hpp"
#include "synth_coast.hpp"
#include "synth_events.hpp"
#include "synth_random.hpp"

#include <priel/communicator.hpp>
#include <priel/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <filesystem>
#include <numbers>

namespace priel::app {

namespace {

double from_db(double db) { return std::exp(db * (std::numbers::ln10 / 10)); }

// Twelve bits of mantissa, 0.001 dB: far below the speckle, and the file halves.
float rounded(double value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return std::bit_cast<float>((bits + 0x400u) & ~0x7ffu);
}

// What the radar sees of one date, and what of it was injected.
struct Image {
  std::vector<float> sigma0;
  std::vector<float> contrast_db;
  Injection injection;
};

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
    const double dry = 1 / (1 + std::exp(-2 * (distance - 3))), wet = 1 / (1 + std::exp(2 * (distance + 2)));
    double sum = 0, sea = 0;
    if (dry < 1 - negligible_) {
      const double y = 6 * static_cast<double>(row) / static_cast<double>(coast_.height);
      const double x = 6 * static_cast<double>(column) / static_cast<double>(coast_.width);
      sea = from_db(-22) + sea_ * from_db(0.5 * gusts_(y, x));
      sum += wet * sea;
    }
    if (wet < 1 - negligible_) sum += dry * from_db(coast_.land_db[i] + moisture_ - 0.8 * coast_.vegetation[i] * season_);
    // The foreshore keeps some of the land's texture and is partly under water.
    const double shore = 1 - dry - wet;
    if (shore > negligible_) sum += shore * (0.8 * from_db(-12.5 + 0.5 * (coast_.land_db[i] + 9.5 + moisture_)) + 0.2 * sea);
    return sum;
  }

 private:
  static constexpr double negligible_ = 1e-5;
  const Coast& coast_;
  double moisture_, season_, sea_;
  SmoothField gusts_;
};

void make_image(const Coast& coast, const Weather& weather, const Events& events, std::int64_t date, std::uint64_t seed, Image& image) {
  inject(coast, weather, events, date, image.injection);
  image.sigma0.resize(static_cast<std::size_t>(coast.size()));
  image.contrast_db.resize(image.sigma0.size());
  const Scenery scenery(coast, weather, date, seed);
  const Stream speckle(seed, Purpose::speckle);

#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < coast.height; ++row) {
    for (std::int64_t column = 0; column < coast.width; ++column) {
      const std::int64_t pixel = row * coast.width + column;
      const auto i = static_cast<std::size_t>(pixel);
      const double usual = scenery(row, column);
      double expected = usual;
      image.contrast_db[i] = 0;
      if (image.injection.bits[i] != 0) {
        expected = usual * from_db(image.injection.db[i]) + image.injection.power[i];
        image.contrast_db[i] = rounded(10 * std::log10(expected / usual));
      }
      image.sigma0[i] = rounded(expected * speckle.gamma(strength::looks, date * coast.size() + pixel));
    }
  }
}

// The place of each stored dataset and its element type.
void create_datasets(io::Sink& sink, const SynthOptions& options, std::int64_t storms) {
  const std::array<std::int64_t, 3> stack{options.dates, options.height, options.width};
  const std::array<std::int64_t, 2> grid{options.height, options.width};
  const std::array<std::int64_t, 1> dates{options.dates}, storm_dates{storms}, one{1};
  // A few rows of one date: readers take some rows of every date, writers one date at a time.
  const io::Layout layout{{1, std::min<std::int64_t>(options.height, 50), options.width}, 1};
  sink.create("/sigma0", io::Element::float32, stack, layout);
  sink.create("/truth/anomaly", io::Element::uint8, stack, layout);
  sink.create("/truth/contrast_db", io::Element::float32, stack, layout);
  sink.create("/mask", io::Element::uint8, grid, {});
  sink.create("/truth/hotspots", io::Element::uint8, grid, {});
  sink.create("/time", io::Element::int64, dates, {});
  sink.create("/wind", io::Element::float32, dates, {});
  sink.create("/truth/storms", io::Element::int64, storm_dates, {});
  sink.create("/truth/artefact", io::Element::int64, one, {});
}

void write_attributes(io::Sink& sink, const SynthOptions& options) {
  sink.attribute("/", "title", "synthetic coast by priel " + program_version());
  sink.attribute("/", "seed", options.seed);
  sink.attribute("/", "dates", options.dates);
  sink.attribute("/", "height", options.height);
  sink.attribute("/", "width", options.width);
  sink.attribute("/", "storms", options.events ? options.storms : std::int64_t{0});
  sink.attribute("/", "events", std::int64_t{options.events});
  sink.attribute("/", "looks", strength::looks);
  sink.attribute("/", "strike_db_low", strength::strike_low);
  sink.attribute("/", "strike_db_high", strength::strike_high);
  sink.attribute("/", "artefact_power", strength::artefact_power);
  sink.attribute("/", "debris_db", strength::debris);
  sink.attribute("/", "eroded_db", strength::eroded);
  sink.attribute("/sigma0", "units", "1");
  sink.attribute("/sigma0", "long_name", "radar backscatter sigma nought, linear power, VV");
  sink.attribute("/time", "units", "days since 1970-01-01");
  sink.attribute("/time", "calendar", "standard");
  sink.attribute("/wind", "units", "km/h");
  sink.attribute("/truth/anomaly", "flag_meanings", "1 storm, 2 artefact, 4 erosion (added)");
  sink.attribute("/truth/contrast_db", "units", "dB");
  sink.attribute("/truth/storms", "long_name", "indices of dates");
  sink.attribute("/truth/artefact", "long_name", "index of the date, -1 if there is none");
}

// A dataset that every rank holds whole; rank 0 writes it.
template <class T>
void write_whole(io::Sink& sink, const Communicator& comm, const std::string& dataset, std::vector<std::int64_t> extent, const std::vector<T>& values) {
  const std::vector<std::int64_t> lower(extent.size(), 0);
  if (comm.rank() != 0) extent.assign(extent.size(), 0);
  sink.write_all(dataset, lower, extent, io::element_of<T>(), values.data());
}

void write_stack(io::Sink& sink, const Comm& comm, const SynthOptions& options, const Coast& coast, const Weather& weather, const Events& events) {
  const Block mine = block_of(options.dates, comm->size(), comm->rank());
  const std::int64_t rounds = block_of(options.dates, comm->size(), 0).extent;
  Progress progress("dates", options.dates, options.quiet || comm->rank() != 0);
  Image image;
  for (std::int64_t round = 0; round < rounds; ++round) {
    const bool busy = round < mine.extent;
    const std::int64_t date = busy ? mine.lower + round : 0;
    if (busy) make_image(coast, weather, events, date, static_cast<std::uint64_t>(options.seed), image);
    const std::array<std::int64_t, 3> lower{date, 0, 0};
    const std::array<std::int64_t, 3> extent{busy ? 1 : 0, busy ? coast.height : 0, busy ? coast.width : 0};
    sink.write_all("/sigma0", lower, extent, io::Element::float32, image.sigma0.data());
    sink.write_all("/truth/anomaly", lower, extent, io::Element::uint8, image.injection.bits.data());
    sink.write_all("/truth/contrast_db", lower, extent, io::Element::float32, image.contrast_db.data());
    progress.advance(std::min<std::int64_t>(comm->size(), options.dates - round * comm->size()));
  }
}

}  // namespace

int run_synth(const SynthOptions& options) {
  const Comm comm = world();
  agreed(*comm, [&] {
    if (comm->rank() == 0 && !options.overwrite && std::filesystem::exists(options.output))
      throw InputError(options.output + " exists: name another file or give --overwrite");
  });
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const Coast coast = make_coast(options.height, options.width, seed);
  const Weather weather = make_weather(options.dates, seed);
  const Events events = options.events ? make_events(coast, weather, options.storms, seed) : Events{};

  std::vector<unsigned char> mask(coast.distance.size());
  for (std::int64_t row = mask_margin; row < options.height - mask_margin; ++row)
    for (std::int64_t column = mask_margin; column < options.width - mask_margin; ++column) {
      const auto at = static_cast<std::size_t>(row * options.width + column);
      mask[at] = std::abs(coast.distance[at]) <= mask_distance ? 1 : 0;
    }
  const auto masked = std::count(mask.begin(), mask.end(), 1);

  const std::shared_ptr<io::Sink> sink = io::create_sink(options.output, comm);
  const auto storms = static_cast<std::int64_t>(events.storms.size());
  create_datasets(*sink, options, storms);
  write_attributes(*sink, options);
  write_whole(*sink, *comm, "/mask", {options.height, options.width}, mask);
  write_whole(*sink, *comm, "/truth/hotspots", {options.height, options.width}, hotspots(coast, events));
  write_whole(*sink, *comm, "/time", {options.dates}, weather.days);
  write_whole(*sink, *comm, "/wind", {options.dates}, weather.wind);
  write_whole(*sink, *comm, "/truth/storms", {storms}, events.storms);
  write_whole(*sink, *comm, "/truth/artefact", {1}, std::vector<std::int64_t>{events.artefact.date});
  write_stack(*sink, comm, options, coast, weather, events);
  sink->close();

  if (comm->rank() == 0 && !options.quiet)
    fmt::print("{}: {} dates of {} x {} pixels, {} of them on the shore; {} storms, {}, {} steps of erosion\n", options.output, options.dates,
               options.height, options.width, masked, storms, events.artefact.date < 0 ? "no artefact" : "one artefact", events.retreats.size());
  return 0;
}

}  // namespace priel::app
