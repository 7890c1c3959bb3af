// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Writing blocks of scores, and marking them.
#include "block_sink.hpp"

#include <algorithm>
#include <limits>

namespace priel::app {

BlockSink::BlockSink(const DetectOptions& options, const DetectInput& input, const std::vector<Size>& order, const std::vector<ScoreFile>& files,
                     std::string marks, RunLog& log)
    : input_(input), order_(order), marks_(std::move(marks)), min_valid_(min_valid_of(options)), strict_(min_valid_ > options.k.largest() + 1),
      smallest_(std::numeric_limits<double>::infinity()), largest_(-smallest_),
      progress_("pixels", input.examined(), log.silent(), &log, input.examined() - static_cast<Size>(order.size())) {
  agreed(*world(), [&] {
    for (const ScoreFile& file : files)
      files_.push_back({std::make_unique<io::Rows>(file.path + ":/scores", io::Element::float32, true),
                        std::make_unique<io::Rows>(file.path + ":/n_valid", io::Element::uint16, true)});
  });
  committer_ = std::thread([this] { commit(); });
}

BlockSink::~BlockSink() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  if (committer_.joinable()) committer_.join();
}

void BlockSink::take(Size lower, const std::vector<std::span<const float>>& scores, std::span<const std::int32_t> valid, std::span<const float> lowest,
                     std::span<const float> highest) {
  rethrow();
  const Size count = static_cast<Size>(valid.size()), dates = input_.count();
  if (count > 0) {
    const std::span<const Size> pixels(order_.data() + lower, static_cast<std::size_t>(count));
    DoneBlock block{{}, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const float value : lowest) block.smallest = std::min(block.smallest, static_cast<double>(value));
    for (const float value : highest) block.largest = std::max(block.largest, static_cast<double>(value));
    const std::vector<std::uint16_t> numbers(valid.begin(), valid.end());
    std::vector<float> changed;
    for (std::size_t f = 0; f < files_.size(); ++f) {
      const float* rows = scores[f].data();
      if (strict_) {
        changed.assign(rows, rows + count * dates);
        for (Size i = 0; i < count; ++i)
          if (numbers[static_cast<std::size_t>(i)] < min_valid_)
            std::fill_n(changed.begin() + i * dates, dates, std::numeric_limits<float>::quiet_NaN());
        rows = changed.data();
      }
      for (Size first = 0, end = 0; first < count; first = end) {
        const Size pixel = pixels[static_cast<std::size_t>(first)];
        for (end = first + 1; end < count && pixels[static_cast<std::size_t>(end)] == pixel + end - first;) ++end;
        files_[f].scores->write(pixel, end - first, rows + first * dates);
        files_[f].valid->write(pixel, end - first, numbers.data() + first);
      }
    }
    std::vector<Size> sorted(pixels.begin(), pixels.end());
    std::sort(sorted.begin(), sorted.end());
    block.runs = runs_of(sorted);
    smallest_ = std::min(smallest_, block.smallest);
    largest_ = std::max(largest_, block.largest);
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back(std::move(block));
    }
    changed_.notify_all();
  }
  // This rank's share stands for all.
  const Block own = block_of(static_cast<Size>(order_.size()), world()->size(), world()->rank());
  const Size done = own.extent > 0 ? (std::min(lower + count, own.lower + own.extent) - own.lower) * static_cast<Size>(order_.size()) / own.extent : 0;
  progress_.advance(done - shown_);
  shown_ = done;
}

// Blocks that came while the disk was busy are synchronised together.
void BlockSink::commit() {
  for (;;) {
    std::deque<DoneBlock> some;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      some.swap(waiting_);
    }
    try {
      for (const File& file : files_) file.scores->sync();
      for (const DoneBlock& block : some) mark_done(marks_, block);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (!failed_) failed_ = std::current_exception();
      return;
    }
  }
}

void BlockSink::rethrow() {
  const std::scoped_lock lock(mutex_);
  if (failed_) std::rethrow_exception(failed_);
}

void BlockSink::finish() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  if (committer_.joinable()) committer_.join();
  agreed(*world(), [&] { rethrow(); });
}

}  // namespace priel::app
