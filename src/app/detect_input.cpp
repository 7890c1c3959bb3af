// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reading and judging what `coast detect` is given, before anything is computed or written.
#include "detect_images.hpp"

#include "calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace priel::app {

namespace {

std::string sibling(const std::string& where, const std::string& name) {
  const io::Where place = io::parse_where(where);
  return place.file + ":" + place.dataset.substr(0, place.dataset.rfind('/') + 1) + name;
}

bool exists(const std::string& where) {
  const io::Where place = io::parse_where(where);
  if (place.dataset.empty()) return false;
  const auto names = io::datasets(place.file);
  return std::find(names.begin(), names.end(), place.dataset) != names.end();
}

// The time of each image in days, where it has a date of its own: files of one date each, bands named by dates.
std::optional<std::vector<double>> own_times(const DetectOptions& options) {
  const auto days = io::raster_days(options.stack);
  if (!days) return {};
  return std::vector<double>(days->begin(), days->end());
}

// A dataset of one axis on every rank.
std::vector<double> load_times(const std::string& where) {
  const auto source = io::open_source(where, 1, world());
  std::vector<double> values(static_cast<std::size_t>(source->shape()[0]));
  source->read_all(std::vector<Size>{0}, source->shape(), io::Element::float64, values.data());
  return values;
}

// Dates and time: the images' own, or a `time` beside the stack; else the images' numbers.
void read_dates(const DetectOptions& options, DetectInput& input) {
  const auto own = own_times(options);
  const std::string where = own ? options.stack : sibling(options.stack, "time");
  const Size images = input.stack[0];
  if (!own && !exists(where)) {
    if (options.dates) throw InputError(options.stack + ": --dates needs a dataset `time` beside the images, or bands named by dates; there is none");
    for (Size t = 0; t < images; ++t) input.dates.push_back(fmt::format("{:04}", t));
    return;
  }
  const std::vector<double> values = own ? *own : load_times(where);
  if (static_cast<Size>(values.size()) != images)
    throw InputError(fmt::format("{}: {} values for {} images of {}", where, values.size(), images, options.stack));
  input.time_units = own ? "days since 1970-01-01" : io::attribute(where, "units");
  const auto units = parse_time_units(input.time_units);
  if (!units)
    throw InputError(fmt::format("{}: {}; expected the attribute `units` to be like `days since 1970-01-01`", where,
                                 input.time_units.empty() ? "no units" : "its units are `" + input.time_units + "`"));
  std::vector<std::int64_t> days;
  for (const double value : values) {
    if (!(std::abs(value * units->seconds) < 1e11)) throw InputError(fmt::format("{}: {} {} is no date", where, value, input.time_units));
    days.push_back(units->day(value));
  }
  Size first = 0, last = images;
  if (options.dates) {
    if (!std::is_sorted(days.begin(), days.end())) throw InputError(where + ": --dates needs images in the order of time");
    first = std::lower_bound(days.begin(), days.end(), options.dates->first) - days.begin();
    last = std::upper_bound(days.begin(), days.end(), options.dates->second) - days.begin();
    if (first >= last)
      throw InputError(fmt::format("--dates: no image of {} lies in that range; they are of {} to {}", options.stack, format_date(days.front()),
                                   format_date(days.back())));
  }
  input.first_date = first;
  std::map<std::int64_t, int> images_of_day;
  for (Size t = first; t < last; ++t) {
    const std::int64_t day = days[static_cast<std::size_t>(t)];
    const int before = images_of_day[day]++;
    input.dates.push_back(format_date(day) + (before > 0 ? fmt::format("_{}", before + 1) : ""));
    input.time.push_back(values[static_cast<std::size_t>(t)]);
  }
}

// The mask is read in strips of rows: as a whole it may be more than may be held.
void read_pixels(const DetectOptions& options, DetectInput& input) {
  const auto mask = io::open<double, 2>(options.mask);
  const auto [dates, rows, columns] = input.stack;
  if (mask.shape()[0] != rows || mask.shape()[1] != columns)
    throw InputError(fmt::format("{}: a mask of {} x {} pixels for images of {} x {} in {}; both have to be of one grid", options.mask, mask.shape()[0],
                                 mask.shape()[1], rows, columns, options.stack));
  const auto place = io::georeference_of(options.mask);
  if (place && input.place && !io::same_place(*place, *input.place, rows, columns))
    throw InputError(fmt::format("{}: {}, but {}: {}; both have to be of one grid", options.mask, io::to_text(*place), options.stack,
                                 io::to_text(*input.place)));
  const auto none = io::number_attribute(options.mask, "_FillValue");   // marks no pixel
  const auto examined = [&](double value) { return value != 0 && !std::isnan(value) && value != none; };
  const Size margin = margin_of(options), strip = 256;
  agreed(*world(), [&] {
    const ScopedWorld alone(self());
    for (Size top = 0; top < rows; top += strip) {
      const Array<double, 2> part = mask(range(top, std::min(top + strip, rows)), all);
      const auto values = part.local();
      for (Size i = top; i < std::min(top + strip, rows); ++i)
        for (Size j = 0; j < columns; ++j) {
          if (!examined(values(i - top, j))) continue;
          ++input.masked;
          if (i >= margin && i < rows - margin && j >= margin && j < columns - margin) input.pixels.insert(input.pixels.end(), {i, j});
        }
    }
  });
  if (input.masked == 0) throw InputError(options.mask + ": the mask is empty: no pixel is to be examined (non-zero marks one)");
  if (input.pixels.empty())
    throw InputError(fmt::format("{}: each of the {} pixels marked is nearer than {} to an edge of {} x {}; use a smaller --patch or --margin",
                                 options.mask, input.masked, margin, rows, columns));
  input.pixels.shrink_to_fit();
}

void check_samples(const DetectOptions& options, const DetectInput& input) {
  const Size samples = input.count();
  if (options.k.first < 1) throw InputError("--k: a neighbourhood has at least 1 member");
  if (options.k.largest() > samples - 1)
    throw InputError(samples < 2 ? fmt::format("{}: {} dates; at least 2 are needed", options.stack, samples)
                                 : fmt::format("--k {}: too large for {} dates of {}; the largest usable k is {}", to_text(options.k), samples,
                                               options.stack, samples - 1));
  if (options.min_valid.value_or(0) > samples)
    throw InputError(fmt::format("--min-valid {}: there are {} dates only", *options.min_valid, samples));
  if (options.method == Method::lof) return;
  check_reachable(threshold_of(options, Method::loop), samples, options.lambda, options.norm, "dates");
}

}  // namespace

Size margin_of(const DetectOptions& options) { return std::max<Size>(options.margin.value_or(0), (options.patch - 1) / 2); }

Size min_valid_of(const DetectOptions& options) { return std::max<Size>(options.min_valid.value_or(0), options.k.largest() + 1); }

Threshold threshold_of(const DetectOptions& options, Method method) {
  return options.threshold.value_or(Threshold{Threshold::Kind::constant, method == Method::loop ? 0.9 : 1.5});
}

// One sample alone away from n-1 others: PLOF/nPLOF is at most sqrt(n)/lambda.
double largest_loop_score(Size samples, double lambda) { return std::erf(std::sqrt(static_cast<double>(samples) / 2) / lambda); }

void check_reachable(const Threshold& threshold, Size samples, double lambda, Norm norm, const std::string& things) {
  if (threshold.kind != Threshold::Kind::constant) return;
  if (threshold.value >= 1) throw InputError(fmt::format("--threshold {}: a LoOP score does not exceed 1; use less than 1", to_text(threshold)));
  const double largest = largest_loop_score(samples, lambda);
  if (norm == Norm::global && largest <= threshold.value)
    throw InputError(fmt::format("--threshold {} cannot be exceeded by LoOP with {} {} and --lambda {:g}: the largest possible score is {:.3f}; use a "
                                 "smaller threshold or --lambda, a percentile, or --norm local",
                                 to_text(threshold), samples, things, lambda, largest));
}

DetectInput read_input(const DetectOptions& options) {
  DetectInput input;
  input.stack = io::open<float, 3>(options.stack).shape();
  input.fill = io::number_attribute(options.stack, "_FillValue").value_or(std::numeric_limits<double>::quiet_NaN());
  input.place = io::georeference_of(options.stack);
  read_dates(options, input);
  read_pixels(options, input);
  check_samples(options, input);
  return input;
}

}  // namespace priel::app
