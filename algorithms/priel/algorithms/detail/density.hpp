// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which samples have many others near them, and which of these belong together: compiled for Host, functors elsewhere.
#pragma once

#include <priel/algorithms/detail/dense.hpp>
#include <priel/algorithms/detail/on_cpu.hpp>
#include <priel/algorithms/detail/pairs.hpp>

#include <memory>
#include <vector>

namespace priel::detail {

template <class T>
class Cells;

// Sets of samples by union-find (Tarjan 1975), of all samples on every rank; the root of a set is its first sample. By any number of threads
// (Anderson, Woll 1991).
class Forest {
 public:
  explicit Forest(Size n);
  Size root(Size sample);
  void unite(Size a, Size b);
  // Collective: what is together on some rank is together on all. One Allreduce of 8 (n + 1) bytes.
  void merge_over(const Communicator& comm);

 private:
  std::vector<Size> words_;   // n, and the parents
};

// Of each sample what is known about its neighbourhood.
enum class Role : unsigned char { sparse, core, not_finite };

// The samples x (n, d) of this rank, of which the first has the global index `first`. A sample is core if `least` samples, it included, are no
// farther than the radius.
template <class T>
class DensityRows {
 public:
  DensityRows(Metric metric, T radius, Size least, Size n, Size d, const T* x, Size first);
  ~DensityRows();

  // The rows of y (m, d), whose indices begin at `from`, as possible neighbours. What is known to be core looks no further.
  void count(const T* y, Size m, Size from);
  // When all have been counted: (n); and the neighbours of a sparse sample, fewer than `least`.
  void roles(Role* to) const;
  const std::vector<Size>& neighbours(Size row) const { return near_[static_cast<std::size_t>(row)]; }
  // Unites the core samples with those among the rows of y that are no farther than the radius; role: of all samples.
  void connect(const T* y, Size m, Size from, const Role* role, Forest& forest);

 private:
  struct Found;
  struct Joined;
  std::unique_ptr<const Cells<T>> cells_of_core(const T* y, Size m, Size from, const Role* role, std::vector<Size>& index) const;

  Metric metric_;
  T radius_;
  Size least_, d_, first_;
  const T* x_;
  std::unique_ptr<const Cells<T>> cells_, core_;
  std::vector<Size> core_index_;
  std::vector<std::vector<Size>> near_;
  std::vector<Size> count_;
};

extern template class DensityRows<float>;
extern template class DensityRows<double>;

}  // namespace priel::detail

namespace priel::kernel {

// What a row of x has within the radius among the rows of y (m, d), until it has enough.
template <class M, class T>
struct CountWithin {
  Size d, m, least;
  T radius;
  const T* x;
  const T* y;
  Size first, own;   // the indices of the first rows of y and x
  Size* count;       // it included
  Size* near;        // (n, least - 1)

  PRIEL_DEVICE void operator()(Size row) const {
    Size found = count[row];
    for (Size j = 0; j < m && found < least; ++j) {
      if (first + j == own + row) continue;
      T sum{};
      for (Size f = 0; f < d; ++f) sum = M::add(sum, x[row * d + f] - y[j * d + f]);
      if (!(M::finish(sum) <= radius)) continue;
      near[row * (least - 1) + found - 1] = first + j;
      ++found;
    }
    count[row] = found;
  }
};

// A row of y that a row of x is to be united with, or -1: sets are numbers at least 0 of core samples.
template <class M, class T>
struct FindOther {
  Size d, m;
  T radius;
  const T* x;
  const T* y;
  const Size* mine;     // (n): sets of the rows of x
  const Size* theirs;   // (m)
  Size* found;          // (n)

  PRIEL_DEVICE void operator()(Size row) const {
    found[row] = -1;
    if (mine[row] < 0) return;
    for (Size j = 0; j < m; ++j) {
      if (theirs[j] < 0 || theirs[j] == mine[row]) continue;
      T sum{};
      for (Size f = 0; f < d; ++f) sum = M::add(sum, x[row * d + f] - y[j * d + f]);
      if (!(M::finish(sum) <= radius)) continue;
      found[row] = j;
      return;
    }
  }
};

}  // namespace priel::kernel

namespace priel::detail {

// See DensityRows, whose members these are; x and y are memory of the backend.
template <class Backend, class M, class T>
class DensitySearch {
 public:
  DensitySearch(T radius, Size least, Size n, Size d, const T* x, Size first)
      : radius_(radius), least_(least), n_(n), d_(d), first_(first), x_(x), count_(n), near_(n * (least - 1)) {
    const std::vector<Size> ones(static_cast<std::size_t>(n) + 1, 1);
    Backend::upload(count_.data(), ones.data(), n * bytes);
  }
  void count(const T* y, Size m, Size from) {
    Backend::for_each(n_, kernel::CountWithin<M, T>{d_, m, least_, radius_, x_, y, from, first_, count_.data(), near_.data()});
  }
  void roles(Role* to) {
    const OnCpu<Backend, Size> counts(count_.data(), n_), near(near_.data(), n_ * (least_ - 1));
    const OnCpu<Backend, T> x(x_, n_ * d_);
    for (Size row = 0; row < n_; ++row) {
      const Size found = counts.data()[row];
      to[row] = found >= least_ ? Role::core : Role::sparse;
      for (Size f = 0; f < d_; ++f)
        if (!(x.data()[row * d_ + f] - x.data()[row * d_ + f] == T{})) to[row] = Role::not_finite;
      lists_.emplace_back(near.data() + row * (least_ - 1), near.data() + row * (least_ - 1) + found - 1);
    }
  }
  const std::vector<Size>& neighbours(Size row) const { return lists_[static_cast<std::size_t>(row)]; }
  // In rounds, each of which at least halves the sets that have a neighbour (Boruvka 1926).
  void connect(const T* y, Size m, Size from, const Role* role, Forest& forest) {
    Buffer<Size, Backend> mine(n_), theirs(m), found(n_);
    const auto sets = [&](Size lower, Size count, Buffer<Size, Backend>& to) {
      std::vector<Size> roots(static_cast<std::size_t>(count) + 1, -1);
      for (Size i = 0; i < count; ++i)
        if (role[lower + i] == Role::core) roots[static_cast<std::size_t>(i)] = forest.root(lower + i);
      Backend::upload(to.data(), roots.data(), count * bytes);
    };
    for (bool more = true; more;) {
      sets(first_, n_, mine);
      sets(from, m, theirs);
      Backend::for_each(n_, kernel::FindOther<M, T>{d_, m, radius_, x_, y, mine.data(), theirs.data(), found.data()});
      const OnCpu<Backend, Size> others(found.data(), n_);
      more = false;
      for (Size row = 0; row < n_; ++row) {
        if (others.data()[row] < 0) continue;
        forest.unite(first_ + row, from + others.data()[row]);
        more = true;
      }
    }
  }

 private:
  static constexpr Size bytes = sizeof(Size);
  T radius_;
  Size least_, n_, d_, first_;
  const T* x_;
  Buffer<Size, Backend> count_, near_;
  std::vector<std::vector<Size>> lists_;
};

template <class M, class T>
  requires CompiledMetric<M, T>
class DensitySearch<Host, M, T> : public DensityRows<T> {
 public:
  DensitySearch(T radius, Size least, Size n, Size d, const T* x, Size first) : DensityRows<T>(M::compiled, radius, least, n, d, x, first) {}
};

}  // namespace priel::detail
