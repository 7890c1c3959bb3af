// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's reductions and cumulative sums that pass over NaN: policies and messages as those of sum, min and cumsum.
#pragma once

#include <priel/algorithms/argextreme.hpp>
#include <priel/algorithms/scan.hpp>
#include <priel/reduce.hpp>

namespace priel {

namespace statistic {

// The mean of what is no number left out; NaN if nothing remains.
template <class T>
struct NanMean : NotLinear<T> {
  struct state {
    accumulate_type<T> sum;
    double n;
  };
  using result = T;
  PRIEL_DEVICE static constexpr state identity() { return {{}, 0}; }
  PRIEL_DEVICE static constexpr void add(state& s, T x) {
    if (x != x) return;
    s.sum += static_cast<accumulate_type<T>>(x);
    s.n += 1;
  }
  PRIEL_DEVICE static constexpr void merge(state& s, const state& other) {
    s.sum += other.sum;
    s.n += other.n;
  }
  static constexpr result value(const state& s, Size) { return static_cast<result>(s.sum / s.n); }
};

// The same for the variance, divided by their number less D; NaN where that is not positive.
template <class T, int D>
struct NanVariance : Variance<T> {
  using state = typename Variance<T>::state;
  using result = T;
  PRIEL_DEVICE static constexpr void add(state& s, T x) {
    if (x == x) Variance<T>::add(s, x);
  }
  static constexpr result value(const state& s, Size) {
    return s.n > D ? static_cast<result>(s.squares / (s.n - D)) : std::numeric_limits<result>::quiet_NaN();
  }
};
template <int D>
struct NanVarianceLess {
  template <class T>
  using type = NanVariance<T, D>;
};

// From NaN on, whatever is a number is smaller, or larger.
template <class T>
struct NanMin : Min<T> {
  PRIEL_DEVICE static constexpr T identity() { return std::numeric_limits<T>::quiet_NaN(); }
  PRIEL_DEVICE static constexpr void add(T& s, T x) { s = x < s || s != s ? x : s; }
  PRIEL_DEVICE static constexpr void merge(T& s, T other) { add(s, other); }
};
template <class T>
struct NanMax : Max<T> {
  PRIEL_DEVICE static constexpr T identity() { return std::numeric_limits<T>::quiet_NaN(); }
  PRIEL_DEVICE static constexpr void add(T& s, T x) { s = x > s || s != s ? x : s; }
  PRIEL_DEVICE static constexpr void merge(T& s, T other) { add(s, other); }
};

}  // namespace statistic

namespace detail {

// Integers and bool have no NaN.
template <class X>
inline constexpr bool has_nan = kind_of<value_of<X>> >= Kind::floating;

// The operand with another value for NaN.
template <class X>
auto without_nan(X&& x, value_of<X> value) {
  if constexpr (has_nan<X>) return where(isnan(x), value, x);
  else return std::remove_cvref_t<X>(std::forward<X>(x));
}

template <template <class> class Statistic, template <class> class Plain, bool Keep, int... A, class X>
auto nan_reduced(X&& x) {
  if constexpr (has_nan<X>) return reduced<Statistic, Keep, A...>(std::forward<X>(x));
  else return reduced<Plain, Keep, A...>(std::forward<X>(x));
}
template <int D, bool Keep, int... A, class X>
auto nan_variance(X&& x) {
  static_assert(kind_of<value_of<X>> != Kind::complex, "error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)");
  if constexpr (has_nan<X>) return reduced<statistic::NanVarianceLess<D>::template type, Keep, A...>(std::forward<X>(x));
  else return variance_less<D, Keep, A...>(std::forward<X>(x));
}

}  // namespace detail

// Each as the reduction without `nan`, with the same options (`axis<0>`, `keepdims`), over the elements that are not NaN. Of integers
// and bool it is that reduction.

template <Expression X, class... Options>
auto nansum(X&& x, Options... options) { return sum(detail::without_nan(std::forward<X>(x), value_of<X>(0)), options...); }
template <Expression X, class... Options>
auto nanprod(X&& x, Options... options) { return prod(detail::without_nan(std::forward<X>(x), value_of<X>(1)), options...); }

// NaN where there is nothing but NaN.
template <Expression X, int... A>
auto nanmean(X&& x, Axes<A...> = {}) { return detail::nan_reduced<statistic::NanMean, statistic::Mean, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto nanmean(X&& x, Axes<A...>, KeepDims) { return detail::nan_reduced<statistic::NanMean, statistic::Mean, true, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto nanmin(X&& x, Axes<A...> = {}) { return detail::nan_reduced<statistic::NanMin, statistic::Min, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto nanmin(X&& x, Axes<A...>, KeepDims) { return detail::nan_reduced<statistic::NanMin, statistic::Min, true, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto nanmax(X&& x, Axes<A...> = {}) { return detail::nan_reduced<statistic::NanMax, statistic::Max, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto nanmax(X&& x, Axes<A...>, KeepDims) { return detail::nan_reduced<statistic::NanMax, statistic::Max, true, A...>(std::forward<X>(x)); }

// Divided by the number of those elements, or by D less of them; NaN where that is not positive.
template <Expression X, int... A, int D = 0>
auto nanvar(X&& x, Axes<A...> = {}, Ddof<D> = {}) { return detail::nan_variance<D, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A, int D = 0>
auto nanvar(X&& x, Axes<A...>, KeepDims, Ddof<D> = {}) { return detail::nan_variance<D, true, A...>(std::forward<X>(x)); }
template <Expression X, int D>
auto nanvar(X&& x, Ddof<D>) { return detail::nan_variance<D, false>(std::forward<X>(x)); }
// Its square root, with the same options.
template <Expression X, class... Options>
auto nanstd(X&& x, Options... options) { return sqrt(nanvar(std::forward<X>(x), options...)); }

// As argmin and argmax. Of a line of nothing but NaN the index is 0.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanargmin(X&& x, Axes<A...> along = {}) {
  return argmin(detail::without_nan(std::forward<X>(x), std::numeric_limits<value_of<X>>::infinity()), along);
}
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanargmax(X&& x, Axes<A...> along = {}) {
  return argmax(detail::without_nan(std::forward<X>(x), -std::numeric_limits<value_of<X>>::infinity()), along);
}

// As cumsum and cumprod, with NaN as 0 or 1; without an axis over all elements in C order.
template <Expression X, class... Along>
  requires(rank_of<X> > 0)
auto nancumsum(X&& x, Along... along) { return cumsum(detail::without_nan(std::forward<X>(x), value_of<X>(0)), along...); }
template <Expression X, class... Along>
  requires(rank_of<X> > 0)
auto nancumprod(X&& x, Along... along) { return cumprod(detail::without_nan(std::forward<X>(x), value_of<X>(1)), along...); }

}  // namespace priel
