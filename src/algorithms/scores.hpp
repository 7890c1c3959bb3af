// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LOF (Breunig et al. 2000) and LoOP (Kriegel et al. 2009) from neighbours, for all k of a sweep.
#pragma once

#include "aggregate.hpp"
#include "sweeps.hpp"

namespace priel::detail::PRIEL_ISA {

// Leaves the scores in table[3].
template <class T>
void local_outlier_factors(const Workspace<T>& w) {
  T *mean_reach = w.table[1], *density = w.table[2], *score = w.table[3];
  sweep<T, Term::reach>(w, w.table[0], [&](std::int64_t i, std::int64_t column, Vec<T> sum) __attribute__((always_inline)) {
    const std::int64_t at_row = i * w.stride + column;
    const Vec<T> mean = sum * at(w.inverse + at_row);
    at(mean_reach + at_row) = mean;
    at(density + at_row) = T{1} / mean;
  });
  sweep<T, Term::value>(w, density, [&](std::int64_t i, std::int64_t column, Vec<T> sum) __attribute__((always_inline)) {
    const std::int64_t at_row = i * w.stride + column;
    const Vec<T> mean = at(mean_reach + at_row);
    // An own density that is infinite gives 1; a neighbour's makes the sum infinite by itself.
    at(score + at_row) = mean == T{0} ? all<T>(1) : sum * at(w.inverse + at_row) * mean;
  });
}

// PLOF = own / mean - 1, the mean being that of the neighbours' standard distances. `excess` is the mean of the same less the
// own, by which nothing cancels where all are nearly equal; what still differs from 0 by rounding is 0, lest the normalisation
// blow it up.
template <class T>
PRIEL_INLINE Vec<T> plof(Vec<T> own, Vec<T> excess) {
  constexpr T rounding = 4 * Number<T>::epsilon;
  const Vec<T> value = -excess / (own + excess);
  const Vec<T> settled = value > -rounding ? (value < rounding ? Vec<T>{} : value) : value;
  return own > T{0} ? settled : (excess > T{0} ? all<T>(-1) : Vec<T>{});
}

// The same where the mean is much the smaller, and comes from the sum itself: +inf where it is 0.
template <class T>
PRIEL_INLINE Vec<T> large_plof(Vec<T> own, Vec<T> mean) {
  return mean > T{0} ? own / mean - T{1} : all<T>(Number<T>::infinity);
}

// Divides by nPLOF times the root of 2, for E[PLOF²] over all samples.
template <class T>
void normalise_globally(const Workspace<T>& w, const T* value, T* ratio) {
  for (std::int64_t c = 0; c < w.stride; c += lanes<T>) {
    Vec<T> sum{}, count{};
    for (std::int64_t i = 0; i < w.n; ++i) {
      const Vec<T> v = at(value + i * w.stride + c);
      const auto counts = v < Number<T>::infinity;
      sum += counts ? v * v : Vec<T>{};
      count += counts ? all<T>(1) : Vec<T>{};
    }
    const Vec<T> mean = sum / max_of<T>(count, all<T>(1));
    const Vec<T> factor = T{1} / (static_cast<T>(w.task.lambda * 1.4142135623730951) * square_root_of<T>(mean));
    at(w.factor + c) = mean > T{0} ? factor : Vec<T>{};
  }
  for (std::int64_t i = 0; i < w.n; ++i)
    for (std::int64_t c = 0; c < w.stride; c += lanes<T>) {
      const Vec<T> v = at(value + i * w.stride + c);
      at(ratio + i * w.stride + c) = v < Number<T>::infinity ? v * at(w.factor + c) : v;
    }
}

// The same over each sample's neighbourhood. Uses table[0] and table[2].
template <class T>
void normalise_locally(const Workspace<T>& w, const T* value, T* ratio) {
  T *square = w.table[2], *counted = w.table[0];
  for (std::int64_t e = 0; e < w.n * w.stride; e += lanes<T>) {
    const Vec<T> v = at(value + e);
    const auto counts = v < Number<T>::infinity;
    at(square + e) = counts ? v * v : Vec<T>{};
    at(counted + e) = counts ? all<T>(1) : Vec<T>{};
  }
  sweep<T, Term::value>(w, square, [&](std::int64_t i, std::int64_t column, Vec<T> sum) __attribute__((always_inline)) {
    at(ratio + i * w.stride + column) = sum;
  });
  sweep<T, Term::value>(w, counted, [&](std::int64_t i, std::int64_t column, Vec<T> count) __attribute__((always_inline)) {
    const std::int64_t at_row = i * w.stride + column;
    const Vec<T> mean = at(ratio + at_row) / max_of<T>(count, all<T>(1)), v = at(value + at_row);
    const Vec<T> scaled = v / (static_cast<T>(w.task.lambda * 1.4142135623730951) * square_root_of<T>(mean));
    const Vec<T> without = v > T{0} ? all<T>(Number<T>::infinity) : Vec<T>{};
    at(ratio + at_row) = v < Number<T>::infinity && mean > T{0} ? scaled : without;
  });
}

// Leaves PLOF / (nPLOF √2), whose error function is the score, in table[3].
template <class T>
void local_outlier_ratios(const Workspace<T>& w) {
  const T* standard = w.table[0];
  T* value = w.table[1];
  sweep<T, Term::difference>(w, standard, [&](std::int64_t i, std::int64_t column, Vec<T> sum) __attribute__((always_inline)) {
    const std::int64_t at_row = i * w.stride + column;
    const Vec<T> own = at(standard + at_row), excess = sum * at(w.inverse + at_row);
    const BitVec<T> small_mean = own <= T{-2} * excess;
    at(value + at_row) = plof<T>(own, excess);
    if (!any_of<T>(small_mean)) return;
    Vec<T> plain[1];
    sum_neighbours<T, Term::value, 1>(w, standard, i, column, plain);
    const Vec<T> large = large_plof<T>(own, plain[0] * at(w.inverse + at_row));
    at(value + at_row) = small_mean ? (own > T{0} ? large : at(value + at_row)) : at(value + at_row);
  });
  if (w.task.local) normalise_locally(w, value, w.table[3]);
  else normalise_globally(w, value, w.table[3]);
}

}  // namespace priel::detail::PRIEL_ISA
