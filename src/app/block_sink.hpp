// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Where the blocks of scores go: to their rows in the files, and when they are on the disk, a mark.
#pragma once

#include "detect_scores.hpp"
#include "detect_state.hpp"
#include "progress.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

namespace priel::app {

// Rank-local but for construction. Rows are written when a block comes; a thread waits for the disk and marks the block, so that computing goes on.
class BlockSink {
 public:
  BlockSink(const DetectOptions& options, const DetectInput& input, const std::vector<Size>& order, const std::vector<ScoreFile>& files,
            std::string marks, RunLog& log);
  ~BlockSink();
  BlockSink(const BlockSink&) = delete;
  BlockSink& operator=(const BlockSink&) = delete;

  // The block's pixels are order[lower], order[lower + 1], ...; scores of each file (pixels, dates), valid dates of each pixel, its smallest and
  // largest finite value. SystemError if a disk does not do it, this time or for an earlier block.
  void take(Size lower, const std::vector<std::span<const float>>& scores, std::span<const std::int32_t> valid, std::span<const float> lowest,
            std::span<const float> highest);
  // Collective: returns when all blocks are marked.
  void finish();

  // Of the finite values of all blocks of this rank.
  double smallest() const { return smallest_; }
  double largest() const { return largest_; }

 private:
  struct File {
    std::unique_ptr<io::Rows> scores, valid;
  };
  void commit();
  void rethrow();

  const DetectInput& input_;
  const std::vector<Size>& order_;
  std::string marks_;
  Size min_valid_;
  bool strict_;                        // some pixels that could be scored may not be
  std::vector<File> files_;
  double smallest_, largest_;
  Size shown_ = 0;
  Progress progress_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<DoneBlock> waiting_;
  bool ended_ = false;
  std::exception_ptr failed_;
  std::thread committer_;
};

}  // namespace priel::app
