// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// One pass of k-medians over samples in CPU memory: each to the nearest centroid, and the exact medians of what belongs to each.
#pragma once

#include <priel/communicator.hpp>
#include <priel/shape.hpp>

#include <cstdint>
#include <vector>

namespace priel::detail {

// Medians are found digit by digit: samples are counted by the leading bits of their features, then of those that agree with the median so far
// by the next ones, until all bits are known. No sample is sent.
template <class T>
class ClusterMedians {
 public:
  // This rank's samples (n, d), for k clusters; those of all ranks if comm is null.
  ClusterMedians(const Communicator* comm, Size n, Size d, Size k, const T* x);

  // Labels become those of the centroids (k, d) with the least sum of absolute differences. One Allreduce, of the counts by the first digit too.
  void assign(const T* centroids, Size* labels);
  double inertia() const { return inertia_; }   // the sum of these sums
  double changed() const { return changed_; }   // how many labels

  // Centroids become the medians of their samples, of an even number the mean of the two in the middle; one without samples stays. The sum of
  // squared moves. One Allreduce for each other digit, and one if a cluster has an even number of samples.
  double move(const Size* labels, T* centroids);

  // Bits of a digit: 8, less where so many counters would take more than 8 MiB.
  static int digit_bits(Size medians);

 private:
  void count(int digit, const Size* labels);
  void choose();
  std::vector<std::uint64_t> next_keys(const Size* labels) const;
  void nearest(const T* centroids, Size* labels);

  const Communicator* comm_;
  Size n_, d_, k_;
  const T* x_;
  int bits_;
  double inertia_ = 0, changed_ = 0;
  std::vector<double> counters_;          // (k, d, 2^bits), and two more
  std::vector<std::uint64_t> key_;        // (k, d): the digits that are known
  std::vector<double> before_, alike_;    // (k, d): the wanted one's place among those that agree; how many these are
};

extern template class ClusterMedians<float>;
extern template class ClusterMedians<double>;

}  // namespace priel::detail
