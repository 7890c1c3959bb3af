// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Scratch memory of a ClusterTask: the centroids, moved to around 0, as rows and in panels, and a few rows of x at a time.
#pragma once

#include "task.hpp"
#include "../nearest/lanes.hpp"

namespace priel::detail::PRIEL_ISA {

// Registers for sums of products; the vectors of centroids and the rows of x that they are of. Wide: two neighbouring lanes are features
// of one centroid, where there are too few to fill a vector.
#if PRIEL_VECTOR_BYTES == 64
inline constexpr int many_rows = 12, few_rows = 6, most_vectors = 4, vectors_of_many_rows = 2;
#else
inline constexpr int many_rows = 8, few_rows = 4, most_vectors = 2, vectors_of_many_rows = 1;
#endif

template <class T>
struct Clusters {
  const ClusterTask<T>& task;
  std::int64_t length;    // of a row here: d, rounded up to whole vectors with zeros
  int wide;               // 1 or 0
  std::int64_t vectors;   // of centroids
  int rows;               // of x at a time
  T* origin;              // [length] about the mean of the centroids
  T* centroids;           // (k, length) less the origin
  T* panels;              // the same: vectors of centroids for each feature, most_vectors side by side
  T* half_norm;           // [vectors], in both lanes of a centroid; infinite in lanes without one
  T* x;                   // (rows, length) less the origin
  T* score;               // (rows, vectors): x c - c c / 2, largest for the nearest; if wide, two rows to a vector, lane by lane
  T* sums;                // (k, length)
  std::int64_t* counts;   // [k]
  T norm = 0;             // of the largest of them

  Clusters(const ClusterTask<T>& of, T* scratch) : task(of) {
    length = round_up(of.d, lanes<T>);
    wide = sizeof(T) == sizeof(float) && 2 * of.k <= lanes<T> ? 1 : 0;
    vectors = wide ? 1 : round_up(of.k, lanes<T>) / lanes<T>;
    rows = vectors <= vectors_of_many_rows ? many_rows : few_rows;
    const auto take = [&](std::int64_t count) {
      T* const begin = scratch;
      scratch += round_up(count, lanes<T>);
      return begin;
    };
    origin = take(length);
    centroids = take(of.k * length);
    panels = take(vectors * lanes<T> * length);
    half_norm = take(vectors * lanes<T>);
    x = take(rows * length);
    score = take(rows * vectors * lanes<T>);
    sums = take(of.k * length);
    counts = reinterpret_cast<std::int64_t*>(take(of.k * static_cast<std::int64_t>(sizeof(std::int64_t) / sizeof(T))));
    end = scratch;
  }
  std::int64_t elements(const T* scratch) const { return end - scratch; }

  // Where the panel of a tile begins whose first vector is `v`.
  T* panel(std::int64_t v) const { return panels + v * lanes<T> * length; }
  std::int64_t in_tile(std::int64_t v) const { return least(rows == many_rows ? vectors_of_many_rows : most_vectors, vectors - v); }

  // The same distances whatever the data's origin is, and products that are no larger than they must be.
  void fill() {
    const std::int64_t d = task.d, k = task.k;
    for (std::int64_t f = 0; f < length; ++f) origin[f] = f < d ? origin_of(task.centroids + f) : T{0};
    for (std::int64_t e = 0; e < vectors * lanes<T>; ++e) half_norm[e] = Number<T>::infinity;
    for (std::int64_t e = 0; e < vectors * lanes<T> * length; ++e) panels[e] = 0;
    for (std::int64_t e = 0; e < k * length; ++e) sums[e] = 0;
    for (std::int64_t e = 0; e < rows * length; ++e) x[e] = 0;
    for (std::int64_t j = 0; j < k; ++j) counts[j] = 0;
    const std::int64_t each = 1 + wide;   // lanes
    T largest = 0;
    for (std::int64_t j = 0; j < k; ++j) {
      const std::int64_t lane = j * each, v = lane / lanes<T>, first = v / in_tile(0) * in_tile(0), width = in_tile(first) * lanes<T>;
      T square = 0;
      for (std::int64_t f = 0; f < length; ++f) {
        const T value = f < d ? task.centroids[j * d + f] - origin[f] : T{0};
        centroids[j * length + f] = value;
        panel(first)[f / each * width + lane - first * lanes<T> + f % each] = value;
        square += value * value;
      }
      half_norm[lane] = half_norm[lane + wide] = square / 2;
      largest = square > largest ? square : largest;
    }
    norm = square_root(largest);
  }

 private:
  // The mean of one feature, but not so far beyond the value nearest to 0 that differences near that one lose digits, as beside an outlier.
  T origin_of(const T* value) const {
    T mean = 0, lower = *value, upper = *value;
    for (std::int64_t j = 0; j < task.k; ++j, value += task.d) {
      mean += *value / static_cast<T>(task.k);
      lower = *value < lower ? *value : lower;
      upper = *value > upper ? *value : upper;
    }
    const T most = lower > 0 ? 2 * lower : T{0}, least = upper < 0 ? 2 * upper : T{0};
    return mean > most ? most : mean < least ? least : mean;
  }

  T* end;
};

template <class T>
std::int64_t scratch_for(const ClusterTask<T>& task) { return Clusters<T>(task, nullptr).elements(nullptr); }

}  // namespace priel::detail::PRIEL_ISA
