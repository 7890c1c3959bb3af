// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Limits to begin with: how near the k-th neighbour is at most, as a few of the samples tell, so that few pairs pass before it is found.
#pragma once

#include "lanes.hpp"
#include "../workspace.hpp"

namespace priel::detail::PRIEL_ISA {

// Each group of samples shows its nearest one: the k + 1 nearest of these, of which one may be the row itself.
template <class T>
std::int64_t seed_groups(const SeedTask<T>& task) { return least(round_up(4 * (task.k + 1), pair_columns<T>), round_up(task.m, pair_columns<T>)); }

template <class T>
std::int64_t seed_scratch(const SeedTask<T>& task) {
  Arena arena(nullptr);
  arena.take<T>(round_up(task.m, pair_columns<T>) * task.d);
  arena.take<T>(pair_rows * seed_groups(task));
  return static_cast<std::int64_t>(arena.used());
}

// At least `count` of the numbers (none is negative or NaN) are no larger; nearly the least such limit; infinity if there are too few.
template <class T>
T enough(const T* numbers, std::int64_t size, std::int64_t count) {
  constexpr int steps = sizeof(T) == 4 ? 20 : 23;   // to a few thousandths
  BitsOf<T> below = 0, above = Number<T>::infinite;
  for (int step = 0; step < steps; ++step) {
    const BitsOf<T> middle = below + (above - below) / 2;
    const Vec<T> limit = all<T>(number_of<T>(middle));
    std::int64_t found = 0;
    for (std::int64_t i = 0; i < size; i += lanes<T>) found += __builtin_popcount(within(at(numbers + i), limit));
    (found >= count ? above : below) = middle;
  }
  return number_of<T>(above);
}

template <class T, int M>
void seed(const SeedTask<T>& task, void* scratch) {
  Arena arena(scratch);
  const std::int64_t d = task.d, groups = seed_groups(task), whole = task.m / pair_columns<T> * pair_columns<T>;
  T* const panels = arena.take<T>(round_up(task.m, pair_columns<T>) * d);
  T* const nearest = arena.take<T>(pair_rows * groups);
  pack_panels<T, pair_columns<T>>(task.y, d, 1, whole, d, panels);   // a last panel that is not full is left out
  for (std::int64_t i = 0; i < task.n; i += pair_rows) {
    const std::int64_t rows = least(pair_rows, task.n - i);
    for (std::int64_t group = 0; group < groups; group += pair_columns<T>) {
      Vec<T> least_of[pair_rows][pair_vectors];
      unrolled<pair_rows>([&](auto r) PRIEL_INLINED { unrolled<pair_vectors>([&](auto v) PRIEL_INLINED { least_of[r][v] = all<T>(Number<T>::infinity); }); });
      for (std::int64_t j = group; j < whole; j += groups) {
        const PairBlock<T, M> block(d, task.x + i * d, rows, panels + j * d);
        unrolled<pair_rows>([&](auto r) PRIEL_INLINED {   // NaN is not kept
          unrolled<pair_vectors>([&](auto v) PRIEL_INLINED { least_of[r][v] = min_of<T>(block.sum[r][v], least_of[r][v]); });
        });
      }
      unrolled<pair_rows>([&](auto r) PRIEL_INLINED {
        unrolled<pair_vectors>([&](auto v) PRIEL_INLINED { at(nearest + r * groups + group + v * lanes<T>) = least_of[r][v]; });
      });
    }
    for (std::int64_t r = 0; r < rows; ++r) task.limit[i + r] = enough<T>(nearest + r * groups, groups, task.k + 1);
  }
}

template <class T>
void seed(const SeedTask<T>& task, void* scratch) {
  with_measure(task.metric, [&](auto metric) { seed<T, decltype(metric)::value>(task, scratch); });
}

}  // namespace priel::detail::PRIEL_ISA
