// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// NumPy's reductions, sum(x), mean(x, axis<0>), ...: S<k> -> S<k'> without a message, or a pending result where ranks are crossed.
#pragma once

#include <priel/share.hpp>

namespace priel {

// The axes of a reduction, `sum(x, axis<0>)`; negative ones count from the end.
template <int... A>
struct Axes {};
template <int... A>
inline constexpr Axes<A...> axis{};

struct KeepDims {};
inline constexpr KeepDims keepdims{};

// Of var and stddev: divide by n - D, `var(x, axis<0>, ddof<1>)`.
template <int D>
struct Ddof {};
template <int D>
inline constexpr Ddof<D> ddof{};

namespace detail {

// Along other axes a window is stored as a split first: its slices are wanted by the canonical map.
template <template <class> class Statistic, bool Keep, int... A, class X>
auto reduced(X&& x) {
  using N = NormalAxes<rank_of<X>, A...>;
  static_assert(N::valid, "the axis does not exist: axis<a> needs -rank <= a < rank");
  constexpr bool without_order = kind_of<value_of<X>> == Kind::complex && Statistic<value_of<X>>::needs_elements;
  const auto node = [](auto operand) { return Reduce<Statistic<value_of<X>>, decltype(operand), N, Keep>(std::move(operand)); };
  using Operand = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<X>>()))>;
  if constexpr (without_order) static_assert(!without_order, "error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)");
  else if constexpr (is_window<policy_of<X>> && !ReductionTypes<Statistic<value_of<X>>, Operand, N, Keep>::across) return node(settled_t<X>(settled(std::forward<X>(x))));
  else return node(Operand(finished(std::forward<X>(x))));
}

// Of complex numbers, that of both parts together.
template <bool Keep, int... A, class X>
auto variance(X&& x) {
  if constexpr (kind_of<value_of<X>> == Kind::complex)
    return reduced<statistic::Variance, Keep, A...>(real(x)) + reduced<statistic::Variance, Keep, A...>(imag(x));
  else return reduced<statistic::Variance, Keep, A...>(std::forward<X>(x));
}

// By n - D: infinite or NaN where that is not positive.
template <int D, bool Keep, int... A, class X>
auto variance_less(X&& x) {
  const auto shape = x.shape();
  Size n = 1;
  for (int a = 0; a < rank_of<X>; ++a) n *= NormalAxes<rank_of<X>, A...>::reduced(a) ? shape[a] : 1;
  const double correction = static_cast<double>(n) / static_cast<double>(n > D ? n - D : 0);
  return variance<Keep, A...>(std::forward<X>(x)) * correction;
}

}  // namespace detail

// Each: the statistic over the named axes, all if none is named; `keepdims` leaves them with extent 1. Nothing is sent unless the
// reduction crosses ranks: then the result is pending and one Allreduce of it follows where it is used.

// Integers and bool: 64-bit. Floats are accumulated in double.
template <Expression X, int... A>
auto sum(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Sum, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto sum(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Sum, true, A...>(std::forward<X>(x)); }

template <Expression X, int... A>
auto prod(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Product, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto prod(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Product, true, A...>(std::forward<X>(x)); }

// Integers: double.
template <Expression X, int... A>
auto mean(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Mean, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto mean(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Mean, true, A...>(std::forward<X>(x)); }

// Divided by n (ddof 0).
template <Expression X, int... A>
auto var(X&& x, Axes<A...> = {}) { return detail::variance<false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto var(X&& x, Axes<A...>, KeepDims) { return detail::variance<true, A...>(std::forward<X>(x)); }
// Divided by n - D.
template <Expression X, int D>
auto var(X&& x, Ddof<D>) { return detail::variance_less<D, false>(std::forward<X>(x)); }
template <Expression X, int... A, int D>
auto var(X&& x, Axes<A...>, Ddof<D>) { return detail::variance_less<D, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A, int D>
auto var(X&& x, Axes<A...>, KeepDims, Ddof<D>) { return detail::variance_less<D, true, A...>(std::forward<X>(x)); }

// NaN propagates; throws ShapeError over zero elements.
template <Expression X, int... A>
auto min(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Min, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto min(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Min, true, A...>(std::forward<X>(x)); }

// NaN propagates; throws ShapeError over zero elements.
template <Expression X, int... A>
auto max(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Max, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto max(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Max, true, A...>(std::forward<X>(x)); }

template <Expression X, int... A>
auto any(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::Any, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto any(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::Any, true, A...>(std::forward<X>(x)); }

template <Expression X, int... A>
auto count_nonzero(X&& x, Axes<A...> = {}) { return detail::reduced<statistic::CountNonzero, false, A...>(std::forward<X>(x)); }
template <Expression X, int... A>
auto count_nonzero(X&& x, Axes<A...>, KeepDims) { return detail::reduced<statistic::CountNonzero, true, A...>(std::forward<X>(x)); }

namespace detail {

template <class X, class... Options>
auto deviation(X&& x, Options... options) { return sqrt(var(std::forward<X>(x), options...)); }
template <class X, int... A>
  requires(kind_of<value_of<X>> != Kind::complex)
auto deviation(X&& x, Axes<A...>) { return reduced<statistic::Stddev, false, A...>(std::forward<X>(x)); }
template <class X, int... A>
  requires(kind_of<value_of<X>> != Kind::complex)
auto deviation(X&& x, Axes<A...>, KeepDims) { return reduced<statistic::Stddev, true, A...>(std::forward<X>(x)); }

}  // namespace detail

// The square root of var, with the same options.
template <Expression X, class... Options>
auto stddev(X&& x, Options... options) {
  if constexpr (sizeof...(Options) == 0) return detail::deviation(std::forward<X>(x), axis<>);
  else return detail::deviation(std::forward<X>(x), options...);
}

// Both the full range of a slice, x(all, 0), and the reduction, all(x > 0).
struct AllRange {
  template <Expression X, int... A>
  auto operator()(X&& x, Axes<A...> = {}) const { return detail::reduced<statistic::All, false, A...>(std::forward<X>(x)); }
  template <Expression X, int... A>
  auto operator()(X&& x, Axes<A...>, KeepDims) const { return detail::reduced<statistic::All, true, A...>(std::forward<X>(x)); }
};
inline constexpr AllRange all{};

}  // namespace priel
