// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Tiles of a box spread over OpenMP threads.
#pragma once

#include <priel/first_error.hpp>

#include <omp.h>

#include <type_traits>

namespace priel::host {

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
  if (threads == 1) return task(context, Size{0}, tiles, 0);
  priel::detail::FirstError failed;
#pragma omp parallel num_threads(threads)
  {
    const Block mine = block_of(tiles, omp_get_num_threads(), omp_get_thread_num());
    failed.guard(mine.lower, [&] { task(context, mine.lower, mine.lower + mine.extent, omp_get_thread_num()); });
  }
  failed.rethrow();
}
template <class F>
void parallel_tiles(Size tiles, int threads, F&& f) {
  run_tiles(tiles, threads, [](void* context, Size first, Size last, int thread) {
    (*static_cast<std::remove_reference_t<F>*>(context))(first, last, thread);
  }, &f);
}

}  // namespace priel::host
