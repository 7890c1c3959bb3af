// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statistics: what a reduction carries along, how two parts merge, and what comes out; the same on every backend.
#pragma once

#include <priel/element.hpp>
#include <priel/shape.hpp>

#include <cmath>
#include <limits>

namespace priel::statistic {

// A statistic over elements of type T: `state`, `result`, identity(), add(state, element), merge(state, state),
// value(state, n) with n the global count. A linear one (the value is a sum over the ranks) also has summand(state, n).

template <class T>
struct Sum {
  using element = T;
  using state = accumulate_type<T>;
  using result = sum_type<T>;
  static constexpr bool linear = true;
  static constexpr bool needs_elements = false;
  PRIEL_DEVICE static constexpr state identity() { return state{}; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s += static_cast<state>(x); }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { s += other; }
  static constexpr state summand(const state& s, Size) { return s; }
  static constexpr result value(const state& s, Size) { return static_cast<result>(s); }
};

// Over no elements NaN, as NumPy's.
template <class T>
struct Mean : Sum<T> {
  using state = std::conditional_t<kind_of<T> == Kind::complex, accumulate_type<T>, double>;
  using result = floating_type<T>;
  PRIEL_DEVICE static constexpr state identity() { return state{}; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s += static_cast<state>(x); }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { s += other; }
  static constexpr state summand(const state& s, Size n) { return s / static_cast<double>(n); }
  static constexpr result value(const state& s, Size n) { return static_cast<result>(s / static_cast<double>(n)); }
};

template <class T>
struct NotLinear {
  using element = T;
  static constexpr bool linear = false;
  static constexpr bool needs_elements = false;
};

// Count, mean and sum of squared deviations, merged pairwise (Chan, Golub, LeVeque 1983, eq. 2.1). Population variance (ddof 0).
template <class T>
struct Variance : NotLinear<T> {
  struct state {
    double n, mean, squares;
  };
  using result = floating_type<T>;
  PRIEL_DEVICE static constexpr state identity() { return {0, 0, 0}; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) {
    const double value = static_cast<double>(x), delta = value - s.mean;
    s.n += 1;
    s.mean += delta / s.n;
    s.squares += delta * (value - s.mean);
  }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) {
    if (other.n == 0) return;
    if (s.n == 0) {   // exactly, and also where the square of the mean leaves the range of double
      s = other;
      return;
    }
    const double n = s.n + other.n, delta = other.mean - s.mean;
    s.squares += other.squares + delta * delta * s.n * other.n / n;
    s.mean += delta * other.n / n;
    s.n = n;
  }
  static constexpr result value(const state& s, Size n) { return static_cast<result>(s.squares / static_cast<double>(n)); }
};

// A root of its own: that of each result, not of each element that meets it.
template <class T>
struct Stddev : Variance<T> {
  using result = typename Variance<T>::result;
  static result value(const typename Variance<T>::state& s, Size n) { return std::sqrt(Variance<T>::value(s, n)); }
};

template <class T>
struct Product : NotLinear<T> {
  using state = accumulate_type<T>;
  using result = sum_type<T>;
  PRIEL_DEVICE static constexpr state identity() { return state(1); }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s *= static_cast<state>(x); }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { s *= other; }
  static constexpr result value(const state& s, Size) { return static_cast<result>(s); }
};

// NaN wins.
template <class T>
struct Min : NotLinear<T> {
  using state = T;
  using result = T;
  static constexpr bool needs_elements = true;
  PRIEL_DEVICE static constexpr state identity() {
    if constexpr (std::numeric_limits<T>::has_infinity) return std::numeric_limits<T>::infinity();
    else return std::numeric_limits<T>::max();
  }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s = x < s || x != x ? x : s; }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { add(s, other); }
  static constexpr result value(const state& s, Size) { return s; }
};
template <class T>
struct Max : NotLinear<T> {
  using state = T;
  using result = T;
  static constexpr bool needs_elements = true;
  PRIEL_DEVICE static constexpr state identity() {
    if constexpr (std::numeric_limits<T>::has_infinity) return -std::numeric_limits<T>::infinity();
    else return std::numeric_limits<T>::lowest();
  }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s = x > s || x != x ? x : s; }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { add(s, other); }
  static constexpr result value(const state& s, Size) { return s; }
};

template <class T>
struct Any : NotLinear<T> {
  using state = bool;
  using result = bool;
  PRIEL_DEVICE static constexpr state identity() { return false; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s = s || x != T{}; }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { s = s || other; }
  static constexpr result value(const state& s, Size) { return s; }
};
template <class T>
struct All : NotLinear<T> {
  using state = bool;
  using result = bool;
  PRIEL_DEVICE static constexpr state identity() { return true; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s = s && x != T{}; }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { s = s && other; }
  static constexpr result value(const state& s, Size) { return s; }
};

template <class T>
struct CountNonzero : Sum<T> {
  using state = std::int64_t;
  using result = std::int64_t;
  PRIEL_DEVICE static constexpr state identity() { return 0; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) { s += x != T{} ? 1 : 0; }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) { s += other; }
  static constexpr state summand(const state& s, Size) { return s; }
  static constexpr result value(const state& s, Size) { return s; }
};

}  // namespace priel::statistic
