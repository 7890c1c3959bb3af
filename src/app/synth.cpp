// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel coast synth`: a scene that looks like what it stands for, with the truth beside it.
#include "commands.hpp"
#include "progress.hpp"
#include "synth_coast.hpp"
#include "synth_events.hpp"
#include "synth_image.hpp"
#include "synth_shoreline.hpp"

#include <priel/communicator.hpp>
#include <priel/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

namespace priel::app {

namespace {

// The chunks of the images. By default a few rows of one date: readers take some rows of every date, writers one date at a time.
std::vector<std::int64_t> chunk_of(const SynthOptions& options) {
  const auto [dates, rows, columns] = options.chunk.value_or(std::array<std::int64_t, 3>{1, 50, options.width});
  return {std::min(dates, options.dates), std::min(rows, options.height), std::min(columns, options.width)};
}

// A chunk is made and read in one piece.
void require_moderate(const std::vector<std::int64_t>& chunk) {
  constexpr std::int64_t most = 256;
  const double size = 4 * static_cast<double>(chunk[0]) * static_cast<double>(chunk[1]) * static_cast<double>(chunk[2]) / (1 << 20);
  if (size > most)
    throw InputError(fmt::format("--chunk {}x{}x{}: {:.0f} MiB in a chunk; expected at most {}", chunk[0], chunk[1], chunk[2], size, most));
}

// The place of each stored dataset and its element type.
void create_datasets(io::Sink& sink, const SynthOptions& options, std::int64_t storms) {
  const std::array<std::int64_t, 3> stack{options.dates, options.height, options.width};
  const std::array<std::int64_t, 2> grid{options.height, options.width};
  const std::array<std::int64_t, 1> dates{options.dates}, storm_dates{storms}, one{1};
  const io::Layout images{chunk_of(options), 1};
  // On a large scene next to nothing is injected: chunks of zeros are left out.
  const io::Layout truth{images.chunk, images.deflate, options.chunk || !options.shoreline.empty()};
  sink.create("/sigma0", io::Element::float32, stack, images);
  sink.create("/truth/anomaly", io::Element::uint8, stack, truth);
  sink.create("/truth/contrast_db", io::Element::float32, stack, truth);
  sink.create("/mask", io::Element::uint8, grid, {});
  sink.create("/truth/hotspots", io::Element::uint8, grid, {});
  sink.create("/time", io::Element::int64, dates, {});
  sink.create("/wind", io::Element::float32, dates, {});
  sink.create("/truth/storms", io::Element::int64, storm_dates, {});
  sink.create("/truth/artefact", io::Element::int64, one, {});
}

void write_attributes(io::Sink& sink, const SynthOptions& options, const std::optional<Shoreline>& shoreline) {
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
  if (shoreline) {
    sink.attribute("/", "shoreline", std::filesystem::path(options.shoreline).filename().string());
    sink.attribute("/", "west", shoreline->west);
    sink.attribute("/", "east", shoreline->east);
    sink.attribute("/", "south", shoreline->south);
    sink.attribute("/", "north", shoreline->north);
  }
  if (options.examine) sink.attribute("/", "examine", *options.examine);
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
void write_whole(io::Sink& sink, const Communicator& comm, const std::string& dataset, std::vector<std::int64_t> extent,
                 const std::vector<T>& values) {
  const std::vector<std::int64_t> lower(extent.size(), 0);
  if (comm.rank() != 0) extent.assign(extent.size(), 0);
  sink.write_all(dataset, lower, extent, io::element_of<T>(), values.data());
}

// How the images are cut for making and writing: whole chunks, of as many rows as fit into some memory.
class Pieces {
 public:
  explicit Pieces(const SynthOptions& options) : extent_{options.dates, options.height}, step_{chunk_of(options)[0], chunk_of(options)[1]} {
    constexpr std::int64_t pixels = std::int64_t{16} << 20;
    step_[1] *= std::max<std::int64_t>(1, pixels / (step_[0] * step_[1] * options.width));
    across_ = (extent_[1] + step_[1] - 1) / step_[1];
  }

  std::int64_t count() const { return (extent_[0] + step_[0] - 1) / step_[0] * across_; }
  Piece operator[](std::int64_t i) const {
    const std::int64_t date = i / across_ * step_[0], row = i % across_ * step_[1];
    return {date, std::min(step_[0], extent_[0] - date), row, std::min(step_[1], extent_[1] - row)};
  }

 private:
  std::array<std::int64_t, 2> extent_, step_;  // dates, rows
  std::int64_t across_ = 1;
};

void write_stack(io::Sink& sink, const Comm& comm, const SynthOptions& options, const Coast& coast, const Weather& weather,
                 const Events& events) {
  const Pieces pieces(options);
  const Block mine = block_of(pieces.count(), comm->size(), comm->rank());
  const std::int64_t rounds = block_of(pieces.count(), comm->size(), 0).extent;
  Progress progress("parts", pieces.count(), options.quiet || comm->rank() != 0);
  Images images;
  for (std::int64_t round = 0; round < rounds; ++round) {
    Piece piece;
    if (round < mine.extent) {
      piece = pieces[mine.lower + round];
      make_images(coast, weather, events, piece, static_cast<std::uint64_t>(options.seed), images);
    }
    const std::array<std::int64_t, 3> lower{piece.date, piece.row, 0}, extent{piece.dates, piece.rows, piece.dates > 0 ? coast.width : 0};
    sink.write_all("/sigma0", lower, extent, io::Element::float32, images.sigma0.data());
    sink.write_all("/truth/anomaly", lower, extent, io::Element::uint8, images.bits.data());
    sink.write_all("/truth/contrast_db", lower, extent, io::Element::float32, images.contrast_db.data());
    progress.advance(std::min<std::int64_t>(comm->size(), pieces.count() - round * comm->size()));
  }
}

// The pixels to examine: the `examine` ones nearest to the shoreline, the first in C order where distances are equal, or all in the band.
std::vector<unsigned char> mask_of(const Coast& coast, const std::optional<std::int64_t>& examine) {
  std::vector<std::int64_t> candidates;
  for (std::int64_t row = mask_margin; row < coast.height - mask_margin; ++row)
    for (std::int64_t column = mask_margin; column < coast.width - mask_margin; ++column) candidates.push_back(row * coast.width + column);
  const auto distance = [&](std::int64_t pixel) { return std::abs(coast.distance[static_cast<std::size_t>(pixel)]); };
  if (!examine) {
    std::erase_if(candidates, [&](std::int64_t pixel) { return distance(pixel) > mask_distance; });
  } else {
    const auto available = static_cast<std::int64_t>(candidates.size());
    if (*examine > available)
      throw InputError(fmt::format("--examine {}: a scene of {} x {} pixels has {} whose 7 x 7 window lies within; expected at most these",
                                   *examine, coast.height, coast.width, available));
    std::nth_element(candidates.begin(), candidates.begin() + *examine - 1, candidates.end(), [&](std::int64_t a, std::int64_t b) {
      return std::pair(distance(a), a) < std::pair(distance(b), b);
    });
    candidates.resize(static_cast<std::size_t>(*examine));
  }
  std::vector<unsigned char> mask(coast.distance.size());
  for (const std::int64_t pixel : candidates) mask[static_cast<std::size_t>(pixel)] = 1;
  return mask;
}

}  // namespace

int run_synth(const SynthOptions& options) {
  const Comm comm = world();
  agreed(*comm, [&] {
    if (comm->rank() == 0 && !options.overwrite && std::filesystem::exists(options.output))
      throw InputError(options.output + " exists: name another file or give --overwrite");
  });
  const auto seed = static_cast<std::uint64_t>(options.seed);
  std::optional<Shoreline> shoreline;
  Coast coast;
  std::vector<unsigned char> mask;
  agreed(*comm, [&] {
    require_moderate(chunk_of(options));
    std::vector<unsigned char> land;
    if (!options.shoreline.empty()) {
      shoreline = read_shoreline(options.shoreline);
      land = land_within(*shoreline, options.height, options.width, options.shoreline);
    }
    coast = make_coast(options.height, options.width, seed, std::move(land));
    mask = mask_of(coast, options.examine);
  });
  const Weather weather = make_weather(options.dates, seed);
  const Events events = options.events ? make_events(coast, weather, options.storms, seed) : Events{};
  const auto masked = std::count(mask.begin(), mask.end(), 1);

  const std::shared_ptr<io::Sink> sink = io::create_sink(options.output, comm);
  const auto storms = static_cast<std::int64_t>(events.storms.size());
  create_datasets(*sink, options, storms);
  write_attributes(*sink, options, shoreline);
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
