// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// sum(x, reproducible), mean, var: nothing is rounded before the end, so the bits do not depend on how x is cut; S<k> -> S<k'> or pending.
#pragma once

#include <priel/reduce.hpp>

#include <cstring>

namespace priel {

// An option of sum, mean, var and stddev, `sum(x, axis<0>, reproducible)`.
struct Reproducible {};
inline constexpr Reproducible reproducible{};

namespace detail {

// A fixed-point number as wide as all values of T, in words of 32 bits of which carries wait in the upper half (Kulisch, Computer arithmetic
// and validity, 2013, chapter 8). Bit 0 is worth 2^lowest.
template <class T>
struct FixedPoint {
  static constexpr bool floating = std::is_floating_point_v<T>;
  static constexpr int digits = floating ? std::numeric_limits<T>::digits : 64;
  static constexpr int lowest = floating ? std::numeric_limits<T>::min_exponent - digits : 0;
  static constexpr int bits = floating ? std::numeric_limits<T>::max_exponent - lowest : 64;
  // Of sums of fewer than 2^62 values, or of their squares.
  static constexpr int words = (bits + 62) / 32, square_words = (2 * bits + 62) / 32;
};

// A value as digits * 2^(place + lowest), or what it is if it is not finite.
struct Dissected {
  enum Special : std::int64_t { finite = 0, not_a_number = 1, infinite = 2, minus_infinite = 4 };
  std::uint64_t digits = 0;
  int place = 0;
  bool negative = false;
  std::int64_t special = finite;
};
template <class T>
PRIEL_DEVICE inline Dissected dissected(T x) {
  Dissected d;
  if constexpr (std::is_floating_point_v<T>) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    static_assert(sizeof(T) == sizeof(Bits));
    constexpr int fraction = FixedPoint<T>::digits - 1, exponents = static_cast<int>(8 * sizeof(T)) - fraction - 1;
    Bits bits;
    std::memcpy(&bits, &x, sizeof(T));
    const int exponent = static_cast<int>(bits >> fraction & ((Bits{1} << exponents) - 1));
    d.digits = bits & ((Bits{1} << fraction) - 1);
    d.negative = bits >> (8 * sizeof(T) - 1) != 0;
    if (exponent == (1 << exponents) - 1) d.special = d.digits != 0 ? Dissected::not_a_number : d.negative ? Dissected::minus_infinite : Dissected::infinite;
    if (exponent > 0) d.digits |= std::uint64_t{1} << fraction;
    d.place = exponent > 0 ? exponent - 1 : 0;
  } else {
    if constexpr (std::is_signed_v<T>) d.negative = x < 0;
    d.digits = d.negative ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
  }
  return d;
}

// Digits added at a bit; no word grows by more than 2^33.
PRIEL_DEVICE inline void deposit(std::int64_t* words, std::uint64_t digits, int place, bool negative) {
  const int shift = place % 32;
  const std::uint64_t low = (digits & 0xffffffff) << shift, high = (digits >> 32) << shift;
  const std::uint64_t three[3] = {low & 0xffffffff, (low >> 32) + (high & 0xffffffff), high >> 32};
  for (int i = 0; i < 3; ++i) words[place / 32 + i] += negative ? -static_cast<std::int64_t>(three[i]) : static_cast<std::int64_t>(three[i]);
}
PRIEL_DEVICE inline void carry(std::int64_t* words, int number) {
  for (int i = 0; i + 1 < number; ++i) {
    words[i + 1] += words[i] >> 32;
    words[i] &= 0xffffffff;
  }
}

// The sum of values of T, and of their squares where there are words for them.
template <class T, int SquareWords>
struct ExactState {
  static constexpr int number = FixedPoint<T>::words;
  static constexpr std::int64_t most = std::int64_t{1} << 27;   // values without a carry: a word of squares grows by 2^35 at most
  std::int64_t added = 0, special = 0, words[number + SquareWords] = {};

  const std::int64_t* squares() const { return words + number; }

  PRIEL_DEVICE void add(T x) {
    const Dissected d = dissected(x);
    if (d.special != 0) {
      special |= d.special;
      return;
    }
    if (added >= most) carry_all();
    ++added;
    deposit(words, d.digits, d.place, d.negative);
    if constexpr (SquareWords > 0) {
      const std::uint64_t high = d.digits >> 32, low = d.digits & 0xffffffff;
      deposit(words + number, low * low, 2 * d.place, false);
      if (high == 0) return;
      deposit(words + number, high * low, 2 * d.place + 33, false);
      deposit(words + number, high * high, 2 * d.place + 64, false);
    }
  }
  PRIEL_DEVICE void merge(const ExactState& other) {
    special |= other.special;
    if (other.added == 0) return;
    if (other.added > most / 2) {
      ExactState less = other;
      less.carry_all();
      return merge(less);
    }
    if (added > most / 2) carry_all();
    added += other.added;
    for (int i = 0; i < number + SquareWords; ++i) words[i] += other.words[i];
  }

 private:
  PRIEL_DEVICE void carry_all() {
    carry(words, number);
    if constexpr (SquareWords > 0) carry(words + number, SquareWords);
    added = 1;
  }
};

// The value rounded to double; NaN if it comes from NaN or from infinities of both signs.
double exact_sum(const std::int64_t* words, int number, int lowest, std::int64_t special);
// Σ (x - mean)² / (n - less) = (n Σ x² - (Σ x)²) / n / (n - less): the difference exactly, then rounded, then divided.
double exact_variance(const std::int64_t* sum, int words, const std::int64_t* squares, int square_words, int lowest, std::int64_t special, Size n, int less);

}  // namespace detail

namespace statistic {

template <class T>
struct ExactSum : NotLinear<T> {
  using state = detail::ExactState<T, 0>;
  using result = sum_type<T>;
  static_assert(sizeof(state) == 8 * (2 + detail::FixedPoint<T>::words));
  PRIEL_DEVICE static state identity() { return {}; }
  PRIEL_DEVICE static void add(state& s, T x) { s.add(x); }
  PRIEL_DEVICE static void merge(state& s, const state& other) { s.merge(other); }
  static double total(const state& s) { return detail::exact_sum(s.words, state::number, detail::FixedPoint<T>::lowest, s.special); }
  static result value(const state& s, Size) { return static_cast<result>(total(s)); }
};
template <class T>
struct ExactMean : ExactSum<T> {
  using state = detail::ExactState<T, 0>;
  using result = floating_type<T>;
  static result value(const state& s, Size n) { return static_cast<result>(ExactSum<T>::total(s) / static_cast<double>(n)); }
};
template <class T, int D>
struct ExactVariance : NotLinear<T> {
  using Range = detail::FixedPoint<T>;
  using state = detail::ExactState<T, Range::square_words>;
  using result = floating_type<T>;
  PRIEL_DEVICE static state identity() { return {}; }
  PRIEL_DEVICE static void add(state& s, T x) { s.add(x); }
  PRIEL_DEVICE static void merge(state& s, const state& other) { s.merge(other); }
  static result value(const state& s, Size n) {
    return static_cast<result>(detail::exact_variance(s.words, Range::words, s.squares(), Range::square_words, Range::lowest, s.special, n, D));
  }
};
template <int D>
struct ExactVarianceLess {
  template <class T>
  using type = ExactVariance<T, D>;
};

}  // namespace statistic

namespace detail {

template <class... O>
struct ReproducibleOptions {
  static constexpr bool asked = false;
  static constexpr int correction = 0;
  using axes = Axes<>;
};
template <class... O>
struct ReproducibleOptions<Reproducible, O...> : ReproducibleOptions<O...> {
  static constexpr bool asked = true;
};
template <int... A, class... O>
struct ReproducibleOptions<Axes<A...>, O...> : ReproducibleOptions<O...> {
  using axes = Axes<A...>;
};
template <int D, class... O>
struct ReproducibleOptions<Ddof<D>, O...> : ReproducibleOptions<O...> {
  static constexpr int correction = D;
};
template <class... O>
struct ReproducibleOptions<KeepDims, O...> : ReproducibleOptions<O...> {};
template <class... O>
concept AskedReproducible = ReproducibleOptions<O...>::asked;

template <template <class> class Statistic, class... O, class X, int... A>
auto reproducibly(X&& x, Axes<A...>) {
  constexpr bool complex = kind_of<value_of<X>> == Kind::complex;
  if constexpr (complex) static_assert(!complex, "error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)");
  else return reduced<Statistic, (std::is_same_v<O, KeepDims> || ...), A...>(std::forward<X>(x));
}

}  // namespace detail

// As sum, mean, var and stddev, with their axes, keepdims and ddof before `reproducible`, and their policies and element types; the same bits
// for every number of ranks and threads, every policy and every order of the elements. The sum is the exact one, rounded to double and then
// to the element type; the mean is that of double, divided by n; the variance is the exact n Σ x² - (Σ x)², rounded and divided by n twice.
// NaN and infinities as NumPy. A state has room for all digits of its sum: 96 bytes of float, 552 of double, 40 of integers; of a variance
// 248, 1616 and 80. Sends, where the reduction crosses ranks: one Allreduce of the states.
template <Expression X, class... O>
  requires(detail::AskedReproducible<O...>)
auto sum(X&& x, O...) {
  using Options = detail::ReproducibleOptions<O...>;
  if constexpr (kind_of<value_of<X>> <= Kind::integer) return detail::reproducibly<statistic::Sum, O...>(std::forward<X>(x), typename Options::axes{});
  else return detail::reproducibly<statistic::ExactSum, O...>(std::forward<X>(x), typename Options::axes{});
}
template <Expression X, class... O>
  requires(detail::AskedReproducible<O...>)
auto mean(X&& x, O...) {
  return detail::reproducibly<statistic::ExactMean, O...>(std::forward<X>(x), typename detail::ReproducibleOptions<O...>::axes{});
}
template <Expression X, class... O>
  requires(detail::AskedReproducible<O...>)
auto var(X&& x, O...) {
  using Options = detail::ReproducibleOptions<O...>;
  return detail::reproducibly<statistic::ExactVarianceLess<Options::correction>::template type, O...>(std::forward<X>(x), typename Options::axes{});
}

}  // namespace priel
