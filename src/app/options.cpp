// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Readers of option texts: strict, and each error is one line that names what is understood.
#include "options.hpp"

#include "calendar.hpp"

#include <priel/communicator.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace priel::app {

namespace {

// The whole text as a number, or nothing.
template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_floating_point_v<T>)
    if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

void read_sweep(std::string_view text, Sweep& into) {
  const auto fail = [&] { throw InputError(fmt::format("--k {}: expected K, FIRST:LAST or FIRST:LAST:STEP, such as 20, 20:60 or 20:60:5, with 1 <= FIRST <= LAST", text)); };
  int part[3] = {0, 0, 1}, parts = 0;
  for (std::string_view rest = text;;) {
    const auto colon = rest.find(':');
    const auto value = number<int>(rest.substr(0, colon));
    if (!value || parts == 3) fail();
    part[parts++] = *value;
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (parts == 1) part[1] = part[0];
  if (part[0] < 1 || part[1] < part[0] || part[2] < 1) fail();
  into.first = part[0];
  into.last = part[1];
  into.step = part[2];
}

void read_aggregate(std::string_view text, Sweep& into) {
  if (text == "max") into.aggregate = Aggregate::max;
  else if (text == "mean") into.aggregate = Aggregate::mean;
  else if (text == "median") into.aggregate = Aggregate::median;
  else if (text == "trimmed") into.aggregate = Aggregate::trimmed;
  else {
    const auto trim = text.starts_with("trimmed:") ? number<double>(text.substr(8)) : std::nullopt;
    if (!trim || *trim < 0 || *trim >= 0.5)
      throw InputError(fmt::format("--aggregate {}: expected max, mean, median, trimmed or trimmed:F with 0 <= F < 0.5", text));
    into.aggregate = Aggregate::trimmed;
    into.trim = *trim;
  }
}

Threshold read_threshold(std::string_view text) {
  if (text == "3sigma") return {Threshold::Kind::three_sigma, 3};
  if (text == "3sigma-all") return {Threshold::Kind::three_sigma_all, 3};
  if (text.starts_with('p')) {
    const auto percent = number<double>(text.substr(1));
    if (percent && *percent >= 0 && *percent <= 100) return {Threshold::Kind::percentile, *percent};
  } else if (const auto value = number<double>(text)) {
    return {Threshold::Kind::constant, *value};
  }
  throw InputError(fmt::format("--threshold {}: expected a number, pQ with 0 <= Q <= 100, 3sigma or 3sigma-all", text));
}

std::int64_t read_bytes(std::string_view text) {
  std::string_view digits = text;
  double unit = 1;
  if (!digits.empty()) {
    const auto at = std::string_view("KMGT").find(static_cast<char>(std::toupper(static_cast<unsigned char>(digits.back()))));
    if (at != std::string_view::npos) {
      unit = std::pow(1024.0, static_cast<double>(at + 1));
      digits.remove_suffix(1);
    }
  }
  const auto value = number<double>(digits);
  if (!value || *value <= 0 || *value * unit >= 0x1p62)
    throw InputError(fmt::format("--memory {}: expected a size in bytes such as 500000000, 512M or 8G (powers of 1024)", text));
  return static_cast<std::int64_t>(*value * unit);
}

std::string size_text(std::int64_t bytes) {
  std::size_t unit = 0;
  for (; unit < 4 && bytes > 0 && bytes % 1024 == 0; ++unit) bytes /= 1024;
  return unit > 0 ? fmt::format("{}{}", bytes, "KMGT"[unit - 1]) : fmt::format("{}", bytes);
}

std::vector<double> read_lambdas(std::string_view text) {
  std::vector<double> lambdas;
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    const auto value = number<double>(rest.substr(0, comma));
    if (!value || *value < 0) throw InputError(fmt::format("--lambda {}: expected a number of at least 0, or several such as 1,0.1,0.01", text));
    lambdas.push_back(*value);
    if (comma == std::string_view::npos) return lambdas;
    rest.remove_prefix(comma + 1);
  }
}

std::pair<std::int64_t, std::int64_t> read_date_range(std::string_view text) {
  const auto dots = text.find("..");
  std::int64_t first = std::numeric_limits<std::int64_t>::min(), last = std::numeric_limits<std::int64_t>::max();
  bool good = dots != std::string_view::npos && text.size() > 2;
  if (good) {
    const std::string_view from = text.substr(0, dots), until = text.substr(dots + 2);
    const auto a = parse_date(from), b = parse_date(until);
    good = (from.empty() || a) && (until.empty() || b);
    if (a) first = *a;
    if (b) last = *b;
  }
  if (!good || first > last) throw InputError(fmt::format("--dates {}: expected A..B with dates such as 2017-01-01..2018-12-31, A not after B", text));
  return {first, last};
}

std::array<std::int64_t, 3> read_chunk(std::string_view text) {
  std::array<std::int64_t, 3> chunk{};
  std::size_t axes = 0;
  for (std::string_view rest = text;; ++axes) {
    const auto cross = rest.find('x');
    const auto value = number<std::int64_t>(rest.substr(0, cross));
    if (!value || *value < 1 || axes == chunk.size() || (cross == std::string_view::npos && axes + 1 != chunk.size()))
      throw InputError(fmt::format("--chunk {}: expected DATESxROWSxCOLUMNS, such as 1x256x256, each at least 1", text));
    chunk[axes] = *value;
    if (cross == std::string_view::npos) return chunk;
    rest.remove_prefix(cross + 1);
  }
}

std::string to_text(const Sweep& k) {
  if (k.first == k.last) return fmt::format("{}", k.first);
  return k.step == 1 ? fmt::format("{}:{}", k.first, k.last) : fmt::format("{}:{}:{}", k.first, k.last, k.step);
}

std::string aggregate_text(const Sweep& k) {
  switch (k.aggregate) {
    case Aggregate::max: return "max";
    case Aggregate::mean: return "mean";
    case Aggregate::median: return "median";
    case Aggregate::trimmed: break;
  }
  return fmt::format("trimmed:{}", k.trim);
}

std::string to_text(const Threshold& threshold) {
  switch (threshold.kind) {
    case Threshold::Kind::percentile: return fmt::format("p{}", threshold.value);
    case Threshold::Kind::three_sigma: return "3sigma";
    case Threshold::Kind::three_sigma_all: return "3sigma-all";
    case Threshold::Kind::constant: break;
  }
  return fmt::format("{}", threshold.value);
}

}  // namespace priel::app
