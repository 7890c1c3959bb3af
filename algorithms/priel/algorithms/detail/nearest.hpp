// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The nearest samples found so far, in CPU memory: closed kernels, compiled once per instruction set and chosen at run time.
#pragma once

#include <priel/algorithms/detail/dense.hpp>

#include <vector>

namespace priel::detail {

// Of each of n samples its k nearest of all that were offered, and those that tie with the k-th.
template <class T>
class NearestSoFar {
 public:
  // first: the global index of the first sample, which is not its own neighbour; negative: the samples are no members of what is offered.
  // Without `coinciding`, what ties with a k-th distance of 0 is left out.
  NearestSoFar(Size n, Size k, Size first, bool coinciding);

  // The rows of y (m, d), whose global indices begin at `from`, as possible neighbours of the rows of x (n, d). Each pair is measured once
  // where y is x. By all threads, unless within a parallel region. The same, bit for bit, in whichever blocks and whatever order samples are offered.
  void offer(Metric metric, Size d, const T* x, const T* y, Size m, Size from);

  // The most neighbours of any sample.
  Size width() const;
  // (n, width), nearest first, then by index; filled up with the sample's own index (0 if it has none) and +inf; NaN where k were not found.
  void write(Size width, Size* index, T* distance) const;

 private:
  struct Offer;
  void accept(Size row, T distance, Size index);
  T limit(Size row, Metric metric) const;
  std::vector<T> limits(const Block& rows, Metric metric) const;

  Size n_, k_, first_;
  bool coinciding_;
  std::vector<T> distance_;              // (n, k), nearest first
  std::vector<Size> index_;
  std::vector<Size> held_;               // (n)
  std::vector<std::vector<Size>> tied_;  // beyond the k-th, at the same distance
};

extern template class NearestSoFar<float>;
extern template class NearestSoFar<double>;

}  // namespace priel::detail
