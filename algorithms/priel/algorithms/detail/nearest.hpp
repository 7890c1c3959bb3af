// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The nearest samples found so far, in CPU memory: closed kernels, compiled once per instruction set and chosen at run time.
#pragma once

#include <priel/algorithms/detail/dense.hpp>

#include <utility>
#include <vector>

namespace priel {
class Communicator;
}
namespace priel::detail {

template <class T>
class Cells;

// In a round of p ranks, each looks at the samples of the p / 2 ranks behind it. The rows of rank `owner` that rank `viewer` sees, and those of its own
// with which it meets them: of the pairs of two opposite ranks, each measures half.
Block rows_shown(Size n, int ranks, int owner, int viewer);
Block rows_meeting(Size n, int ranks, int viewer, int owner);

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

  // The same for samples and those of `other`, rows of y: each pair is measured once and serves both. x: the samples `rows` of these. Both know
  // which samples they are (first), and none is in both, unless other is *this, all rows are given and y is x.
  void offer_mutually(Metric metric, Size d, const T* x, Block rows, NearestSoFar& other, const T* y);

  // Collective: all samples to each other, n in all, of which this rank has x, its canonical block. In each of p / 2 steps a rank sends its samples
  // with their limits to one rank (half of them in the last step, if p is even and the other rank is behind it) and gets back what was found.
  void offer_round(const Communicator& comm, Metric metric, Size d, const T* x, Size n);

  // The most neighbours of any sample.
  Size width() const;
  // (n, width), nearest first, then by index; filled up with the sample's own index (0 if it has none) and +inf; NaN where k were not found.
  void write(Size width, Size* index, T* distance) const;

 private:
  struct Offer;
  // Of samples that are shown elsewhere: the measure at which each of `rows` needs no more; what begins with such limits; what was found there,
  // as many of each row as `counts` says; and its return.
  void limits(Metric metric, const Block& rows, T* to) const;
  void begin_with(std::vector<T> limits) { seed_ = std::move(limits); }
  void findings(std::vector<Size>& counts, std::vector<T>& distances, std::vector<Size>& indices) const;
  void accept(const Block& rows, const Size* counts, const T* distances, const Size* indices);
  void seed(Metric metric, Size d, const Cells<T>& cells, int threads);
  void reorder(Size lower, const std::vector<Size>& order, bool back);
  void accept(Size row, T distance, Size index);
  T limit(Size row, Metric metric) const;

  Size n_, k_, first_;
  bool coinciding_;
  std::vector<T> distance_;              // (n, k), nearest first
  std::vector<Size> index_;
  std::vector<Size> held_;               // (n)
  std::vector<T> seed_;                  // (n) or empty: a limit while there are not k
  std::vector<std::vector<Size>> tied_;  // beyond the k-th, at the same distance
};

extern template class NearestSoFar<float>;
extern template class NearestSoFar<double>;

}  // namespace priel::detail
