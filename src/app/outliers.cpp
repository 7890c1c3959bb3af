// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// `priel lof` and `priel loop`: scores of one data set, every rank its share of the samples.
#include "commands.hpp"
#include "table.hpp"

#include <priel/priel.hpp>

#include <fmt/format.h>

namespace priel::app {

namespace {

// Scores are written as they are; a constant threshold also marks the samples above it.
void deliver(const LofOptions& options, const std::string& name, const Array<double, 1, Split<0>>& scores) {
  double threshold = std::numeric_limits<double>::infinity();
  if (options.threshold) {
    if (options.threshold->kind == Threshold::Kind::constant) threshold = options.threshold->value;
    else if (options.threshold->kind == Threshold::Kind::percentile)
      threshold = finite_percentile(astype<float>(scores), options.threshold->value);
    else {
      const auto finite = isfinite(scores);
      const auto count = sum(finite);
      const double centre = item(sum(where(finite, scores, 0)) / count);
      threshold = centre + 3 * item(sqrt(sum(where(finite, square(scores - centre), 0)) / count));
    }
  }
  if (options.output.empty() || options.output.ends_with(".csv")) {
    const Array<double, 1> everything(redistribute(scores, replicated));
    write_table(options.output, name, everything.local().span(), options.threshold ? std::optional(threshold) : std::nullopt);
  } else if (options.output.ends_with(".npy")) {
    const Array<double, 1> everything(redistribute(scores, replicated));
    write_npy(options.output, everything.local().span());
  } else {
    io::save(options.output, scores);
  }
  if (options.threshold) {
    const Size above = item(sum(scores > threshold));
    if (world()->rank() == 0) fmt::print(stderr, "{} of {} samples above {:g}\n", above, scores.size(), threshold);
  }
}

template <class Score>
int run(const LofOptions& options, const std::string& name, const Score& score) {
  const Array<double, 2, Split<0>> x = read_samples(options.input);
  const Array<double, 1, Split<0>> scores = score(x);
  deliver(options, name, scores);
  return 0;
}

}  // namespace

int run_lof(const LofOptions& options) {
  return run(options, "lof", [&](const auto& x) { return lof(x, options.k); });
}

int run_loop(const LoopOptions& options) {
  return run(options, "loop", [&](const auto& x) { return loop(x, options.k, options.lambda, options.norm); });
}

}  // namespace priel::app
