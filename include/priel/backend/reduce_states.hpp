// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The states of a reduction's jobs on the Host backend: a copy for each thread where threads would meet in one, and what jobs share.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/closed_folds.hpp>

#include <utility>

namespace priel::host {

inline constexpr int most_axes = 32;

// A tile, C order of the box from `begin`, by pieces of rows of the last axis: f(elements of the tile before it, its elements, its state,
// the step to the next element's state).
template <class F>
void walk_rows(Size begin, int n, const Size* extent, const Size* stride, int rank, F f) {
  if (rank == 0) return f(0, 1, Size{0}, Size{0});
  const int last = rank - 1;
  Size i[most_axes], at = 0, row = begin;   // `at`: the state of the first element of the row
  for (int a = last; a >= 0; --a) {
    i[a] = row % extent[a];
    row /= extent[a];
    if (a < last) at += stride[a] * i[a];
  }
  for (int done = 0; done < n;) {
    const Size left = extent[last] - i[last];
    const int length = left < n - done ? static_cast<int>(left) : n - done;
    f(done, length, at + stride[last] * i[last], stride[last]);
    done += length;
    i[last] = 0;
    for (int a = last - 1; a >= 0; --a) {
      at += stride[a];
      if (++i[a] < extent[a]) break;
      at -= stride[a] * extent[a];
      i[a] = 0;
    }
  }
}

// Merges neighbours into their states, of statistics that have no kernels.
template <class Statistic, class T>
void accumulate(const T* values, int n, typename Statistic::state* states, Size step) {
  if (step != 0 || n < 32) {
    for (int j = 0; j < n; ++j) Statistic::add(states[j * step], values[j]);
    return;
  }
  constexpr int lanes = 8;
  typename Statistic::state lane[lanes];
  for (auto& state : lane) state = Statistic::identity();
  int j = 0;
  for (; j + lanes <= n; j += lanes)
    for (int k = 0; k < lanes; ++k) Statistic::add(lane[k], values[j + k]);
  for (; j < n; ++j) Statistic::add(lane[0], values[j]);
  for (const auto& state : lane) Statistic::merge(states[0], state);
}

// What the passes know of a job: they are compiled once for all statistics, elements, ranks of arrays and kernels.
struct JobTraits {
  bool closed;
  int order;               // see moment_order
  Size elements_at_most;   // of a run at a time
};
class Job {
 public:
  Job(const Size* steps, Size count, bool is_wanted, JobTraits its) : stride(steps), size(is_wanted ? count : 0), wanted(is_wanted), traits(its) {}
  virtual ~Job() = default;
  // A copy of the states for each thread, before the threads start; and all copies into one after they ended.
  virtual void divide(int threads) = 0;
  virtual void merge() = 0;
  // By kernels, where the statistic has them.
  virtual std::unique_ptr<Folded> folding(int thread) const = 0;
  // By itself, neighbours into states `step` apart, where it has none.
  virtual void add(int thread, const void* values, int length, Size at, Size step) = 0;
  virtual Rider rider(int thread) const = 0;

  const Size* stride;
  Size size;
  bool wanted;
  JobTraits traits;
  std::vector<const Job*> riders;   // what these want comes out of this one's work
  bool served = false;
};

template <class Statistic>
class JobStates final : public Job {
  using State = typename Statistic::state;

 public:
  using element = typename Statistic::element;
  template <int Root>
  explicit JobStates(const ReduceJob<Statistic, Root>& job)
      : Job(job.stride.begin(), job.count, job.states != nullptr,
            {FoldOf<Statistic>::exists, moment_order<Statistic>, at_most()}),
        states_(job.states) {
    static_assert(Root <= most_axes);
  }

  void divide(int threads) override {
    if (threads == 1) return;
    copies_ = threads;
    parts_ = std::make_unique<State[]>(static_cast<std::size_t>(threads * size));
    for (Size i = 0; i < threads * size; ++i) parts_[static_cast<std::size_t>(i)] = Statistic::identity();
  }
  void merge() override {
    for (int thread = 0; thread < copies_; ++thread)
      for (Size i = 0; i < size; ++i) Statistic::merge(states_[i], parts_[static_cast<std::size_t>(thread * size + i)]);
  }
  std::unique_ptr<Folded> folding(int thread) const override {
    if constexpr (FoldOf<Statistic>::exists) {
      Riders along;
      for (const Job* job : riders) along.push_back(job->rider(thread));
      return std::make_unique<Folding<Statistic>>(served ? nullptr : states(thread), std::move(along));
    } else return nullptr;
  }
  void add(int thread, const void* values, int length, Size at, Size step) override {
    if constexpr (!FoldOf<Statistic>::exists) accumulate<Statistic>(static_cast<const element*>(values), length, states(thread) + at, step);
  }
  Rider rider(int thread) const override { return {traits.order, states(thread)}; }

 private:
  static constexpr Size at_most() {
    if constexpr (FoldOf<Statistic>::exists) return Folding<Statistic>::elements_at_most;
    else return 1;
  }
  State* states(int thread) const { return wanted && copies_ > 0 ? parts_.get() + thread * size : states_; }

  State* states_;
  int copies_ = 0;
  std::unique_ptr<State[]> parts_;
};

// The jobs of a pass, those alone that are wanted.
struct Jobs {
  Job** first;
  int number;
  Job** begin() const { return first; }
  Job** end() const { return first + number; }
};

// Over the same axes, the job of the highest moments does the work of the others.
inline void share_work(Jobs jobs) {
  Job* leader = *jobs.begin();
  for (Job* job : jobs)
    if (job->traits.order > leader->traits.order) leader = job;
  if (leader->traits.order < 2) return;
  for (Job* job : jobs) {
    job->served = job != leader && job->traits.order > 0;
    if (job->served) leader->riders.push_back(job);
  }
}
inline void unshare_work(Jobs jobs) {
  for (Job* job : jobs) {
    job->riders.clear();
    job->served = false;
  }
}

}  // namespace priel::host
