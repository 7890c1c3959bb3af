// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Host backend: expressions evaluated tile by tile through Eigen's packets, tiles spread over OpenMP threads.
#pragma once

#include <priel/backend/host_reduce.hpp>
#include <priel/backend/memory.hpp>

namespace priel {

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
    host::reduce(kernel, extent, host::JobStates<Statistic, Root>(jobs)...);
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
};

}  // namespace priel
