// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Packing of a series into panels and all its squared distances: exactly symmetric, exactly 0 for duplicates.
#pragma once

#include "workspace.hpp"

namespace priel::detail::PRIEL_ISA {

// Whether all values are multiples of one power of two so large that float sums their squared differences without rounding:
// small integers, counts, levels of grey.
inline bool on_grid(const Workspace<float>& w, float largest_value) {
  const std::int64_t d = w.task.d;
  if (largest_value == 0) return true;
  // d (2 largest / quantum)² <= 2^24.
  float quantum = 0x1p-24F;
  while (static_cast<double>(d) * 4 * largest_value * largest_value > 0x1p24 * quantum * quantum) quantum *= 2;
  const float inverse = 1 / quantum;
  for (std::int64_t i = 0; i < w.n; ++i) {
    const float* row = w.x + w.sample[i] * d;
    int off = 0;
    for (std::int64_t f = 0; f < d; ++f) {
      const float multiple = row[f] * inverse;
      off |= multiple + 0x1.8p23F - 0x1.8p23F != multiple;
    }
    if (off) return false;
  }
  return true;
}
inline bool on_grid(const Workspace<double>&, double) { return true; }  // there is nothing more exact than double

// Finds the samples whose values are all finite and copies them into panels, the last one filled up with zeros. Returns
// false if squared differences might overflow or underflow T.
template <class T>
bool pack(Workspace<T>& w, const T* x) {
  w.x = x;
  using Bits = BitsOf<T>;
  const std::int64_t d = w.task.d;
  const Bits magnitude = ~(Bits{1} << (8 * sizeof(T) - 1));
  Bits largest_bits = 0;
  std::int64_t n = 0;
  for (std::int64_t i = 0; i < w.task.n; ++i) {
    const T* row = x + i * d;
    Bits bits = 0;
    for (std::int64_t f = 0; f < d; ++f) {
      const Bits value = bits_of(row[f]) & magnitude;
      bits = value > bits ? value : bits;
    }
    if (bits >= Number<T>::infinite) continue;
    largest_bits = bits > largest_bits ? bits : largest_bits;
    w.sample[n++] = static_cast<std::int32_t>(i);
  }
  w.n = n;

  T scale = 1;
  const T largest_value = number_of<T>(largest_bits);
  if constexpr (sizeof(T) == sizeof(float)) {
    if (largest_value != 0 && (largest_value > 0x1p40F || largest_value < 0x1p-20F)) return false;
  } else if (largest_value > 0x1p400) {
    scale = 0x1p-600;  // the scores do not depend on the scale, and a power of two is exact
  } else if (largest_value < 0x1p-400) {
    scale = 0x1p600;
  }
  w.exact = on_grid(w, largest_value);
  w.near = sizeof(T) == sizeof(float) ? T{1} + static_cast<T>(d + 4) * Number<T>::epsilon : T{1} + 8 * Number<T>::epsilon;

  for (std::int64_t i = 0; i < round_up(n, lanes<T>); ++i) {
    T* to = w.panels + i / lanes<T> * d * lanes<T> + i % lanes<T>;
    if (i < n) {
      const T* row = x + w.sample[i] * d;
      for (std::int64_t f = 0; f < d; ++f) to[f * lanes<T>] = row[f] * scale;
    } else {
      for (std::int64_t f = 0; f < d; ++f) to[f * lanes<T>] = 0;
    }
  }
  return true;
}

// How many samples' rows a register block holds.
template <class T>
constexpr int block_rows = lanes<T> < 4 ? lanes<T> : 4;

// Stores rows of `block_rows` vectors as columns: element (row, lane) goes to to[lane * lanes + row].
template <class T>
PRIEL_INLINE void store_transposed(const Vec<T>* row, T* to) {
  constexpr int rows = block_rows<T>, pieces = lanes<T> / rows;
  constexpr AllLanes<T> every;
  Vec<T> zipped[rows];
  if constexpr (rows == 4) {
    const Vec<T> even_low = zip_low<T>(row[0], row[2], every), even_high = zip_high<T>(row[0], row[2], every);
    const Vec<T> odd_low = zip_low<T>(row[1], row[3], every), odd_high = zip_high<T>(row[1], row[3], every);
    zipped[0] = zip_low<T>(even_low, odd_low, every);
    zipped[1] = zip_high<T>(even_low, odd_low, every);
    zipped[2] = zip_low<T>(even_high, odd_high, every);
    zipped[3] = zip_high<T>(even_high, odd_high, every);
  } else {
    zipped[0] = zip_low<T>(row[0], row[1], every);
    zipped[1] = zip_high<T>(row[0], row[1], every);
  }
  struct Piece { T value[rows]; };
  for (int part = 0; part < rows; ++part)
    for (int piece = 0; piece < pieces; ++piece)
      __builtin_memcpy(to + (part * pieces + piece) * lanes<T>, reinterpret_cast<const T*>(&zipped[part]) + piece * rows,
                       sizeof(Piece));
}

// Samples i .. i + block_rows to the samples of `Panels` panels from the panel p on, and the mirror images.
template <class T, int Panels>
PRIEL_INLINE void distance_block(const Workspace<T>& w, std::int64_t i, std::int64_t p) {
  constexpr int rows = block_rows<T>;
  const std::int64_t d = w.task.d, panel = d * lanes<T>, height = round_up(w.n, lanes<T>);
  const T* mine = w.panels + i / lanes<T> * panel + i % lanes<T>;
  const T* theirs = w.panels + p * panel;
  Vec<T> sum[Panels][rows] = {};
  for (std::int64_t f = 0; f < d; ++f) {
    Vec<T> other[Panels];
    for (int v = 0; v < Panels; ++v) other[v] = at(theirs + v * panel + f * lanes<T>);
    for (int r = 0; r < rows; ++r) {
      const T value = mine[f * lanes<T> + r];
      for (int v = 0; v < Panels; ++v) {
        const Vec<T> difference = other[v] - value;
        sum[v][r] += difference * difference;
      }
    }
  }
  for (int v = 0; v < Panels; ++v) {
    for (int r = 0; r < rows; ++r) at(w.squared + ((p + v) * height + i + r) * lanes<T>) = sum[v][r];
    if (p + v != i / lanes<T>)
      store_transposed<T>(sum[v], w.squared + (i / lanes<T> * height + (p + v) * lanes<T>) * lanes<T> + i % lanes<T>);
  }
}

// Fills w.squared. Each distance is the sum over the features in their order, whichever sample comes first, so the result
// is symmetric bit for bit.
template <class T>
void squared_distances(const Workspace<T>& w) {
  constexpr int most = lanes<T> * sizeof(T) == 64 ? 4 : 2;
  for (std::int64_t i = 0; i < w.n; i += block_rows<T>) {
    std::int64_t p = i / lanes<T>;
    const std::int64_t end = w.panel_count();
    for (; p + most <= end; p += most) distance_block<T, most>(w, i, p);
    if constexpr (most == 4) {
      if (end - p == 3) distance_block<T, 3>(w, i, p);
      else if (end - p == 2) distance_block<T, 2>(w, i, p);
    }
    if (end - p == 1) distance_block<T, 1>(w, i, p);
  }
}

}  // namespace priel::detail::PRIEL_ISA
