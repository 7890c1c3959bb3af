// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The nearest centroid of each row: by products, and by differences where these do not decide.
#pragma once

#include "rows.hpp"

namespace priel::detail::PRIEL_ISA {

// `Width` neighbouring elements in all lanes, one behind the other.
template <class T, int Width>
PRIEL_INLINE Vec<T> repeated(const T* p) {
  if constexpr (Width == 1) return all<T>(*p);
  else {
    std::int64_t both;
    __builtin_memcpy(&both, p, sizeof both);
    return reinterpret_cast<Vec<T>>(both - Vec<std::int64_t>{});
  }
}
// The sums of neighbouring lanes: of a in the even lanes, of b in the odd ones.
template <class T, int... Is>
PRIEL_INLINE Vec<T> sums_of_pairs(Vec<T> a, Vec<T> b, std::integer_sequence<int, Is...>) {
  return __builtin_shufflevector(a, b, (Is % 2 * lanes<T> + Is)...) + __builtin_shufflevector(a, b, (Is % 2 * lanes<T> + (Is ^ 1))...);
}

// Scores of `Rows` rows and a tile of centroids. Meanwhile as much comes nearer from `ahead` on as these rows are.
template <class T, int Rows, int Vectors, int Width>
PRIEL_INLINE void score_tile(const Clusters<T>& c, std::int64_t v, const T* ahead) {
  constexpr int line = 64 / static_cast<int>(sizeof(T)), lines = (Rows * Width + line - 1) / line;
  const T* panel = c.panel(v);
  Vec<T> sum[Rows][Vectors] = {};
  for (std::int64_t f = 0; f < c.task.d; f += Width, panel += Vectors * lanes<T>) {
    if (ahead) unrolled<lines>([&](auto l) PRIEL_INLINED { __builtin_prefetch(ahead + f * Rows + l * line, 0, 2); });
    Vec<T> right[Vectors];
    unrolled<Vectors>([&](auto w) PRIEL_INLINED { right[w] = at(panel + w * lanes<T>); });
    unrolled<Rows>([&](auto r) PRIEL_INLINED {
      const Vec<T> left = repeated<T, Width>(c.x + r * c.length + f);
      unrolled<Vectors>([&](auto w) PRIEL_INLINED { sum[r][w] += left * right[w]; });
    });
  }
  if constexpr (Width == 2)
    unrolled<Rows / 2>([&](auto r) PRIEL_INLINED {
      at(c.score + r * lanes<T>) = sums_of_pairs<T>(sum[2 * r][0], sum[2 * r + 1][0], AllLanes<T>{}) - at(c.half_norm);
    });
  else
    unrolled<Rows>([&](auto r) PRIEL_INLINED {
      unrolled<Vectors>([&](auto w) PRIEL_INLINED {
        at(c.score + (r * c.vectors + v + w) * lanes<T>) = sum[r][w] - at(c.half_norm + (v + w) * lanes<T>);
      });
    });
}
// Of all that are left from vector v on, at most `Vectors` of them.
template <class T, int Rows, int Vectors, int Width>
void score_rest(const Clusters<T>& c, std::int64_t v, const T* ahead) {
  if (c.vectors - v >= Vectors) score_tile<T, Rows, Vectors, Width>(c, v, ahead);
  else if constexpr (Vectors > 1) score_rest<T, Rows, Vectors - 1, Width>(c, v, ahead);
}
template <class T, int Rows, int Most, int Width>
void score_rows(const Clusters<T>& c, const T* ahead) {
  for (std::int64_t v = 0; v < c.vectors; v += Most, ahead = nullptr) score_rest<T, Rows, Most, Width>(c, v, ahead);
}
template <class T>
void score_rows(const Clusters<T>& c, const T* ahead) {
  if (c.wide) return score_rows<T, many_rows, 1, sizeof(T) == sizeof(float) ? 2 : 1>(c, ahead);
  if (c.rows == many_rows) return score_rows<T, many_rows, vectors_of_many_rows, 1>(c, ahead);
  score_rows<T, few_rows, most_vectors, 1>(c, ahead);
}

// How much less than the largest a score may be and still be the nearest centroid's: the rounding of sums of d + 2 terms, of both.
template <class T>
T doubt(const Clusters<T>& c, T squares) { return static_cast<T>(c.task.d + 4) * Number<T>::epsilon * (square_root(squares) + c.norm) * c.norm; }

// Row r's scores among those of a vector, as bits of lanes, and whose they are.
template <class T>
PRIEL_INLINE const T* scores_of(const Clusters<T>& c, std::int64_t r) { return c.score + (c.wide ? r / 2 : r * c.vectors) * lanes<T>; }
template <class T>
PRIEL_INLINE unsigned lanes_of(const Clusters<T>& c, std::int64_t r) { return c.wide ? 0x55555555U << (r % 2) : ~0U; }

// Of the centroids whose scores are not below the limit the one that is nearest to row r of c.x, by differences, the first of those that are as near.
template <class T>
[[gnu::noinline]] std::int64_t nearest_of(const Clusters<T>& c, std::int64_t r, Vec<T> limit) {
  std::int64_t found = -1;
  T least = Number<T>::infinity;
  for (std::int64_t v = 0; v < c.vectors; ++v)
    for (unsigned near = within(limit, at(scores_of(c, r) + v * lanes<T>)) & lanes_of(c, r); near != 0; near &= near - 1) {
      const std::int64_t other = (v * lanes<T> + __builtin_ctz(near)) >> c.wide;
      if (other >= c.task.k) break;
      const T distance = squared_distance(c, r, other);
      if (distance < least) {
        least = distance;
        found = other;
      }
    }
  return found;
}

// The only centroid among these bits, or by differences.
template <class T>
PRIEL_INLINE std::int64_t only_one(const Clusters<T>& c, std::int64_t r, std::int64_t first, unsigned near, Vec<T> limit) {
  return near != 0 && (near & (near - 1)) == 0 ? (first + __builtin_ctz(near)) >> c.wide : nearest_of<T>(c, r, limit);
}

// The centroid that is nearest to row r of c.x; -1 if no distance is finite.
template <class T>
PRIEL_INLINE std::int64_t nearest(const Clusters<T>& c, std::int64_t r, T doubt) {
  const std::int64_t vectors = c.vectors;
  const T* score = c.score + r * vectors * lanes<T>;
  Vec<T> best = at(score);
  for (std::int64_t v = 1; v < vectors; ++v) best = max_of<T>(best, at(score + v * lanes<T>));
  const Vec<T> limit = all<T>(largest<T>(best) - doubt);
  if (vectors == 1) return only_one<T>(c, r, 0, within(limit, best), limit);
  unsigned near = 0;
  std::int64_t first = 0;
  for (std::int64_t v = 0; v < vectors; ++v) {
    const unsigned here = within(limit, at(score + v * lanes<T>));
    if (here == 0) continue;
    near = near == 0 ? here : ~0U;   // more than one
    first = v * lanes<T>;
  }
  return only_one<T>(c, r, first, near, limit);
}

// The same of rows r and r + 1, whose scores alternate.
template <class T, int Distance = lanes<T> / 2>
PRIEL_INLINE Vec<T> largest_of_both(Vec<T> a) {
  if constexpr (Distance < 2) return a;
  else return largest_of_both<T, Distance / 2>(max_of<T>(a, rotated<T, Distance>(a, AllLanes<T>{})));
}
template <class T>
PRIEL_INLINE void nearest_to_both(const Clusters<T>& c, std::int64_t r, T doubt, std::int64_t* found) {
  const Vec<T> score = at(scores_of(c, r)), limit = largest_of_both<T>(score) - doubt;
  const unsigned near = within(limit, score);
  found[0] = only_one<T>(c, r, 0, near & 0x55555555U, limit);
  found[1] = only_one<T>(c, r + 1, 0, near & 0xAAAAAAAAU, limit);
}

// c.sums to the totals: from time to time, so that they are sums of few terms.
template <class T>
void pour(const Clusters<T>& c) {
  for (std::int64_t j = 0; j < c.task.k; ++j)
    for (std::int64_t f = 0; f < c.task.d; ++f) {
      c.task.totals[j * (c.task.d + 1) + f] += static_cast<double>(c.sums[j * c.length + f]);
      c.sums[j * c.length + f] = 0;
    }
}

// The labels of the rows from i on, which are in c.x with the sum of their squares; how many are others than before.
template <class T>
std::int64_t label_rows(const Clusters<T>& c, std::int64_t i, int rows, T squares) {
  std::int64_t found[many_rows + 1];
  if (squares < Number<T>::infinity) {
    const T enough = doubt(c, squares);   // of all, so for each
    if (c.wide) for (int r = 0; r < rows; r += 2) nearest_to_both(c, r, enough, found + r);
    else for (int r = 0; r < rows; ++r) found[r] = nearest(c, r, enough);
  } else {
    for (int r = 0; r < rows; ++r) found[r] = squared_norm(c, r) < Number<T>::infinity ? nearest_of<T>(c, r, all<T>(-Number<T>::infinity)) : -1;
  }
  std::int64_t changed = 0;
  std::int64_t* const labels = c.task.labels + i;
  for (int r = 0; r < rows; ++r)
    if (found[r] != labels[r]) {
      labels[r] = found[r];
      ++changed;
    }
  if (c.task.distance)
    for (int r = 0; r < rows; ++r) c.task.distance[i + r] = found[r] < 0 ? Number<T>::nan : squared_distance(c, r, found[r]);
  return changed;
}

}  // namespace priel::detail::PRIEL_ISA
