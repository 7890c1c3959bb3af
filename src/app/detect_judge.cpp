// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// From scores to anomalies: thresholds, counts by date, hotspots, by passes over the file of scores.
#include "detect_results.hpp"

#include "detect_threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace priel::app {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// The threshold as numbers.
void set_limits(const Judged& judged, Findings& findings) {
  const Size dates = judged.input.count();
  findings.constant = undefined;
  switch (findings.threshold.kind) {
    case Threshold::Kind::constant: findings.constant = findings.threshold.value; break;
    case Threshold::Kind::percentile: findings.constant = percentile_of(judged.scores, dates, findings.threshold.value); break;
    case Threshold::Kind::three_sigma_all: findings.constant = static_cast<double>(three_sigma_of(judged.scores, dates, false).front()); break;
    case Threshold::Kind::three_sigma: {
      const std::vector<float> limits = three_sigma_of(judged.scores, dates, true);
      findings.limits.assign(limits.begin(), limits.end());
      return;
    }
  }
  findings.limits.assign(static_cast<std::size_t>(dates), findings.constant);
}

// What is counted by date, over some rows.
struct Tally {
  std::vector<std::int32_t> valid, anomalous, infinite;
  std::vector<float> largest;

  explicit Tally(std::size_t dates)
      : valid(dates), anomalous(dates), infinite(dates), largest(dates, -std::numeric_limits<float>::infinity()) {}

  // One row; `sum` of the finite scores goes on.
  void add(const float* row, const double* limits, double* sum) {
    for (std::size_t t = 0; t < valid.size(); ++t) {
      const float score = row[t], size = std::fabs(score);
      const bool finite = size < std::numeric_limits<float>::infinity();
      valid[t] += score == score;
      infinite[t] += size == std::numeric_limits<float>::infinity();
      anomalous[t] += static_cast<double>(score) > limits[t];
      sum[t] += finite ? static_cast<double>(score) : 0.0;
      largest[t] = finite && score > largest[t] ? score : largest[t];
    }
  }
};

// By pixel: the anomalous fraction of the valid dates, and the number of those.
struct PixelTally {
  std::vector<float> fraction;
  std::vector<std::int32_t> valid;
};

// One row.
void judge_pixel(const float* row, const std::vector<double>& limits, float& fraction, std::int32_t& valid) {
  std::int32_t seen = 0, above = 0;
  for (std::size_t t = 0; t < limits.size(); ++t) {
    seen += row[t] == row[t];
    above += static_cast<double>(row[t]) > limits[t];
  }
  valid = seen;
  fraction = static_cast<float>(static_cast<double>(above) / static_cast<double>(seen));   // 0/0: NaN
}

// One pass over the scores.
PixelTally count(const Judged& judged, Findings& findings) {
  const Size dates = judged.input.count(), rows = judged.scores.count();
  const auto columns = static_cast<std::size_t>(dates);
  DateCounts& counts = findings.counts;
  for (auto* list : {&counts.valid, &counts.anomalous, &counts.infinite}) list->assign(columns, 0);
  std::vector<float> largest(columns, -std::numeric_limits<float>::infinity());
  std::vector<double> sums(static_cast<std::size_t>(groups_of(rows)) * columns);
  PixelTally pixels{std::vector<float>(static_cast<std::size_t>(rows)), std::vector<std::int32_t>(static_cast<std::size_t>(rows))};
  agreed(*world(), [&] {
    for_each_group(judged.scores, dates, own_groups(rows), [&](Size group, Size first, Size some, const float* from) {
      Tally tally(columns);
      for (Size i = 0; i < some; ++i) {
        const auto pixel = static_cast<std::size_t>(first + i);
        tally.add(from + i * dates, findings.limits.data(), sums.data() + group * dates);
        judge_pixel(from + i * dates, findings.limits, pixels.fraction[pixel], pixels.valid[pixel]);
      }
#pragma omp critical(priel_app_counts)
      for (std::size_t t = 0; t < columns; ++t) {
        counts.valid[t] += tally.valid[t];
        counts.anomalous[t] += tally.anomalous[t];
        counts.infinite[t] += tally.infinite[t];
        largest[t] = std::max(largest[t], tally.largest[t]);
      }
    });
  });
  for (auto* list : {&counts.valid, &counts.anomalous, &counts.infinite}) sum_over_ranks(*list);
  world()->all_reduce(largest.data(), dates, sizeof(float), [](void* into, const void* from, Size n) {
    for (Size i = 0; i < n; ++i) static_cast<float*>(into)[i] = std::max(static_cast<float*>(into)[i], static_cast<const float*>(from)[i]);
  });
  gather_groups(sums, rows, 0, dates);
  gather_groups(pixels.fraction, rows, 1, 0);
  gather_groups(pixels.valid, rows, 1, 0);

  std::vector<double> total(columns);
  for (std::size_t i = 0; i < sums.size(); ++i) total[i % columns] += sums[i];
  for (std::size_t t = 0; t < columns; ++t) {
    counts.mean_score.push_back(total[t] / static_cast<double>(counts.valid[t] - counts.infinite[t]));
    counts.largest_score.push_back(std::isinf(largest[t]) ? undefined : static_cast<double>(largest[t]));
  }
  return pixels;
}

void choose_dates(const DetectInput& input, Findings& findings) {
  std::vector<Size> order(static_cast<std::size_t>(input.count()));
  std::iota(order.begin(), order.end(), Size{0});
  const auto count = [&](Size t) { return findings.counts.anomalous[static_cast<std::size_t>(t)]; };
  std::stable_sort(order.begin(), order.end(), [&](Size a, Size b) { return count(a) > count(b); });
  for (const Size t : order)
    if (count(t) > 0 && findings.worst.size() < 10) findings.worst.push_back(t);
  // The calmest date that has been seen whole, or nearly.
  const auto valid = [&](Size t) { return findings.counts.valid[static_cast<std::size_t>(t)]; };
  const Size most = *std::max_element(findings.counts.valid.begin(), findings.counts.valid.end());
  for (const Size t : order)
    if (10 * valid(t) >= 9 * most && (findings.calm < 0 || count(t) < count(findings.calm))) findings.calm = t;
}

}  // namespace

std::string counted(Size number, const std::string& thing) { return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s"); }

std::string method_name(Method method) { return method == Method::loop ? "loop" : "lof"; }

Size judging_bytes(const DetectInput& input) {
  const Size pixels = input.examined(), by_thread = (Size{1} << 20) + 65536 * 4 + input.count() * 64;
  const Size piece = rows_at_once(input.count()) * input.count() * static_cast<Size>(sizeof(float));
  return pixels * 8 + groups_of(pixels) * input.count() * static_cast<Size>(sizeof(double)) + (by_thread + piece) * omp_get_max_threads();
}

Findings find_anomalies(const Judged& judged, Method method) {
  Findings findings;
  findings.method = method;
  findings.threshold = threshold_of(judged.options, method);
  set_limits(judged, findings);
  PixelTally pixels = count(judged, findings);
  findings.hotspots = std::move(pixels.fraction);
  findings.nodata = std::count(pixels.valid.begin(), pixels.valid.end(), 0);
  if (method == Method::loop && judged.options.norm == Norm::global && findings.threshold.kind == Threshold::Kind::constant) {
    Size reaching = 0;
    while (reaching <= judged.input.count() && largest_loop_score(reaching, judged.options.lambda) <= findings.threshold.value) ++reaching;
    findings.unreachable = std::count_if(pixels.valid.begin(), pixels.valid.end(), [&](std::int32_t valid) { return valid > 0 && valid < reaching; });
  }
  choose_dates(judged.input, findings);
  return findings;
}

std::string summary(const DetectInput& input, const Findings& findings) {
  const auto& counts = findings.counts;
  const Size anomalous = std::accumulate(counts.anomalous.begin(), counts.anomalous.end(), Size{0});
  const Size valid = std::accumulate(counts.valid.begin(), counts.valid.end(), Size{0});
  const Size infinite = std::accumulate(counts.infinite.begin(), counts.infinite.end(), Size{0});
  const std::string above = std::isnan(findings.constant) ? "above each date's mean + 3 standard deviations" : fmt::format("> {:.6g}", findings.constant);
  std::string text = fmt::format("{} {}: {} anomal{} in {} scores ({:.3f} %)\n", findings.method == Method::loop ? "LoOP" : "LOF", above, anomalous,
                                 anomalous == 1 ? "y" : "ies", valid,
                                 valid > 0 ? 100.0 * static_cast<double>(anomalous) / static_cast<double>(valid) : 0.0);
  if (findings.threshold.kind == Threshold::Kind::three_sigma)
    text += "  note: a date struck as a whole raises its own mean, so these counts do not show it\n";
  if (infinite > 0) text += fmt::format("  {} infinite: dates beside exact duplicates\n", counted(infinite, "score"));
  if (findings.nodata > 0) text += fmt::format("  {} without scores: too few valid dates\n", counted(findings.nodata, "pixel"));
  if (findings.unreachable > 0) text += fmt::format("  {} with too few valid dates to exceed the threshold\n", counted(findings.unreachable, "pixel"));
  for (std::size_t i = 0; i < std::min<std::size_t>(5, findings.worst.size()); ++i) {
    const auto t = static_cast<std::size_t>(findings.worst[i]);
    text += fmt::format("  {}  {:>7} pixels  {:6.2f} % of the valid\n", input.dates[t], counts.anomalous[t],
                        100.0 * static_cast<double>(counts.anomalous[t]) / static_cast<double>(counts.valid[t]));
  }
  return text;
}

}  // namespace priel::app
