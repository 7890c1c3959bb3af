// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Random numbers of the synthetic coast: functions of (seed, stream, index, draw), so that every rank count gives the same scene.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace priel::app {

// What a random number is for; each purpose has its own stream, so that leaving out one (a scene without events) changes no other.
enum class Purpose : std::uint64_t {
  relief = 1, ridge, inlets, texture, grain, vegetation, dates, wind, moisture, gusts, speckle,
  storm_dates, strikes, artefact, erosion
};

// A counter-based generator: stateless, so that any element can be drawn on any rank in any order.
class Stream {
 public:
  Stream(std::uint64_t seed, Purpose purpose) : key_(mixed(mixed(seed) + static_cast<std::uint64_t>(purpose))) {}

  // 64 random bits for the `draw`-th number of element `index`.
  std::uint64_t bits(std::int64_t index, int draw = 0) const {
    const std::uint64_t element = mixed(key_ + static_cast<std::uint64_t>(index) * 0x9e3779b97f4a7c15u);
    return mixed(element + static_cast<std::uint64_t>(draw) * 0xd1b54a32d192ed03u);
  }

  // Uniform in the open interval (0, 1): its logarithm is finite.
  double uniform(std::int64_t index, int draw = 0) const {
    return (static_cast<double>(bits(index, draw) >> 12) + 0.5) * 0x1p-52;
  }
  double uniform(double low, double high, std::int64_t index, int draw = 0) const {
    return low + (high - low) * uniform(index, draw);
  }
  std::int64_t below(std::int64_t n, std::int64_t index, int draw = 0) const {
    return static_cast<std::int64_t>(uniform(index, draw) * static_cast<double>(n));
  }

  // Standard normal (Box and Muller 1958); uses draws `draw` and `draw + 1`.
  double normal(std::int64_t index, int draw = 0) const {
    return std::sqrt(-2 * std::log(uniform(index, draw))) * std::cos(2 * std::numbers::pi * uniform(index, draw + 1));
  }

  // Gamma with the given shape >= 1 and mean 1 (Marsaglia and Tsang 2000): multi-look speckle of `shape` looks.
  double gamma(double shape, std::int64_t index) const {
    const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (int draw = 0;; draw += 3) {
      const double x = normal(index, draw), root = 1 + c * x;
      if (root <= 0) continue;
      const double v = root * root * root, u = uniform(index, draw + 2);
      if (u < 1 - 0.0331 * x * x * x * x || std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v / shape;
    }
  }

 private:
  // The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
  static std::uint64_t mixed(std::uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::uint64_t key_;
};

// Smooth noise over a rectangle: normal values on a lattice, smoothly interpolated. Coordinates are in lattice cells.
class SmoothField {
 public:
  // `salt` selects one of many independent fields of the stream (an octave, a date).
  SmoothField(const Stream& stream, std::int64_t salt, double rows, double columns)
      : columns_(static_cast<std::int64_t>(columns) + 2), values_(static_cast<std::size_t>((static_cast<std::int64_t>(rows) + 2) * columns_)) {
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = stream.normal((salt << 40) + static_cast<std::int64_t>(i));
  }

  // 0 <= y <= rows, 0 <= x <= columns.
  double operator()(double y, double x) const {
    const auto i = static_cast<std::int64_t>(y), j = static_cast<std::int64_t>(x);
    auto eased = [](double t) { return t * t * (3 - 2 * t); };
    const double u = eased(y - static_cast<double>(i)), v = eased(x - static_cast<double>(j));
    const double* corner = values_.data() + i * columns_ + j;
    return (corner[0] * (1 - v) + corner[1] * v) * (1 - u) + (corner[columns_] * (1 - v) + corner[columns_ + 1] * v) * u;
  }

 private:
  std::int64_t columns_;
  std::vector<double> values_;
};

// A sum of octaves of smooth noise, each twice as fine and 2^-roughness as strong: fractal for many octaves.
class FractalField {
 public:
  FractalField(const Stream& stream, double rows, double columns, int octaves, double roughness) : roughness_(roughness) {
    for (int octave = 0; octave < octaves; ++octave)
      octaves_.emplace_back(stream, octave, std::ldexp(rows, octave), std::ldexp(columns, octave));
  }

  // In cells of the coarsest octave.
  double operator()(double y, double x) const {
    double sum = 0;
    for (std::size_t octave = 0; octave < octaves_.size(); ++octave) {
      const double finer = std::exp2(static_cast<double>(octave));
      sum += octaves_[octave](y * finer, x * finer) * std::exp2(-roughness_ * static_cast<double>(octave));
    }
    return sum;
  }

 private:
  double roughness_;
  std::vector<SmoothField> octaves_;
};

}  // namespace priel::app
