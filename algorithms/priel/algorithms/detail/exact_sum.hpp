// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A mean of doubles without rounding before its end: the same, bit for bit, however they are cut over ranks.
#pragma once

#include <priel/communicator.hpp>
#include <priel/reproducible.hpp>

namespace priel::detail {

// The state of mean(x, reproducible), for loops that have no array of what they add.
class ExactSum {
  using Mean = statistic::ExactMean<double>;
  struct Parts {
    Mean::state sum;
    Size count = 0;
  };

 public:
  static constexpr Size bytes = sizeof(Parts);   // what all ranks add up

  void add(double value) {
    parts_.sum.add(value);
    ++parts_.count;
  }
  // Collective: the sum over all ranks.
  void over_ranks(const Communicator& comm) {
    comm.all_reduce(&parts_, 1, bytes, [](void* into, const void* from, Size n) {
      for (Size i = 0; i < n; ++i) {
        static_cast<Parts*>(into)[i].sum.merge(static_cast<const Parts*>(from)[i].sum);
        static_cast<Parts*>(into)[i].count += static_cast<const Parts*>(from)[i].count;
      }
    });
  }
  double mean() const { return Mean::value(parts_.sum, parts_.count > 0 ? parts_.count : 1); }   // 0 of none

 private:
  Parts parts_;
};

}  // namespace priel::detail
