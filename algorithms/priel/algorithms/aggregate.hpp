// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// One score from the scores of a sweep over k: largest, mean, median or trimmed mean, sample by sample.
#pragma once

#include <priel/algorithms/sweep.hpp>
#include <priel/operators.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace priel::detail {

template <class Scores>
class Aggregator {
 public:
  explicit Aggregator(const Sweep& sweep) : sweep_(sweep) {}

  void add(const Scores& scores) {
    if (sweep_.aggregate == Aggregate::max && !all_.empty()) all_.front() = maximum(all_.front(), scores);
    else all_.push_back(scores);
  }

  Scores result() {
    if (sweep_.aggregate == Aggregate::max) return all_.front();
    if (sweep_.aggregate != Aggregate::mean) sort();
    const std::size_t count = all_.size();
    std::size_t drop = 0;
    if (sweep_.aggregate == Aggregate::median) drop = (count - 1) / 2;
    if (sweep_.aggregate == Aggregate::trimmed) drop = std::min((count - 1) / 2, static_cast<std::size_t>(sweep_.trim * static_cast<double>(count)));
    Scores sum = all_[drop];
    for (std::size_t i = drop + 1; i < count - drop; ++i) sum = sum + all_[i];
    return Scores(sum / static_cast<double>(count - 2 * drop));
  }

 private:
  // Compares and exchanges whole arrays, so that every sample's scores end up in order.
  void sort() {
    for (std::size_t i = 1; i < all_.size(); ++i)
      for (std::size_t j = i; j > 0; --j) {
        const Scores low(minimum(all_[j - 1], all_[j]));
        all_[j] = maximum(all_[j - 1], all_[j]);
        all_[j - 1] = low;
      }
  }

  Sweep sweep_;
  std::vector<Scores> all_;
};

}  // namespace priel::detail
