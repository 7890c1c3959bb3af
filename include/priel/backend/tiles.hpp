// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Tiles of a box spread over OpenMP threads.
#pragma once

#include <priel/shape.hpp>

#include <omp.h>

#include <exception>
#include <mutex>
#include <type_traits>

namespace priel::host {

// Tiles that are worth a thread: a team costs microseconds, and much more where other programs hold the cores.
inline constexpr Size grain = 256;

// Threads for so many tiles: one for small work and inside other parallel regions.
[[gnu::noinline]] inline int threads_for(Size tiles, Size per_thread) {
  const Size wanted = tiles / per_thread;
  return wanted < 2 || omp_in_parallel() ? 1 : static_cast<int>(wanted < omp_get_max_threads() ? wanted : omp_get_max_threads());
}

// The first exception of a parallel region, which none may leave: it is thrown again behind it.
class Failure {
 public:
  template <class F>
  void caught(F&& f) noexcept {
    try {
      f();
    } catch (...) {
      const std::lock_guard guard(lock_);
      if (!first_) first_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::mutex lock_;
  std::exception_ptr first_;
};

// f(first tile, last tile, thread) on every thread. Called through a pointer, so that the parallel region is compiled once.
using TileTask = void (*)(void* context, Size first, Size last, int thread);
[[gnu::noinline]] inline void run_tiles(Size tiles, int threads, TileTask task, void* context) {
  if (threads == 1) return task(context, Size{0}, tiles, 0);
  Failure failure;
#pragma omp parallel num_threads(threads)
  {
    const Block mine = block_of(tiles, omp_get_num_threads(), omp_get_thread_num());
    failure.caught([&] { task(context, mine.lower, mine.lower + mine.extent, omp_get_thread_num()); });
  }
  failure.rethrow();
}
template <class F>
void parallel_tiles(Size tiles, int threads, F&& f) {
  run_tiles(tiles, threads, [](void* context, Size first, Size last, int thread) {
    (*static_cast<std::remove_reference_t<F>*>(context))(first, last, thread);
  }, &f);
}

}  // namespace priel::host
