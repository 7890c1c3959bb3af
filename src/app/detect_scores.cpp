// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The pipeline of `coast detect` in the language, evaluated block by block.
#include "detect_scores.hpp"

#include "block_sink.hpp"
#include "detect_images.hpp"

#include <priel/priel.hpp>
#include <priel/algorithms/patch_statistics.hpp>
#include <priel/algorithms/streaming.hpp>

#include <algorithm>
#include <span>

namespace priel::app {

namespace {

// Row and column of the pixels with these numbers, dealt to the ranks.
Array<Size, 2, Split<0>> positions(const DetectInput& input, const std::vector<Size>& order) {
  Array<Size, 2, Split<0>> pixels(Shape<2>{static_cast<Size>(order.size()), 2});
  const auto to = pixels.local_mut();
  const Block own{pixels.part().lower[0], pixels.part().extent[0]};
  for (Size i = 0; i < own.extent; ++i)
    for (Size c = 0; c < 2; ++c) to(i, c) = input.pixels[static_cast<std::size_t>(2 * order[static_cast<std::size_t>(own.lower + i)] + c)];
  return pixels;
}

// visit(together(scores of each method, valid dates, smallest and largest value before the transform)); X: (pixels, dates, window).
template <class X, class Raw, class Visit>
auto with_methods(const DetectOptions& options, const X& x, const Raw& raw, Visit visit) {
  const Lof lof{options.k};
  const Loop loop{options.k, options.lambda, options.norm};
  if (options.method == Method::lof) return visit(together(vmap(lof, x), valid_count(x), finite_min(raw), finite_max(raw)));
  if (options.method == Method::loop) return visit(together(vmap(loop, x), valid_count(x), finite_min(raw), finite_max(raw)));
  return visit(together(vmap(lof, x), vmap(loop, x), valid_count(x), finite_min(raw), finite_max(raw)));
}

// The whole of what is computed, as an expression that nothing has been read for.
template <class Visit>
auto with_expression(const DetectOptions& options, const DetectInput& input, const std::vector<Size>& order, Visit visit) {
  const auto stack = io::open<float, 3>(options.stack);
  const auto images = stack(range(input.first_date, input.first_date + input.count()), all, all);
  const auto pixels = positions(input, order);
  const auto seen = without_fill(input, images);
  const auto raw = patches(seen, pixels, options.patch);
  if (options.transform == Transform::none) return with_methods(options, raw, raw, visit);
  return with_methods(options, patches(10 * log10(maximum(seen, 1e-6f)), pixels, options.patch), raw, visit);
}

// The values of a block on this rank.
template <class T, int Rank>
std::span<const T> values(const Array<T, Rank>& of) { return {of.local().data(), static_cast<std::size_t>(of.size())}; }

using Scores = Array<float, 2>;
using Counts = Array<std::int32_t, 1>;
using Range = Array<float, 1>;

void take_block(BlockSink& sink, Size lower, const Scores& scores, const Counts& valid, const Range& lowest, const Range& highest) {
  sink.take(lower, {values(scores)}, values(valid), values(lowest), values(highest));
}
void take_block(BlockSink& sink, Size lower, const Scores& lof, const Scores& loop, const Counts& valid, const Range& lowest, const Range& highest) {
  sink.take(lower, {values(lof), values(loop)}, values(valid), values(lowest), values(highest));
}

// C order, and by tiles as the file's pieces are, or some of them together.
std::vector<std::vector<Size>> possible_orders(const DetectOptions& options, const DetectInput& input, const std::vector<Size>& left) {
  std::vector<std::vector<Size>> orders{left};
  const auto chunk = io::chunk_shape(options.stack);
  if (chunk.size() != 3 || left.empty()) return orders;
  for (const Size several : {1, 2, 4}) {
    const Size rows = several * chunk[1], columns = several * chunk[2];
    if (columns >= input.stack[2]) break;   // as wide as the images: C order
    std::vector<Size> order = left;
    const auto tile = [&](Size pixel) {
      const Size* at = input.pixels.data() + 2 * pixel;
      return std::pair(at[0] / rows, at[1] / columns);
    };
    std::stable_sort(order.begin(), order.end(), [&](Size a, Size b) { return tile(a) < tile(b); });
    orders.push_back(std::move(order));
  }
  return orders;
}

}  // namespace

ScorePlan plan_scores(const DetectOptions& options, const DetectInput& input, const std::vector<char>& done, Size bytes) {
  std::vector<Size> left;
  for (Size pixel = 0; pixel < input.examined(); ++pixel)
    if (done.empty() || !done[static_cast<std::size_t>(pixel)]) left.push_back(pixel);
  ScorePlan best;
  best.bytes = bytes;
  if (left.empty()) return best;
  best.smallest = with_expression(options, input, left, [](const auto& e) { return smallest_bound(axis<0>, e); });
  best.order = left;
  if (bytes < best.smallest) return best;
  for (auto& order : possible_orders(options, input, left)) {
    const BlockPlan plan = with_expression(options, input, order, [&](const auto& e) { return plan_blocks(axis<0>, bytes, e); });
    if (best.blocks > 0 && plan.all_decoded >= best.decoded) continue;
    best.order = std::move(order);
    best.blocks = plan.blocks;
    best.read = plan.all_read;
    best.decoded = plan.all_decoded;
    best.peak = plan.all_peak;
  }
  return best;
}

ScoreReport score_pixels(const DetectOptions& options, const DetectInput& input, const ScorePlan& plan, const std::vector<ScoreFile>& files,
                         const std::string& marks, RunLog& log) {
  BlockSink sink(options, input, plan.order, files, marks, log);
  ScoreReport report;
  if (!plan.order.empty()) {
    const auto take = [&](Size lower, const auto&... arrays) { take_block(sink, lower, arrays...); };
    const BlockReport done = with_expression(options, input, plan.order, [&](const auto& e) { return for_each_block(axis<0>, plan.bytes, e, take); });
    report = {0, 0, done.reading, done.waiting, done.computing, done.sinking};
  }
  sink.finish();
  report.smallest = sink.smallest();
  report.largest = sink.largest();
  return report;
}

}  // namespace priel::app
