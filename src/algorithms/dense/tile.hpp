// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The register tiles of matrix products, their operands packed into panels or where they lie (Goto and van de Geijn, Anatomy of
// high-performance matrix multiplication, 2008).
#pragma once

#include "task.hpp"
#include "../vectors.hpp"

#define PRIEL_INLINED __attribute__((always_inline))   // of a lambda: a sum that a call takes by reference would leave its registers

namespace priel::detail::PRIEL_ISA {

// A vector at any address.
template <class T>
struct LooseVectorOf {
  typedef T type __attribute__((vector_size(PRIEL_VECTOR_BYTES), __aligned__(sizeof(T)), __may_alias__));
};
template <class T>
PRIEL_INLINE Vec<T> load(const T* p) { return *reinterpret_cast<const typename LooseVectorOf<T>::type*>(p); }
template <class T>
PRIEL_INLINE void store(T* p, Vec<T> value) { *reinterpret_cast<typename LooseVectorOf<T>::type*>(p) = value; }

// The tile of c that stays in registers, and the blocks of the operands that stay in the caches. An element of c is a sum over k in
// its order, `depth` terms at a time, wherever the element lies: results do not depend on how a is cut into rows, nor b into columns
// but for a single one, which is summed as a row of dot products.
#if PRIEL_VECTOR_BYTES == 64
inline constexpr int tile_rows = 6, tile_vectors = 4;
#elif PRIEL_VECTOR_BYTES == 32
inline constexpr int tile_rows = 6, tile_vectors = 2;
#else
inline constexpr int tile_rows = 4, tile_vectors = 2;
#endif
template <class T>
inline constexpr std::int64_t tile_columns = tile_vectors * lanes<T>;
inline constexpr std::int64_t depth = 320;
inline constexpr std::int64_t height = 192;    // rows of a packed block of a: a multiple of tile_rows
inline constexpr std::int64_t breadth = 2048;  // columns of a packed block of b

inline std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// `lines` lines of `length` elements into panels of `width` lines side by side, the last one filled up with zeros
// to a multiple of `Unit` lines.
template <class T, int Width, int Unit = Width>
void pack_panels(const T* from, std::int64_t line, std::int64_t element, std::int64_t lines, std::int64_t length, T* to) {
  constexpr std::int64_t strip = 16;   // elements of a line at a time: what is written stays in the first-level cache
  for (std::int64_t first = 0; first < lines; first += Width, to += Width * length) {
    const std::int64_t here = least(Width, lines - first), filled = round_up(here, Unit);
    const T* source = from + first * line;
    if (here == Width && line == 1) {
      for (std::int64_t e = 0; e < length; ++e)
        for (int l = 0; l < Width; ++l) to[e * Width + l] = source[e * element + l];
    } else if (line == 1) {
      for (std::int64_t e = 0; e < length; ++e) {
        for (std::int64_t l = 0; l < here; ++l) to[e * Width + l] = source[e * element + l];
        for (std::int64_t l = here; l < filled; ++l) to[e * Width + l] = 0;
      }
    } else {
      for (std::int64_t begin = 0; begin < length; begin += strip) {
        const std::int64_t end = least(length, begin + strip);
        for (std::int64_t l = 0; l < here; ++l)
          for (std::int64_t e = begin; e < end; ++e) to[e * Width + l] = source[l * line + e * element];
        for (std::int64_t l = here; l < filled; ++l)
          for (std::int64_t e = begin; e < end; ++e) to[e * Width + l] = 0;
      }
    }
  }
}

// The first `count` lanes, in pieces of constant size.
template <class T, int Piece = lanes<T> / 2>
PRIEL_INLINE void store_first(T* to, const T* from, std::int64_t count) {
  if constexpr (Piece > 0) {
    const bool here = (count & Piece) != 0;
    if (here) __builtin_memcpy(to, from, Piece * sizeof(T));
    store_first<T, Piece / 2>(to + (here ? Piece : 0), from + (here ? Piece : 0), count);
  }
}

// The first `count` lanes of a vector to a row of c.
template <class T>
PRIEL_INLINE void store_part(T* to, Vec<T> value, std::int64_t count, bool add) {
  alignas(PRIEL_VECTOR_BYTES) T lane[lanes<T>];
  at(lane) = value;
  for (std::int64_t j = 0; add && j < count; ++j) lane[j] = to[j] + lane[j];
  store_first<T>(to, lane, count);
}

// Rows of a as a tile reads them: packed, elements of the tile's rows side by side, or where they lie, contiguous and `row` apart.
template <class T>
struct LeftRows {
  const T* data;
  std::int64_t row;
  bool packed;
};

// Columns of b as a tile reads them: the first `in_place` where they lie, rows `row` apart, the others packed, tile_columns side by side.
// Where all lie in place, the last tile reads past their end, but for the last row, of which it gets a copy, filled up.
template <class T>
struct RightColumns {
  const T* data;
  std::int64_t row, in_place;
  const T* packed;
  const T* last_row;
};

// One tile of c: `rows` x `columns` of it exist, at most tile_rows x Vectors * lanes, and of the last vector at least one lane.
template <class T, int Vectors, bool Packed>
PRIEL_INLINE void tile(std::int64_t k, const T* a, std::int64_t a_row, const T* b, std::int64_t b_row, const T* last, T* c, std::int64_t c_row,
                       std::int64_t rows, std::int64_t columns, bool add) {
  const T* row[tile_rows];
  unrolled<tile_rows>([&](auto r) PRIEL_INLINED {
    row[r] = a + (Packed ? std::int64_t{r} : r < rows ? r * a_row : 0);
    if (r < rows) unrolled<Vectors>([&](auto v) PRIEL_INLINED { __builtin_prefetch(c + r * c_row + v * lanes<T>, 1); });
  });
  Vec<T> sum[tile_rows][Vectors] = {};
  const auto term = [&](std::int64_t l, const T* from) PRIEL_INLINED {
    Vec<T> right[Vectors];
    unrolled<Vectors>([&](auto v) PRIEL_INLINED { right[v] = load(from + v * lanes<T>); });
    unrolled<tile_rows>([&](auto r) PRIEL_INLINED {
      const T left = row[r][Packed ? l * tile_rows : l];
      unrolled<Vectors>([&](auto v) PRIEL_INLINED { sum[r][v] += left * right[v]; });
    });
  };
  for (std::int64_t l = 0; l + 1 < k; ++l, b += b_row) term(l, b);
  term(k - 1, last);
  unrolled<tile_rows>([&](auto r) PRIEL_INLINED {
    if (r >= rows) return;
    unrolled<Vectors>([&](auto v) PRIEL_INLINED {
      T* to = c + r * c_row + v * lanes<T>;
      if (v + 1 == Vectors && columns < Vectors * lanes<T>) store_part<T>(to, sum[r][v], columns - v * lanes<T>, add);
      else store<T>(to, add ? load(to) + sum[r][v] : sum[r][v]);
    });
  });
}
template <class T, int Vectors>
PRIEL_INLINE void tile(std::int64_t k, const LeftRows<T>& a, std::int64_t i, const T* b, std::int64_t b_row, const T* last, T* c, std::int64_t c_row,
                       std::int64_t rows, std::int64_t columns, bool add) {
  if (a.packed) tile<T, Vectors, true>(k, a.data + i * k, 0, b, b_row, last, c, c_row, rows, columns, add);
  else tile<T, Vectors, false>(k, a.data + i * a.row, a.row, b, b_row, last, c, c_row, rows, columns, add);
}

}  // namespace priel::detail::PRIEL_ISA
