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

// The largest bit pattern of `count` magnitudes: of a value that is not finite, if there is one.
template <class T>
BitsOf<T> largest_magnitude(const T* x, std::int64_t count) {
  constexpr BitsOf<T> magnitude = static_cast<BitsOf<T>>(~(typename Number<T>::Unsigned{1} << (8 * sizeof(T) - 1)));
  BitsOf<T> largest = 0;
  for (std::int64_t e = 0; e < count; ++e) {
    const BitsOf<T> bits = bits_of(x[e]) & magnitude;
    largest = bits > largest ? bits : largest;
  }
  return largest;
}

// Fills w.sample and w.n with the samples whose values are all finite; returns the largest magnitude among them.
template <class T>
T find_finite(Workspace<T>& w) {
  BitsOf<T> largest = largest_magnitude(w.x, w.task.n * w.task.d);
  w.n = w.task.n;
  if (largest < Number<T>::infinite) {
    for (std::int64_t i = 0; i < w.n; ++i) w.sample[i] = static_cast<std::int32_t>(i);
    return number_of<T>(largest);
  }
  w.n = 0;
  largest = 0;
  for (std::int64_t i = 0; i < w.task.n; ++i) {
    const BitsOf<T> bits = largest_magnitude(w.x + i * w.task.d, w.task.d);
    if (bits >= Number<T>::infinite) continue;
    largest = bits > largest ? bits : largest;
    w.sample[w.n++] = static_cast<std::int32_t>(i);
  }
  return number_of<T>(largest);
}

// Copies the samples from `first` on into their panel, the rest of which becomes 0.
template <class T>
void fill_panel(const Workspace<T>& w, std::int64_t first, T scale) {
  const std::int64_t d = w.task.d;
  T* to = w.panels + first * d;
  std::int64_t f = 0;
  if (w.n - first >= lanes<T>) {
    const T* row[lanes<T>];
    for (int lane = 0; lane < lanes<T>; ++lane) row[lane] = w.x + w.sample[first + lane] * d;
    for (; f + lanes<T> <= d; f += lanes<T>) {
      Vec<T> tile[lanes<T>];
      for (int lane = 0; lane < lanes<T>; ++lane) {
        __builtin_memcpy(&tile[lane], row[lane] + f, sizeof(Vec<T>));
        tile[lane] *= scale;
      }
      transpose<T>(tile);
      for (int lane = 0; lane < lanes<T>; ++lane) at(to + (f + lane) * lanes<T>) = tile[lane];
    }
  }
  for (int lane = 0; lane < lanes<T>; ++lane)
    for (std::int64_t g = f; g < d; ++g)
      to[g * lanes<T> + lane] = first + lane < w.n ? w.x[w.sample[first + lane] * d + g] * scale : T{0};
}

// Finds the samples whose values are all finite and copies them into panels, the last one filled up with zeros. Returns
// false if squared differences might overflow or underflow T.
template <class T>
bool pack(Workspace<T>& w, const T* x) {
  w.x = x;
  T scale = 1;
  const T largest_value = find_finite(w);
  if constexpr (sizeof(T) == sizeof(float)) {
    if (largest_value != 0 && (largest_value > 0x1p40F || largest_value < 0x1p-20F)) return false;
  } else if (largest_value > 0x1p400) {
    scale = 0x1p-600;  // the scores do not depend on the scale, and a power of two is exact
  } else if (largest_value < 0x1p-400) {
    scale = 0x1p600;
  }
  w.exact = on_grid(w, largest_value);
  w.near = sizeof(T) == sizeof(float) ? T{1} + static_cast<T>(w.task.d + 4) * Number<T>::epsilon : T{1} + 8 * Number<T>::epsilon;
  for (std::int64_t first = 0; first < w.n; first += lanes<T>) fill_panel(w, first, scale);
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
