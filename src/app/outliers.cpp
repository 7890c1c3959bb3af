// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel lof` and `priel loop`: scores of one data set, every rank its share of the samples.
#include "commands.hpp"
#include "detect_input.hpp"
#include "table.hpp"
#include "tell.hpp"

#include <priel/priel.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace priel::app {

namespace {

// The threshold as a number; NaN if no score is finite. 3sigma and 3sigma-all are one here: there is one data set.
double constant_of(const Threshold& threshold, std::span<const double> scores) {
  if (threshold.kind == Threshold::Kind::constant) return threshold.value;
  std::vector<double> finite;
  std::copy_if(scores.begin(), scores.end(), std::back_inserter(finite), [](double score) { return std::isfinite(score); });
  if (finite.empty()) return priel::nan;
  const auto count = static_cast<double>(finite.size());
  if (threshold.kind == Threshold::Kind::percentile) {
    std::sort(finite.begin(), finite.end());
    const double place = threshold.value / 100 * (count - 1);
    const auto below = static_cast<std::size_t>(place), above = std::min(below + 1, finite.size() - 1);
    return finite[below] + (place - static_cast<double>(below)) * (finite[above] - finite[below]);
  }
  double sum = 0, squares = 0;
  for (const double score : finite) sum += score;
  for (const double score : finite) squares += (score - sum / count) * (score - sum / count);
  return sum / count + 3 * std::sqrt(squares / count);
}

void deliver(const LofOptions& options, const std::string& name, const Array<double, 1, Split<0>>& scores) {
  const Array<double, 1> everything(redistribute(scores, replicated));
  const std::span<const double> values = everything.local().span();
  std::optional<double> threshold;
  if (options.threshold) threshold = constant_of(*options.threshold, values);
  write_result(options.output, scores, [&] {
    std::string text = threshold ? name + ",anomalous\n" : name + "\n";
    for (const double score : values) text += number_text(score) + (!threshold ? "\n" : score > *threshold ? ",1\n" : ",0\n");
    return text;
  });

  if (world()->rank() != 0) return;
  const auto unscored = std::count_if(values.begin(), values.end(), [](double score) { return std::isnan(score); });
  if (unscored > 0) tell(fmt::format("{} of {} samples have missing values and no score\n", unscored, values.size()));
  if (!threshold) return;
  const auto above = std::count_if(values.begin(), values.end(), [&](double score) { return score > *threshold; });
  tell(fmt::format("{} of {} samples above {:.6g}\n", above, values.size(), *threshold));
}

// f(metric) with the metric of the library.
template <class F>
Array<double, 1, Split<0>> with_metric(SampleMetric chosen, F&& f) {
  switch (chosen) {
    case SampleMetric::manhattan: return f(metric::manhattan);
    case SampleMetric::chebyshev: return f(metric::chebyshev);
    case SampleMetric::cosine: return f(metric::cosine);
    case SampleMetric::euclidean: break;
  }
  return f(metric::euclidean);
}

template <class Score>
int run(const LofOptions& options, const std::string& name, const Score& score) {
  check_output("--output", options.output, {options.input});
  const Array<double, 2, Split<0>> x = read_samples(options.input);
  const Array<double, 1, Split<0>> scores = score(x);
  deliver(options, name, scores);
  return 0;
}

}  // namespace

int run_lof(const LofOptions& options) {
  return run(options, "lof", [&](const auto& x) {
    return with_metric(options.metric, [&](auto metric) { return eval(lof(x, options.k, metric)); });
  });
}

int run_loop(const LoopOptions& options) {
  return run(options, "loop", [&](const auto& x) {
    if (options.threshold) check_reachable(*options.threshold, x.shape()[0], options.lambda, options.norm, "samples");
    return with_metric(options.metric, [&](auto metric) { return eval(loop(x, options.k, options.lambda, options.norm, metric)); });
  });
}

}  // namespace priel::app
