// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How a Host loop writes its target: run by run, past the cache where the target is larger than it.
#pragma once

#include <priel/backend/streams.hpp>

#include <cstdint>

namespace priel::host {

// Targets of this size are written past the cache, which spares reading what is overwritten; smaller ones are likely read again from it.
inline constexpr Size streamed_bytes = Size{16} << 20;

// The values of a run. The last ones of an array are computed in padding of their own.
template <class Stream, class T>
void write_run(Stream& stream, Size begin, int n, T* out) {
  if (n % grid == 0) return store(stream.run(begin, n), out, n);
  alignas(64) T values[tile];
  store(stream.run(begin, n), values, n);
  std::memcpy(static_cast<void*>(out), values, static_cast<std::size_t>(n) * sizeof(T));
}

// Tiles [first, last) of n elements.
template <Cache Through, class Stream, class T>
void write_tiles(Stream& stream, Size first, Size last, Size n, T* out) {
  const Size begin = first * tile, end = last * tile < n ? last * tile : n / tile * tile;
  const Size step = stream.direct() && end > begin ? end - begin : tile;
  for (Size at = begin; at < end; at += step) store<Through>(stream.run(at, step), out + at, step);
  if (last * tile > n) write_run(stream, end, static_cast<int>(n - end), out + end);
  if constexpr (Through == Cache::passed) end_of_streaming();
}

// Kernels of memory and constants alone. Where all memory follows the box from element to element, which is most statements, they need no
// streams: small arrays are evaluated in less time than those are made.
template <class Kernel>
struct Flat {
  static constexpr bool possible = false;
};
template <class T, int Root>
struct Flat<kernel::Strided<T, Root>> {
  static constexpr bool possible = true;
  using Lane = MemoryLane<T>;
  static bool holds(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent, bool beyond) {
    Size step = 1;
    bool flat = leaf.slack || !beyond;
    for (int a = Root - 1; a >= 0; --a) {
      flat = flat && (leaf.stride[a] == step || extent[a] == 1);
      step *= extent[a];
    }
    return flat;
  }
  static Lane lane(const kernel::Strided<T, Root>& leaf) { return {leaf.data}; }
};
template <class T>
struct Flat<kernel::Constant<T>> {
  static constexpr bool possible = true;
  using Lane = ConstantLane<T>;
  template <int Root>
  static bool holds(const kernel::Constant<T>&, const Shape<Root>&, bool) { return true; }
  static Lane lane(const kernel::Constant<T>& constant) { return {constant.value}; }
};
template <>
struct Flat<kernel::Pack<>> {
  static constexpr bool possible = true;
  template <int Root>
  static bool holds(const kernel::Pack<>&, const Shape<Root>&, bool) { return true; }
  static kernel::Pack<> lane(const kernel::Pack<>&) { return {}; }
};
template <class Head, class... Tail>
  requires(Flat<Head>::possible && Flat<kernel::Pack<Tail...>>::possible)
struct Flat<kernel::Pack<Head, Tail...>> {
  static constexpr bool possible = true;
  template <int Root>
  static bool holds(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent, bool beyond) {
    return Flat<Head>::holds(kernels.head, extent, beyond) && Flat<kernel::Pack<Tail...>>::holds(kernels.tail, extent, beyond);
  }
  static kernel::Pack<typename Flat<Head>::Lane, typename Flat<Tail>::Lane...> lane(const kernel::Pack<Head, Tail...>& kernels) {
    return {Flat<Head>::lane(kernels.head), Flat<kernel::Pack<Tail...>>::lane(kernels.tail)};
  }
};
template <class Operator, class... Kernels>
  requires(Flat<kernel::Pack<Kernels...>>::possible && !Staged<Operator, Kernels...>)
struct Flat<kernel::Apply<Operator, Kernels...>> {
  static constexpr bool possible = true;
  using Lane = OperatorLane<Operator, typename Flat<Kernels>::Lane...>;
  template <int Root>
  static bool holds(const kernel::Apply<Operator, Kernels...>& apply, const Shape<Root>& extent, bool beyond) {
    return Flat<kernel::Pack<Kernels...>>::holds(apply.kernels, extent, beyond);
  }
  static Lane lane(const kernel::Apply<Operator, Kernels...>& apply) { return {Flat<kernel::Pack<Kernels...>>::lane(apply.kernels)}; }
};

template <class Stream, class T>
void write_panel(Stream& stream, const Panel& panel, T* out) {
  stream.enter(panel);
  for (int r = 0; r < panel.rows; ++r) {
    const Size begin = panel.begin + r * panel.step;
    write_run(stream, begin, panel.columns, out + begin);
  }
}

}  // namespace priel::host
