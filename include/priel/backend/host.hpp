// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Host backend: expressions evaluated tile by tile through Eigen's packets, tiles spread over OpenMP threads.
#pragma once

#include <priel/backend/host_reduce.hpp>
#include <priel/backend/memory.hpp>
#include <priel/backend/panels.hpp>
#include <priel/backend/tiles.hpp>
#include <priel/backend/write.hpp>

namespace priel {

struct Host : HostMemory {
  static constexpr const char* name = "Host";

  template <class Kernel, int Root, class T>
  static void fill(const Kernel& kernel, const Shape<Root>& extent, T* out) {
    using Stream = host::Stream<Kernel, Root>;
    const Size n = extent.size();
    if (n == 0) return;
    if constexpr (host::Flat<Kernel>::possible)
      if (n < 2 * host::grain * host::tile && host::Flat<Kernel>::holds(kernel, extent, n % host::grid != 0)) return host::store_exactly(host::Flat<Kernel>::lane(kernel), out, n);
    if (Stream stream(kernel, extent); n <= host::tile) host::write_run(stream, 0, static_cast<int>(n), out);
    else if (stream.panel_axis() >= 0) {
      const host::Panels<Root> panels(extent, stream.panel_axis(), host::panel_rows);
      host::parallel_tiles(panels.count(), host::threads_for(panels.count(), host::grain / host::panel_rows), [&](Size first, Size last, int) {
        Stream mine(kernel, extent);
        for (Size p = first; p < last; ++p) host::write_panel(mine, panels[p], out);
      });
    } else {
      const Size tiles = (n + host::tile - 1) / host::tile;
      const bool past_cache = n * static_cast<Size>(sizeof(T)) >= host::streamed_bytes && reinterpret_cast<std::uintptr_t>(out) % 64 == 0;
      host::parallel_tiles(tiles, host::threads_for(tiles, host::grain), [&](Size first, Size last, int) {
        Stream mine(kernel, extent);
        if (past_cache) host::write_tiles<host::Cache::passed>(mine, first, last, n, out);
        else host::write_tiles<host::Cache::kept>(mine, first, last, n, out);
      });
    }
  }

  template <class Kernel, int Root, class... Statistic>
  static void reduce(const Kernel& kernel, const Shape<Root>& extent, const ReduceJob<Statistic, Root>&... jobs) {
    host::reduce(kernel, extent, host::JobStates<Statistic>(jobs)...);
  }

  // Where every state is that of one run: straight to its result, `n` elements each.
  template <class Statistic, int Root>
  static bool makes_results(const Shape<Root>& extent, const Index<Root>& stride) { return host::makes_results<Statistic>(extent, stride); }
  template <class Statistic, class Kernel, int Root>
  static void reduce_to_results(const Kernel& kernel, const Shape<Root>& extent, Size n, typename Statistic::result* out) {
    if constexpr (host::FoldOf<Statistic>::exists)
      host::results_of_runs<Statistic>(host::values_in<typename Statistic::element>(kernel, extent), n, out);
  }

  template <class Function>
  static void for_each(Size n, const Function& function) {
    if (n < 2 || omp_in_parallel()) {
      for (Size i = 0; i < n; ++i) function(i);
    } else {
      detail::FirstError failed;
      [[maybe_unused]] const Size some = n / (8 * omp_get_max_threads()), chunk = some < 1 ? 1 : (some > 16 ? 16 : some);
#pragma omp parallel for schedule(dynamic, chunk)
      for (Size i = 0; i < n; ++i) failed.guard(i, [&] { function(i); });
      failed.rethrow();
    }
  }
};

}  // namespace priel
