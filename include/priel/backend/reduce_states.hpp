// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The states of a reduction's jobs on the Host backend: a copy for each thread where threads would meet in one, and what jobs share.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/closed_folds.hpp>

namespace priel::host {

// Merges a tile's values, C order of the box from `begin`, into the states of the axes that stay.
template <class Statistic, class T, int Root>
void accumulate(const T* values, Size begin, int n, const Shape<Root>& extent, const Index<Root>& stride,
                typename Statistic::state* states) {
  if constexpr (Root == 0) Statistic::add(states[0], values[0]);
  else {
    Index<Root> i = position_of(extent, begin);
    const Size step = stride[Root - 1];
    for (int done = 0; done < n;) {
      const Size left = extent[Root - 1] - i[Root - 1];
      const int length = left < n - done ? static_cast<int>(left) : n - done;
      Size at = 0;
      for (int a = 0; a < Root; ++a) at += stride[a] * i[a];
      if (step != 0) {
        for (int j = 0; j < length; ++j) Statistic::add(states[at + j * step], values[done + j]);
      } else if (length >= 32) {
        constexpr int lanes = 8;
        typename Statistic::state lane[lanes];
        for (auto& state : lane) state = Statistic::identity();
        int j = 0;
        for (; j + lanes <= length; j += lanes)
          for (int k = 0; k < lanes; ++k) Statistic::add(lane[k], values[done + j + k]);
        for (; j < length; ++j) Statistic::add(lane[0], values[done + j]);
        for (const auto& state : lane) Statistic::merge(states[at], state);
      } else {
        for (int j = 0; j < length; ++j) Statistic::add(states[at], values[done + j]);
      }
      done += length;
      i[Root - 1] += length - 1;
      advance(extent, i);
    }
  }
}

// The states of one job, a copy of them for each thread.
template <class Statistic, int Root>
class JobStates {
  using State = typename Statistic::state;

 public:
  using element = typename Statistic::element;
  using statistic = Statistic;
  static constexpr bool closed = FoldOf<Statistic>::exists;
  explicit JobStates(const ReduceJob<Statistic, Root>& job) : job_(job) {}

  bool wanted() const { return job_.states != nullptr; }
  Size size() const { return wanted() ? job_.count : 0; }
  const Index<Root>& stride() const { return job_.stride; }
  State* states(int thread) const { return wanted() && copies_ > 0 ? parts_.get() + thread * size() : job_.states; }
  // Before the threads start.
  void divide(int threads) {
    if (threads == 1) return;
    copies_ = threads;
    parts_ = std::make_unique<State[]>(static_cast<std::size_t>(threads * size()));
    for (Size i = 0; i < threads * size(); ++i) parts_[static_cast<std::size_t>(i)] = Statistic::identity();
  }
  void add(int thread, const element* values, Size begin, int length, const Shape<Root>& extent) {
    if (wanted()) accumulate<Statistic>(values, begin, length, extent, job_.stride, states(thread));
  }
  auto folding(int thread) const
    requires closed
  {
    return Folding<Statistic>(served_ ? nullptr : states(thread), rider_ ? states_of_rider_(rider_, thread) : nullptr);
  }
  void merge() {
    for (int thread = 0; thread < copies_; ++thread)
      for (Size i = 0; i < size(); ++i) Statistic::merge(job_.states[i], parts_[static_cast<std::size_t>(thread * size() + i)]);
  }

  // The sums that the other job wants come out of this one's work, from now on.
  template <class Other>
  void carry(Other& other) {
    rider_ = &other;
    states_of_rider_ = [](const void* rider, int thread) { return static_cast<const Other*>(rider)->states(thread); };
    other.be_served(true);
  }
  bool carries() const { return rider_ != nullptr; }
  bool served() const { return served_; }
  void be_served(bool served) { served_ = served; }
  void drop() { rider_ = nullptr; }

 private:
  ReduceJob<Statistic, Root> job_;
  int copies_ = 0;
  std::unique_ptr<State[]> parts_;
  bool served_ = false;
  const void* rider_ = nullptr;
  double* (*states_of_rider_)(const void*, int) = nullptr;
};

// The strides of the jobs that are wanted, if they all have the same.
template <int Root, class... Job>
const Index<Root>* common_stride(const Job&... jobs) {
  const Index<Root>* common = nullptr;
  bool same = true;
  const auto compare = [&](const auto& job) {
    if (!job.wanted()) return;
    if (!common) common = &job.stride();
    same = same && job.stride() == *common;
  };
  (compare(jobs), ...);
  return same ? common : nullptr;
}

template <class Statistic>
inline constexpr bool is_variance = false;
template <class T>
inline constexpr bool is_variance<statistic::Variance<T>> = true;
// A sum in double of what a variance sums anyway.
template <class Statistic>
inline constexpr bool is_sum_in_double = false;
template <class T>
inline constexpr bool is_sum_in_double<statistic::Mean<T>> = kind_of<T> != Kind::complex;
template <class T>
inline constexpr bool is_sum_in_double<statistic::Sum<T>> = kind_of<T> == Kind::floating;

// Over the same axes, a variance does the work of a mean.
template <class... Job>
void share_work(Job&... jobs) {
  const auto serve = [](auto& variance, auto& sum) {
    using V = typename std::remove_cvref_t<decltype(variance)>::statistic;
    using S = typename std::remove_cvref_t<decltype(sum)>::statistic;
    if constexpr (is_variance<V> && is_sum_in_double<S>)
      if (variance.wanted() && !variance.carries() && sum.wanted() && !sum.served()) variance.carry(sum);
  };
  const auto serve_all = [&](auto& variance) { (serve(variance, jobs), ...); };
  (serve_all(jobs), ...);
}
template <class... Job>
void unshare_work(Job&... jobs) {
  ((jobs.drop(), jobs.be_served(false)), ...);
}

}  // namespace priel::host
