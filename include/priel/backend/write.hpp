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

template <class Stream, class T>
void write_panel(Stream& stream, const Panel& panel, T* out) {
  stream.enter(panel);
  for (int r = 0; r < panel.rows; ++r) {
    const Size begin = panel.begin + r * panel.step;
    write_run(stream, begin, panel.columns, out + begin);
  }
}

}  // namespace priel::host
