// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The ground of the synthetic coast: relief from fractal noise, an exact distance transform, land cover.
#include "synth_coast.hpp"

#include "synth_random.hpp"

#include <priel/communicator.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace priel::app {

namespace {

// The lower envelope of the parabolas f[q] + (x - q)^2 at x = 0..n-1: one axis of the squared distance transform.
void envelope(const std::vector<double>& f, std::vector<double>& result, std::vector<std::int64_t>& vertex, std::vector<double>& from) {
  const auto n = static_cast<std::int64_t>(f.size());
  const double infinity = std::numeric_limits<double>::infinity();
  auto value = [&](std::int64_t q) { return f[static_cast<std::size_t>(q)] + static_cast<double>(q * q); };
  std::size_t last = 0;
  vertex[0] = 0;
  from[0] = -infinity;
  from[1] = infinity;
  for (std::int64_t q = 1; q < n; ++q) {
    double cut = 0;
    for (;; --last) {
      const std::int64_t v = vertex[last];
      cut = (value(q) - value(v)) / static_cast<double>(2 * (q - v));
      if (cut > from[last]) break;
    }
    ++last;
    vertex[last] = q;
    from[last] = cut;
    from[last + 1] = infinity;
  }
  std::size_t piece = 0;
  for (std::int64_t q = 0; q < n; ++q) {
    while (from[piece + 1] < static_cast<double>(q)) ++piece;
    const double step = static_cast<double>(q - vertex[piece]);
    result[static_cast<std::size_t>(q)] = step * step + f[static_cast<std::size_t>(vertex[piece])];
  }
}

// Height above the mean waterline, for y downwards and x from 0 to 1: the mainland rises to the south, a chain of barrier islands
// lies before it, cut by inlets; fractal noise makes bays, spits and tidal channels.
class Relief {
 public:
  explicit Relief(std::uint64_t seed)
      : rough_(Stream(seed, Purpose::relief), 4, 4, 7, 0.8), ridge_(Stream(seed, Purpose::ridge), 0, 1, 5), inlets_(Stream(seed, Purpose::inlets), 0, 1, 7) {}

  double operator()(double y, double x) const {
    const double axis = 0.30 + 0.03 * ridge_(0, 5 * x);
    const double chain = std::exp(-std::pow((y - axis) / 0.05, 2)) / (1 + std::exp(-6 * (inlets_(0, 7 * x) + 0.6)));
    return 2.4 * (y - 0.68) + 1.3 * chain + 0.40 * rough_(4 * y, 4 * x);
  }

 private:
  FractalField rough_;
  SmoothField ridge_, inlets_;
};

}  // namespace

std::vector<double> distance_to_outside(const std::vector<unsigned char>& inside, std::int64_t height, std::int64_t width) {
  // Farther than any pixel, yet finite: infinities would meet as inf - inf in the envelope.
  const double far = static_cast<double>(4 * (height + width) * (height + width));
  const auto rows = static_cast<std::size_t>(height), columns = static_cast<std::size_t>(width);
  std::vector<double> squared(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) squared[i] = inside[i] != 0 ? far : 0;
  const std::size_t longest = std::max(rows, columns);
  std::vector<std::int64_t> vertex(longest + 1);
  std::vector<double> from(longest + 2), line(rows), out(rows);
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t row = 0; row < rows; ++row) line[row] = squared[row * columns + column];
    envelope(line, out, vertex, from);
    for (std::size_t row = 0; row < rows; ++row) squared[row * columns + column] = out[row];
  }
  line.resize(columns);
  out.resize(columns);
  for (std::size_t row = 0; row < rows; ++row) {
    std::copy_n(squared.begin() + static_cast<std::ptrdiff_t>(row * columns), columns, line.begin());
    envelope(line, out, vertex, from);
    std::transform(out.begin(), out.end(), squared.begin() + static_cast<std::ptrdiff_t>(row * columns), [](double d) { return std::sqrt(d); });
  }
  return squared;
}

Coast make_coast(std::int64_t height, std::int64_t width, std::uint64_t seed, std::vector<unsigned char> land) {
  Coast coast;
  coast.height = height;
  coast.width = width;
  const auto size = static_cast<std::size_t>(coast.size());
  coast.distance.resize(size);
  coast.land_db.resize(size);
  coast.vegetation.resize(size);
  const auto rows = static_cast<double>(height), columns = static_cast<double>(width);
  // Fields of ten to twenty pixels and finer texture within; in pixels, because fields do not grow with the scene.
  const Relief relief(seed);
  const SmoothField fields(Stream(seed, Purpose::texture), 0, rows / 10, columns / 10);
  const FractalField grain(Stream(seed, Purpose::grain), rows / 4, columns / 4, 2, 0.5);
  const SmoothField vegetation(Stream(seed, Purpose::vegetation), 0, rows / 20, columns / 20);

  const bool given = !land.empty();
  land.resize(size);
  std::vector<unsigned char> sea(size);
#pragma omp parallel for schedule(static)
  for (std::int64_t row = 0; row < height; ++row) {
    for (std::int64_t column = 0; column < width; ++column) {
      const auto i = static_cast<std::size_t>(row * width + column);
      const double r = static_cast<double>(row), c = static_cast<double>(column);
      if (!given) land[i] = relief((r + 0.5) / rows, (c + 0.5) / columns) > 0;
      sea[i] = land[i] == 0;
      coast.land_db[i] = static_cast<float>(-9.5 + 0.8 * fields(r / 10, c / 10) + 0.6 * grain(r / 4, c / 4));
      coast.vegetation[i] = static_cast<float>(0.5 + 0.5 * std::tanh(vegetation(r / 20, c / 20)));
    }
  }

  const std::vector<double> inland = distance_to_outside(land, height, width), offshore = distance_to_outside(sea, height, width);
  for (std::size_t i = 0; i < size; ++i) {
    coast.distance[i] = static_cast<float>(land[i] != 0 ? inland[i] - 0.5 : 0.5 - offshore[i]);
    if (std::abs(coast.distance[i]) < 1) {
      const auto index = static_cast<std::int64_t>(i);
      coast.shoreline.push_back({index / width, index % width});
    }
  }
  if (coast.shoreline.empty())
    throw InputError(given ? std::string("the given shoreline crosses no pixel: take another one")
                           : "seed " + std::to_string(seed) + " gives no shoreline at this size: take another seed or a larger scene");
  return coast;
}

}  // namespace priel::app
