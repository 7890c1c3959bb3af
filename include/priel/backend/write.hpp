// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// How a Host loop writes its target: run by run, past the cache where the target is larger than it.
#pragma once

#include <priel/backend/streams.hpp>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace priel::host {

// Targets of this size are written past the cache: what is read next would not be found there anyway.
inline constexpr Size streamed_bytes = Size{32} << 20;

// The values of a run. The last ones of an array are computed in padding of their own.
template <class Stream, class T>
void write_run(Stream& stream, Size begin, int n, T* out) {
  if (n % grid == 0) return store(converted<T>(stream.run(begin, n)), out, n);
  alignas(64) T values[tile];
  store(converted<T>(stream.run(begin, n)), values, n);
  std::memcpy(static_cast<void*>(out), values, static_cast<std::size_t>(n) * sizeof(T));
}

template <class Stream, class T>
void write_tiles(Stream& stream, Size first, Size last, Size n, T* out) {
  for (Size t = first; t < last; ++t) {
    const Size begin = t * tile;
    write_run(stream, begin, n - begin < tile ? static_cast<int>(n - begin) : tile, out + begin);
  }
}

// Without reading the lines that are overwritten. `to` is aligned to a cache line.
[[gnu::noinline]] inline void stream_copy(void* to, const void* from, std::size_t bytes) {
#if defined(__SSE2__)
  auto* out = static_cast<__m128i*>(to);
  const auto* in = static_cast<const __m128i*>(from);
  for (std::size_t i = 0; i < bytes / sizeof(__m128i); ++i) _mm_stream_si128(out + i, in[i]);
#else
  std::memcpy(to, from, bytes);
#endif
}
inline void stream_end() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

template <class Stream, class T>
void stream_tiles(Stream& stream, Size first, Size last, Size n, T* out) {
  const bool aligned = reinterpret_cast<std::uintptr_t>(out) % 64 == 0;
  alignas(64) T values[tile];
  for (Size t = first; t < last; ++t) {
    const Size begin = t * tile;
    if (!aligned || n - begin < tile) write_tiles(stream, t, t + 1, n, out);
    else {
      store(converted<T>(stream.run(begin, tile)), values, tile);
      stream_copy(out + begin, values, sizeof(values));
    }
  }
  stream_end();
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
