// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Reductions on the Host backend: one pass over the values of a kernel for several statistics.
#pragma once

#include <priel/backend/reduce_passes.hpp>
#include <priel/backend/streams.hpp>

namespace priel::host {

// Memory that a kernel reads in the order of the box, as it is; null for all others.
template <class T, class Kernel, int Root>
const T* memory_of(const Kernel&, const Shape<Root>&) { return nullptr; }
template <class T, int Root>
const T* memory_of(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) {
  const Index<Root> strides = strides_of(extent);
  for (int a = 0; a < Root; ++a)
    if (extent[a] != 1 && leaf.stride[a] != strides[a]) return nullptr;
  return leaf.data;
}

template <class T, class Kernel, int Root>
void stage(void* stream, Size begin, int n, T* out) {
  store(static_cast<Stream<Kernel, Root>*>(stream)->run(begin, n), out, n);
}

// f(source, first, last, thread) on every thread, for its units of `units`.
template <class T, class Kernel, int Root, class F>
void on_threads(const Kernel& kernel, const Shape<Root>& extent, Size units, int threads, F&& f) {
  parallel_tiles(units, threads, [&](Size first, Size last, int thread) {
    if (const T* memory = host::memory_of<T>(kernel, extent)) f(Source<T>(memory, nullptr, nullptr), first, last, thread);
    else {
      Stream<Kernel, Root> stream(kernel, extent);
      f(Source<T>(nullptr, &stream, &host::stage<T, Kernel, Root>), first, last, thread);
    }
  });
}

template <class Kernel, int Root, class First, class... Rest>
void reduce(const Kernel& kernel, const Shape<Root>& extent, First first, Rest... rest) {
  using T = typename First::element;
  const Size n = extent.size(), tiles = (n + tile - 1) / tile;
  const Size states = (first.size() + ... + rest.size());
  const Size copies_pay = grain + states / tile * 8;   // a copy of the states must cost less than it saves
  const auto run = [&](auto pass, int threads) {
    if (pass.copies(threads)) {
      first.divide(threads);
      (rest.divide(threads), ...);
    }
    on_threads<T>(kernel, extent, pass.units(), threads, [&](Source<T> source, Size begin, Size end, int thread) {
      pass.run(source, begin, end, thread, first, rest...);
    });
    first.merge();
    (rest.merge(), ...);
  };
  if constexpr (First::closed && (Rest::closed && ...)) {
    // Over the same axes: the states are walked in the order that suits them.
    if (const Index<Root>* stride = common_stride<Root>(first, rest...)) {
      if (const Layout<Root> layout(extent, *stride); layout.regular) {
        share_work(first, rest...);
        const int threads = threads_for(tiles, layout.distinct ? grain : copies_pay);
        if (!layout.columns) return run(RunsPass<Root>(layout, n), threads);
        if (layout.inner * layout.outer >= ColumnsPass<Root>::least) return run(ColumnsPass<Root>(layout), threads);
        unshare_work(first, rest...);
      }
    }
  }
  run(TilesPass<Root>{extent, tiles}, threads_for(tiles, copies_pay));
}

}  // namespace priel::host
