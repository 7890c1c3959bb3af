// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Blocks of pixels: read the window of images, transform it, score every pixel's patches, on this rank alone.
#include "detect_scores.hpp"

#include "progress.hpp"

#include <priel/environment.hpp>

#include <algorithm>
#include <limits>

namespace priel::app {

namespace {

// Slices of patches that live at once: work enough for all threads, little beside the images.
Size slices_at_once(Size dates, int patch) {
  const Size bytes = std::max<Size>(dates * patch * patch * static_cast<Size>(sizeof(float)), 1);
  return std::clamp<Size>((Size{8} << 20) / bytes, 64, 4096);
}

// Pixels between two reports of progress.
constexpr Size pixels_at_once = 2048;

PixelBlock including(PixelBlock block, Size row, Size column, Size half) {
  const Size low_row = row - half, end_row = row + half + 1, low_column = column - half, end_column = column + half + 1;
  if (block.count == 0) return {block.first, 1, low_row, end_row - low_row, low_column, end_column - low_column};
  const Size top = std::min(block.row, low_row), bottom = std::max(block.row + block.rows, end_row);
  const Size left = std::min(block.column, low_column), right = std::max(block.column + block.columns, end_column);
  return {block.first, block.count + 1, top, bottom - top, left, right - left};
}

Size image_bytes(const PixelBlock& block, Size dates) { return block.rows * block.columns * dates * static_cast<Size>(sizeof(float)); }

// The images twice while they are read and transformed.
Size bytes_of(const PixelBlock& block, Size dates) { return 2 * image_bytes(block, dates); }

template <class Kernel>
Array<float, 2> scored(const Kernel& kernel, const Array<float, 3>& images, const Array<Size, 2>& pixels, int patch) {
  return Array<float, 2>(vmap(kernel, patches(images, pixels, patch), chunk(slices_at_once(images.shape()[0], patch))));
}

// `count` pixels of the block from its `first`-th on, by their places in its window.
Array<Size, 2> pixels_of(const DetectInput& input, const PixelBlock& block, Size first, Size count) {
  Array<Size, 2> pixels(Shape<2>{count, 2});
  const auto to = pixels.local_mut();
  const auto from = input.pixels.local();
  for (Size i = 0; i < count; ++i) {
    to(i, 0) = from(block.first + first + i, 0) - block.row;
    to(i, 1) = from(block.first + first + i, 1) - block.column;
  }
  return pixels;
}

void copy_rows(const Array<float, 2>& from, Array<float, 2, Split<0>>& to, Size first) {
  const auto lease = to.local_mut();
  std::copy(from.local().begin(), from.local().end(), lease.data() + (first - to.part().lower[0]) * to.shape()[1]);
}

}  // namespace

BlockPlan plan_blocks(const DetectOptions& options, const DetectInput& input) {
  BlockPlan plan;
  const Size n = input.pixels.shape()[0], dates = input.count(), half = (options.patch - 1) / 2;
  const Block own = block_of(n, world()->size(), world()->rank());
  const Size per_pixel = dates * static_cast<Size>(sizeof(float)) * (options.method == Method::both ? 2 : 1) * 2;
  const Size slices = slices_at_once(dates, options.patch) * dates * options.patch * options.patch * static_cast<Size>(sizeof(float));
  const Size program = Size{96} << 20;   // libraries, threads' scratch, decompressed chunks
  const Size beside = program + n * 2 * static_cast<Size>(sizeof(Size)) + own.extent * per_pixel + slices +
                      2 * input.stack[1] * input.stack[2] * static_cast<Size>(sizeof(double));
  const Size allowed = options.memory.value_or(Size{4} << 30) / ranks_on_this_node();
  const Size room = std::max(allowed - beside, Size{512} << 10);   // less would read the same rows again and again
  Size needed = beside, read = 0;

  const auto pixels = input.pixels.local();
  PixelBlock block{own.lower};
  const auto close = [&] {
    if (block.count == 0) return;
    needed = std::max(needed, beside + bytes_of(block, dates));
    read += image_bytes(block, dates);
    plan.blocks.push_back(block);
    block = PixelBlock{block.first + block.count};
  };
  for (Size i = own.lower; i < own.lower + own.extent; ++i) {
    PixelBlock larger = including(block, pixels(i, 0), pixels(i, 1), half);
    if (block.count > 0 && bytes_of(larger, dates) > room) {
      close();
      larger = including(block, pixels(i, 0), pixels(i, 1), half);
    }
    block = larger;
  }
  close();
  Size sums[] = {static_cast<Size>(plan.blocks.size()), allowed, needed, read};
  world()->all_reduce(sums, 4, sizeof(Size), [](void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) static_cast<Size*>(into)[i] += static_cast<const Size*>(from)[i];
  });
  plan.all_blocks = sums[0];
  plan.all_allowed = sums[1];
  plan.all_needed = sums[2];
  plan.all_read = sums[3];
  return plan;
}

DetectScores score_pixels(const DetectOptions& options, const DetectInput& input, const BlockPlan& plan) {
  const Size n = input.pixels.shape()[0], dates = input.count();
  const auto stack = io::open<float, 3>(options.stack);
  DetectScores result{{}, Array<std::uint16_t, 1, Split<0>>(Shape<1>{n}), std::numeric_limits<double>::infinity(),
                      -std::numeric_limits<double>::infinity()};
  for (const Method method : {Method::lof, Method::loop})
    if (options.method == method || options.method == Method::both)
      result.scores.emplace_back(method, Array<float, 2, Split<0>>(Shape<2>{n, dates}));

  const Block own = block_of(n, world()->size(), world()->rank());
  const Size min_valid = min_valid_of(options);
  Progress progress("pixels", n, options.quiet || world()->rank() != 0);
  Size shown = 0;
  agreed(*world(), [&] {
    const ScopedWorld alone(self());   // from here each rank works for itself
    for (const PixelBlock& block : plan.blocks) {
      Array<float, 3> images = stack(range(input.first_date, input.first_date + dates), range(block.row, block.row + block.rows),
                                     range(block.column, block.column + block.columns));
      images = without_fill(input, std::move(images));
      const auto finite = isfinite(images);
      result.smallest = std::min(result.smallest, static_cast<double>(item(min(where(finite, images, std::numeric_limits<float>::infinity())))));
      result.largest = std::max(result.largest, static_cast<double>(item(max(where(finite, images, -std::numeric_limits<float>::infinity())))));
      if (options.transform == Transform::db) images = 10 * log10(maximum(images, 1e-6f));

      for (Size done = 0; done < block.count; done += pixels_at_once) {
        const Size count = std::min(pixels_at_once, block.count - done), first = block.first + done;
        const Array<Size, 2> pixels = pixels_of(input, block, done, count);
        const Array<Size, 1> valid = sum(all(isfinite(patches(images, pixels, options.patch)), axis<2>), axis<1>);
        {
          const auto to = result.valid.local_mut();
          for (Size i = 0; i < count; ++i) to(first - own.lower + i) = static_cast<std::uint16_t>(valid.local()(i));
        }
        for (auto& [method, scores] : result.scores) {
          Array<float, 2> some = method == Method::lof ? scored(Lof{options.k}, images, pixels, options.patch)
                                                       : scored(Loop{options.k, options.lambda, options.norm}, images, pixels, options.patch);
          if (min_valid > options.k.largest() + 1) some = where(valid(all, newaxis) < min_valid, priel::nan, some);
          copy_rows(some, scores, first);
        }
        // This rank's share stands for all.
        const Size all_done = (first + count - own.lower) * n / own.extent;
        progress.advance(all_done - shown);
        shown = all_done;
      }
    }
  });
  double range[2] = {-result.smallest, result.largest};
  world()->all_reduce(range, 2, sizeof(double), [](void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) static_cast<double*>(into)[i] = std::max(static_cast<double*>(into)[i], static_cast<const double*>(from)[i]);
  });
  result.smallest = -range[0];
  result.largest = range[1];
  return result;
}

}  // namespace priel::app
