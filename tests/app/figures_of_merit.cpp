// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Figures of merit on a synthetic coast: recall, false alarms, the places of storms, the artefact's outline, hotspots.
#include "figures_of_merit.hpp"

#include <priel/communicator.hpp>
#include <priel/io/file.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>

namespace priel::test {

namespace {

constexpr double not_there = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

// A whole dataset of a file.
template <class T>
std::vector<T> read_all(const std::string& where, int rank) {
  const auto source = io::open_source(where, rank, self());
  const std::vector<std::int64_t> lower(source->shape().size(), 0);
  const std::int64_t size = std::accumulate(source->shape().begin(), source->shape().end(), std::int64_t{1}, std::multiplies<>());
  std::vector<T> values(at(size));
  source->read(lower, source->shape(), io::element_of<T>(), values.data());
  return values;
}

// One date of a stack (T, H, W).
template <class T>
void read_date(const io::Source& stack, std::int64_t date, std::vector<T>& image) {
  const std::int64_t lower[3] = {date, 0, 0}, extent[3] = {1, stack.shape()[1], stack.shape()[2]};
  image.resize(at(extent[1] * extent[2]));
  stack.read(lower, extent, io::element_of<T>(), image.data());
}

// Whether any pixel of the window around (row, column) is set.
bool any_around(const std::vector<unsigned char>& image, std::int64_t height, std::int64_t width, std::int64_t row, std::int64_t column, std::int64_t reach) {
  for (std::int64_t i = std::max<std::int64_t>(0, row - reach); i <= std::min(height - 1, row + reach); ++i)
    for (std::int64_t j = std::max<std::int64_t>(0, column - reach); j <= std::min(width - 1, column + reach); ++j)
      if (image[at(i * width + j)] != 0) return true;
  return false;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

double share(std::int64_t part, std::int64_t whole) { return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : not_there; }

// The area under the ROC curve of `score` for `positive`, by ranks (Mann and Whitney 1947); ties count half.
double area_under_curve(const std::vector<double>& score, const std::vector<unsigned char>& positive) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
  double rank_sum = 0, positives = 0;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last < order.size() && score[order[last]] == score[order[first]]) ++last;
    const double rank = 0.5 * static_cast<double>(first + 1 + last);
    for (; first < last; ++first)
      if (positive[order[first]] != 0) {
        rank_sum += rank;
        ++positives;
      }
  }
  const double negatives = static_cast<double>(score.size()) - positives;
  return positives > 0 && negatives > 0 ? (rank_sum - positives * (positives + 1) / 2) / (positives * negatives) : not_there;
}

}  // namespace

std::vector<std::int64_t> read_pixels(const std::string& scores_file) { return read_all<std::int64_t>(scores_file + ":/pixels", 2); }

Truth read_truth(const std::string& scene, const std::vector<std::int64_t>& pixels, int patch) {
  const auto stack = io::open_source(scene + ":/sigma0", 3, self());
  const auto anomaly = io::open_source(scene + ":/truth/anomaly", 3, self());
  const auto contrast = io::open_source(scene + ":/truth/contrast_db", 3, self());
  const std::int64_t height = stack->shape()[1], width = stack->shape()[2];
  Truth truth;
  truth.pixels = static_cast<std::int64_t>(pixels.size() / 2);
  truth.dates = stack->shape()[0];
  truth.storms = read_all<std::int64_t>(scene + ":/truth/storms", 1);
  truth.artefact = read_all<std::int64_t>(scene + ":/truth/artefact", 1).at(0);
  const auto hotspots = read_all<unsigned char>(scene + ":/truth/hotspots", 2);
  const std::size_t samples = at(truth.pixels * truth.dates);
  for (auto* values : {&truth.injected, &truth.touched}) values->resize(samples);
  for (auto* values : {&truth.contrast_db, &truth.sigma0}) values->resize(samples);

  std::vector<unsigned char> bits;
  std::vector<float> contrasts, image;
  for (std::int64_t date = 0; date < truth.dates; ++date) {
    read_date(*anomaly, date, bits);
    read_date(*contrast, date, contrasts);
    read_date(*stack, date, image);
    for (std::int64_t pixel = 0; pixel < truth.pixels; ++pixel) {
      const std::int64_t row = pixels[at(2 * pixel)], column = pixels[at(2 * pixel + 1)];
      const std::size_t from = at(row * width + column), to = at(pixel * truth.dates + date);
      truth.injected[to] = bits[from];
      truth.touched[to] = any_around(bits, height, width, row, column, patch / 2);
      truth.contrast_db[to] = contrasts[from];
      truth.sigma0[to] = image[from];
    }
  }
  for (std::int64_t pixel = 0; pixel < truth.pixels; ++pixel)
    truth.hotspot.push_back(hotspots[at(pixels[at(2 * pixel)] * width + pixels[at(2 * pixel + 1)])]);
  return truth;
}

Detection read_detection(const std::string& where, double threshold) {
  const auto source = io::open_source(where, 2, self());
  const auto scores = read_all<float>(where, 2);
  const std::int64_t dates = source->shape()[1];
  Detection detection;
  detection.date_score.resize(at(dates), 0);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    detection.flagged.push_back(static_cast<double>(scores[i]) > threshold);
    detection.date_score[i % at(dates)] += detection.flagged.back();
  }
  return detection;
}

Detection naive_detection(const Truth& truth) {
  Detection detection;
  detection.flagged.resize(truth.sigma0.size());
  detection.date_score.resize(at(truth.dates), 0);
  std::vector<double> series(at(truth.dates)), sorted;
  for (std::int64_t pixel = 0; pixel < truth.pixels; ++pixel) {
    const float* power = truth.sigma0.data() + pixel * truth.dates;
    for (std::size_t t = 0; t < series.size(); ++t) {
      series[t] = 10 * std::log10(std::max(static_cast<double>(power[t]), 1e-6));
      detection.date_score[t] += static_cast<double>(power[t]) / static_cast<double>(truth.pixels);
    }
    sorted = series;
    const double middle = median(sorted);
    for (double& value : sorted) value = std::abs(value - middle);
    const double spread = 1.4826 * median(sorted);
    for (std::size_t t = 0; t < series.size(); ++t)
      detection.flagged[at(pixel * truth.dates) + t] = std::abs(series[t] - middle) > 3.5 * spread;
  }
  return detection;
}

bool Figures::storms_found() const {
  const auto last = static_cast<std::int64_t>(storm_ranks.size()) + 2;
  return std::all_of(storm_ranks.begin(), storm_ranks.end(), [&](std::int64_t rank) { return rank <= last; });
}

Figures judge(const Truth& truth, const Detection& detection) {
  Figures figures;
  auto is_storm = [&](std::int64_t date) { return std::binary_search(truth.storms.begin(), truth.storms.end(), date); };
  for (const std::int64_t storm : truth.storms) {
    std::int64_t rank = 1;
    for (std::int64_t date = 0; date < truth.dates; ++date) {
      const double mine = detection.date_score[at(storm)], other = detection.date_score[at(date)];
      rank += other > mine || (other == mine && (is_storm(date) ? date < storm : true));
    }
    figures.storm_ranks.push_back(rank);
  }
  std::sort(figures.storm_ranks.begin(), figures.storm_ranks.end());

  std::int64_t found = 0, alarms = 0, both = 0, either = 0;
  std::vector<double> fraction(at(truth.pixels), 0);
  for (std::int64_t pixel = 0; pixel < truth.pixels; ++pixel) {
    for (std::int64_t date = 0; date < truth.dates; ++date) {
      const std::size_t i = at(pixel * truth.dates + date);
      const bool flagged = detection.flagged[i] != 0, strong = std::abs(truth.contrast_db[i]) >= 6;
      fraction[at(pixel)] += flagged ? 1 : 0;
      figures.strong += strong;
      found += strong && flagged;
      figures.untouched += truth.touched[i] == 0;
      alarms += truth.touched[i] == 0 && flagged;
      if (date != truth.artefact) continue;
      const bool artefact = (truth.injected[i] & 2) != 0;
      both += artefact && flagged;
      either += artefact || flagged;
    }
  }
  figures.recall = share(found, figures.strong);
  figures.false_alarms = share(alarms, figures.untouched);
  figures.artefact_iou = share(both, either);
  figures.hotspot_auc = area_under_curve(fraction, truth.hotspot);
  return figures;
}

std::string table(const std::vector<std::pair<std::string, Figures>>& rows) {
  auto number = [](double value, int digits) { return std::isnan(value) ? std::string("–") : fmt::format("{:.{}f}", value, digits); };
  std::string text = "| | places of the storms | recall, 6 dB and more | false alarms, % | artefact, IoU | hotspots, AUC |\n|---|---|---|---|---|---|\n";
  for (const auto& [name, figures] : rows)
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", name, figures.storm_ranks.empty() ? "–" : fmt::format("{}", fmt::join(figures.storm_ranks, " ")),
                        number(figures.recall, 3), number(100 * figures.false_alarms, 3), number(figures.artefact_iou, 3), number(figures.hotspot_auc, 3));
  return text;
}

std::vector<std::int64_t> read_counts(const std::string& path) {
  std::ifstream file(path);
  std::string line, cell;
  std::getline(file, line);
  std::istringstream header(line);
  std::size_t column = 0;
  while (std::getline(header, cell, ',') && cell != "anomalous") ++column;
  if (cell != "anomalous") throw InputError(path + ": no column 'anomalous'");
  std::vector<std::int64_t> counts;
  while (std::getline(file, line)) {
    std::istringstream row(line);
    for (std::size_t i = 0; i <= column; ++i) std::getline(row, cell, ',');
    counts.push_back(std::stoll(cell));
  }
  return counts;
}

}  // namespace priel::test
