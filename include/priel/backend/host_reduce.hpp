// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions on the Host backend: one pass over the tiles of a kernel for several statistics.
#pragma once

#include <priel/backend/streams.hpp>
#include <priel/backend/tiles.hpp>

#include <memory>

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
  explicit JobStates(const ReduceJob<Statistic, Root>& job) : job_(job) {}

  Size size() const { return job_.states ? job_.count : 0; }
  // Before the threads start.
  void divide(int threads) {
    if (threads == 1) return;
    copies_ = threads;
    parts_ = std::make_unique<State[]>(static_cast<std::size_t>(threads * size()));
    for (Size i = 0; i < threads * size(); ++i) parts_[static_cast<std::size_t>(i)] = Statistic::identity();
  }
  void add(int thread, const element* values, Size begin, int length, const Shape<Root>& extent) {
    if (job_.states) accumulate<Statistic>(values, begin, length, extent, job_.stride, parts_ ? parts_.get() + thread * size() : job_.states);
  }
  void merge() {
    for (int thread = 0; thread < copies_; ++thread)
      for (Size i = 0; i < size(); ++i) Statistic::merge(job_.states[i], parts_[static_cast<std::size_t>(thread * size() + i)]);
  }

 private:
  ReduceJob<Statistic, Root> job_;
  int copies_ = 0;
  std::unique_ptr<State[]> parts_;
};

template <class Kernel, int Root, class First, class... Rest>
void reduce(const Kernel& kernel, const Shape<Root>& extent, First first_job, Rest... jobs) {
  using T = typename First::element;
  const Size n = extent.size();
  Size states = first_job.size();
  ((states += jobs.size()), ...);
  const Size per_thread = grain + states / tile * 8;      // a copy of the states must cost less than it saves
  const Size tiles = (n + tile - 1) / tile;
  const int threads = threads_for(tiles, per_thread);
  first_job.divide(threads);
  (jobs.divide(threads), ...);
  parallel_tiles(tiles, threads, [&](Size first, Size last, int thread) {
    Stream<Kernel, Root> stream(kernel, extent);
    alignas(64) T values[tile];
    for (Size t = first; t < last; ++t) {
      const Size begin = t * tile;
      const int length = n - begin < tile ? static_cast<int>(n - begin) : tile;
      store(converted<T>(stream.run(begin, length)), values, length);
      first_job.add(thread, values, begin, length, extent);
      (jobs.add(thread, values, begin, length, extent), ...);
    }
  });
  first_job.merge();
  (jobs.merge(), ...);
}

}  // namespace priel::host
