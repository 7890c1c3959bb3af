// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The samples within a radius of others, in CPU memory: closed kernels, compiled once per instruction set and chosen at run time.
#pragma once

#include <priel/algorithms/detail/dense.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace priel::detail {

template <class T>
class Cells;

// Of each sample what was found, as rows one behind the other: begin[i] ... begin[i + 1], nearest first, then by index.
template <class T>
struct FoundRows {
  std::vector<Size> begin, index;
  std::vector<T> distance;
};

// Pairs (distance, index) of each row, which are sorted and given up.
template <class T>
using FoundLists = std::vector<std::vector<std::pair<T, Size>>>;
template <class T>
FoundRows<T> in_rows(FoundLists<T>&& found);

// Of each row of x (n, d) all samples that were offered and are no farther than the radius.
template <class T>
class WithinRadius {
 public:
  // first: the global index of the first sample, which is not its own neighbour; negative: the samples are no members of what is offered.
  WithinRadius(Metric metric, T radius, Size n, Size d, const T* x, Size first);
  ~WithinRadius();

  // The rows of y (m, d), whose global indices begin at `from`. Each pair is measured once where y is x. By all threads, unless within a
  // parallel region. What is found is the same, bit for bit, in whichever blocks and whatever order samples are offered.
  void offer(const T* y, Size m, Size from);
  FoundRows<T> rows() &&;

 private:
  struct Offer;
  void offer_own();

  Metric metric_;
  T radius_;
  Size d_, first_;
  const T* x_;
  std::unique_ptr<const Cells<T>> cells_;
  FoundLists<T> found_;
};

extern template FoundRows<float> in_rows(FoundLists<float>&&);
extern template FoundRows<double> in_rows(FoundLists<double>&&);
extern template class WithinRadius<float>;
extern template class WithinRadius<double>;

}  // namespace priel::detail
