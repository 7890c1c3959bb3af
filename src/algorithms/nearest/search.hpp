// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which pairs of rows of x and y are within a limit: measured in register tiles, of which only what passes leaves the registers.
#pragma once

#include "bounds.hpp"

namespace priel::detail::PRIEL_ISA {

// Rows of y that are packed at a time: what stays in the second-level cache while rows of x pass.
template <class T>
std::int64_t nearest_block(const NearestTask<T>& task) {
  constexpr std::int64_t bytes = 640 << 10;
  const std::int64_t each = (task.d > 0 ? task.d : 1) * static_cast<std::int64_t>(sizeof(T) + sizeof(float));
  const std::int64_t most = round_up(bytes / each > 0 ? bytes / each : 1, pair_columns<float>);
  return least(most, round_up(task.m, pair_columns<float>));
}

template <class T>
std::int64_t nearest_scratch(const NearestTask<T>& task) {
  Arena arena(nullptr);
  arena.take<T>(nearest_block(task) * task.d);
  Bounds<T>(task, nearest_block(task), arena);
  return static_cast<std::int64_t>(arena.used());
}

// `rows` rows of x from i on against the packed rows first ... first + samples of y.
template <class T, int M>
void search_exactly(const NearestTask<T>& task, std::int64_t i, std::int64_t rows, const T* panels, std::int64_t first, std::int64_t samples) {
  const std::int64_t d = task.d;
  const Limits<T> limits{task.y_limit == nullptr ? nullptr : task.y_limit + first, samples};
  for (std::int64_t j = 0; j < samples; j += pair_columns<T>, panels += pair_columns<T> * d) {
    const PairBlock<T, M> block(d, task.x + i * d, rows, panels);
    unrolled<pair_vectors>([&](auto v) PRIEL_INLINED {
      const std::int64_t column = j + v * lanes<T>;
      if (column >= samples) return;
      const unsigned exist = samples - column < lanes<T> ? (1u << (samples - column)) - 1 : ~0u;
      unrolled<pair_rows>([&](auto r) PRIEL_INLINED {
        if (r >= rows) return;
        const unsigned for_x = within(block.sum[r][v], all<T>(task.x_limit[i + r])) & exist, for_y = within(block.sum[r][v], limits.from(column));
        if ((for_x | for_y) == 0) return;
        alignas(PRIEL_VECTOR_BYTES) T measure[lanes<T>];
        at(measure) = block.sum[r][v];
        for (unsigned bits = for_x | for_y; bits != 0; bits &= bits - 1) {
          const int lane = __builtin_ctz(bits);
          task.take(task.found, i + r, first + column + lane, measure[lane], (for_x >> lane & 1) != 0, (for_y >> lane & 1) != 0);
        }
      });
    });
  }
}

template <class T, int M>
void search_all(const NearestTask<T>& task, void* scratch) {
  Arena arena(scratch);
  const std::int64_t block = nearest_block(task), d = task.d;
  T* const panels = arena.take<T>(block * d);
  [[maybe_unused]] Bounds<T> bounds(task, block, arena);
  for (std::int64_t first = 0; first < task.m; first += block) {
    const std::int64_t samples = least(block, task.m - first);
    bool packed = false;
    const auto exactly = [&](std::int64_t i, std::int64_t rows) {
      if (!packed) pack_panels<T, pair_columns<T>>(task.y + first * d, d, 1, samples, d, panels);
      packed = true;
      search_exactly<T, M>(task, i, rows, panels, first, samples);
    };
    if constexpr (M == squared) {
      bounds.pack(first, samples);
      for (std::int64_t i = 0; i < task.n; i += bound_rows) {
        const std::int64_t rows = least(bound_rows, task.n - i);
        if (bounds.search(i, rows)) continue;
        for (std::int64_t r = 0; r < rows; r += pair_rows) exactly(i + r, least(pair_rows, rows - r));
      }
    } else {
      for (std::int64_t i = 0; i < task.n; i += pair_rows) exactly(i, least(pair_rows, task.n - i));
    }
  }
}

template <class T>
void search(const NearestTask<T>& task, void* scratch) {
  with_measure(task.metric, [&](auto metric) { search_all<T, decltype(metric)::value>(task, scratch); });
}

}  // namespace priel::detail::PRIEL_ISA
