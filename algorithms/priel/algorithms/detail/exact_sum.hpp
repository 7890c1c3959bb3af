// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A sum of numbers that are not negative, without rounding on the way: the same, bit for bit, however they are cut over ranks.
#pragma once

#include <priel/communicator.hpp>

#include <array>

namespace priel::detail {

// Every bit of a double has its place in words of 32 bits (Kulisch, Computer arithmetic and validity, 2013).
class ExactSum {
 public:
  static constexpr std::int64_t bytes = 70 * sizeof(std::int64_t);   // what all ranks add up

  void add(double value);
  // Collective: the sum over all ranks.
  void over_ranks(const Communicator& comm);
  double mean() const;   // 0 of none

 private:
  void carry();
  std::array<std::int64_t, 70> words_{};   // 68 of the sum; how many are infinite; how many there are
  int added_ = 0;                          // since the last carry
};

}  // namespace priel::detail
