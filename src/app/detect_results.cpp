// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// From scores to anomalies: thresholds, counts by date, hotspots.
#include "detect_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace priel::app {

namespace {

using Scores = Array<float, 2, Split<0>>;

// Mean + 3 standard deviations (divided by n) of the finite scores: of each date, or of all.
template <int... A>
auto three_sigma(const Scores& scores, Axes<A...> axes) {
  const auto finite = isfinite(scores);
  const auto count = eval(maximum(sum(finite, axes), 1));
  const auto centre = eval(sum(where(finite, astype<double>(scores), 0), axes) / count);
  const auto spread = sqrt(sum(where(finite, square(scores - centre), 0), axes) / count);
  return eval(astype<float>(centre + 3 * spread));
}

template <class T, class E>
std::vector<T> by_date(const E& values) {
  const auto stored = eval(values);
  return std::vector<T>(stored.local().begin(), stored.local().end());
}

void mark_anomalies(const Scores& scores, Findings& findings) {
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  findings.constant = undefined;
  switch (findings.threshold.kind) {
    case Threshold::Kind::constant: findings.constant = findings.threshold.value; break;
    case Threshold::Kind::percentile: findings.constant = finite_percentile(scores, findings.threshold.value); break;
    case Threshold::Kind::three_sigma_all: findings.constant = static_cast<double>(item(three_sigma(scores, axis<>))); break;
    case Threshold::Kind::three_sigma: findings.anomalous = scores > three_sigma(scores, axis<0>); return;
  }
  findings.anomalous = astype<double>(scores) > findings.constant;
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

Findings find_anomalies(const DetectOptions& options, const DetectInput& input, const DetectScores& results, Method method) {
  Findings findings;
  findings.method = method;
  findings.threshold = threshold_of(options, method);
  const auto found = std::find_if(results.scores.begin(), results.scores.end(), [&](const auto& entry) { return entry.first == method; });
  const Scores& scores = found->second;
  mark_anomalies(scores, findings);

  const auto finite = isfinite(scores);
  const auto valid = !isnan(scores);
  DateCounts& counts = findings.counts;
  counts.valid = by_date<Size>(sum(valid, axis<0>));
  counts.anomalous = by_date<Size>(sum(findings.anomalous, axis<0>));
  counts.infinite = by_date<Size>(sum(isinf(scores), axis<0>));
  const auto finite_count = sum(finite, axis<0>);
  counts.mean_score = by_date<double>(sum(where(finite, astype<double>(scores), 0), axis<0>) / finite_count);
  const auto largest = max(where(finite, scores, -std::numeric_limits<float>::infinity()), axis<0>);
  counts.largest_score = by_date<double>(where(isinf(largest), priel::nan, astype<double>(largest)));

  const auto valid_dates = eval(sum(valid, axis<1>));
  findings.nodata = item(sum(valid_dates == 0));
  if (method == Method::loop && options.norm == Norm::global && findings.threshold.kind == Threshold::Kind::constant) {
    Size reaching = 0;
    while (reaching <= input.count() && largest_loop_score(reaching, options.lambda) <= findings.threshold.value) ++reaching;
    findings.unreachable = item(sum((valid_dates > 0) & (valid_dates < reaching)));
  }
  const Array<float, 1, Split<0>> fraction = astype<float>(sum(findings.anomalous, axis<1>) / valid_dates);
  findings.hotspots = scatter(full<float>({input.stack[1], input.stack[2]}, std::numeric_limits<float>::quiet_NaN()), input.pixels, fraction);
  choose_dates(input, findings);
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
