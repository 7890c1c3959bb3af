// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Host backend: expressions evaluated tile by tile through Eigen's packets, tiles spread over OpenMP threads.
#pragma once

#include <priel/backend/memory.hpp>
#include <priel/backend/streams.hpp>

#include <omp.h>

#include <memory>

namespace priel {

namespace host {

// Tiles that are worth a thread: a team costs microseconds, and much more where other programs hold the cores.
inline constexpr Size grain = 256;

// Threads for so many tiles: one for small work and inside other parallel regions.
[[gnu::noinline]] inline int threads_for(Size tiles, Size per_thread) {
  const Size wanted = tiles / per_thread;
  return wanted < 2 || omp_in_parallel() ? 1 : static_cast<int>(wanted < omp_get_max_threads() ? wanted : omp_get_max_threads());
}

// f(first tile, last tile, thread) on every thread. Called through a pointer, so that the parallel region is compiled once.
using TileTask = void (*)(void* context, Size first, Size last, int thread);
[[gnu::noinline]] inline void run_tiles(Size tiles, int threads, TileTask task, void* context) {
  if (threads == 1) task(context, Size{0}, tiles, 0);
  else {
#pragma omp parallel num_threads(threads)
    {
      const Block mine = block_of(tiles, omp_get_num_threads(), omp_get_thread_num());
      task(context, mine.lower, mine.lower + mine.extent, omp_get_thread_num());
    }
  }
}
template <class F>
void parallel_tiles(Size tiles, int threads, F&& f) {
  run_tiles(tiles, threads, [](void* context, Size first, Size last, int thread) {
    (*static_cast<std::remove_reference_t<F>*>(context))(first, last, thread);
  }, &f);
}

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

}  // namespace host

struct Host : HostMemory {
  static constexpr const char* name = "Host";

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    const Size n = extent.size();
    const Size tiles = (n + host::tile - 1) / host::tile;
    host::parallel_tiles(tiles, host::threads_for(tiles, host::grain), [&](Size first, Size last, int) {
      host::Stream<Kernel, Root> stream(kernel, extent);
      alignas(64) T padded[host::tile];
      for (Size t = first; t < last; ++t) {
        const Size begin = t * host::tile;
        const bool full = n - begin >= host::tile;
        const int length = full ? host::tile : static_cast<int>(n - begin);
        host::store(host::converted<T>(stream.run(begin, length)), full ? out + begin : padded);
        if (!full) std::memcpy(out + begin, padded, static_cast<std::size_t>(length) * sizeof(T));
      }
    });
  }

  template <class Kernel, int Root, class... Statistic>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
    pass(kernel, extent, host::JobStates<Statistic, Root>(jobs)...);
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    if (n < 2 || omp_in_parallel()) {
      for (Size i = 0; i < n; ++i) function(i);
    } else {
#pragma omp parallel for schedule(dynamic, 16)
      for (Size i = 0; i < n; ++i) function(i);
    }
  }

 private:
  template <class Kernel, int Root, class First, class... Rest>
  static void pass(const Kernel& kernel, const Shape<Root>& extent, First first_job, Rest... jobs) {
    using T = typename First::element;
    const Size n = extent.size();
    Size states = first_job.size();
    ((states += jobs.size()), ...);
    const Size grain = host::grain + states / host::tile * 8;      // a copy of the states must cost less than it saves
    const Size tiles = (n + host::tile - 1) / host::tile;
    const int threads = host::threads_for(tiles, grain);
    first_job.divide(threads);
    (jobs.divide(threads), ...);
    host::parallel_tiles(tiles, threads, [&](Size first, Size last, int thread) {
      host::Stream<Kernel, Root> stream(kernel, extent);
      alignas(64) T values[host::tile];
      for (Size t = first; t < last; ++t) {
        const Size begin = t * host::tile;
        const int length = n - begin < host::tile ? static_cast<int>(n - begin) : host::tile;
        host::store(host::converted<T>(stream.run(begin, length)), values);
        first_job.add(thread, values, begin, length, extent);
        (jobs.add(thread, values, begin, length, extent), ...);
      }
    });
    first_job.merge();
    (jobs.merge(), ...);
  }
};

}  // namespace priel
