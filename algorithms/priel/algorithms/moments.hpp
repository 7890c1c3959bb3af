// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// skew, kurtosis: SciPy's, in one pass; S<k> -> S<k'> without a message, or a pending result where ranks are crossed.
#pragma once

#include <priel/algorithms/detail/higher_moments.hpp>
#include <priel/reduce.hpp>

#include <cmath>

namespace priel {

// Of skew and kurtosis: corrected for the bias of small samples, SciPy's bias=False.
struct Unbiased {};
inline constexpr Unbiased unbiased{};

namespace statistic {

// Both have one state. NaN where the deviations are nothing but rounding, as SciPy's in double.
template <class T>
struct Skewness : HigherMoments<T> {
  using result = floating_type<T>;
  static result value(const Moments& s, Size) {
    return static_cast<result>(HigherMoments<T>::is_constant(s) ? NAN : std::sqrt(s.n / s.second) * (s.third / s.second));
  }
};
// Fisher's: 0 for a normal distribution.
template <class T>
struct Kurtosis : HigherMoments<T> {
  using result = floating_type<T>;
  static result value(const Moments& s, Size) {
    return static_cast<result>(HigherMoments<T>::is_constant(s) ? NAN : s.n / s.second * (s.fourth / s.second) - 3);
  }
};

}  // namespace statistic

namespace host {

template <class T>
inline constexpr int moment_order<statistic::Skewness<T>> = highest_moments;
template <class T>
inline constexpr int moment_order<statistic::Kurtosis<T>> = highest_moments;
template <ClosedElement T>
struct FoldOf<statistic::Skewness<T>> : FoldOfPowers {};
template <ClosedElement T>
struct FoldOf<statistic::Kurtosis<T>> : FoldOfPowers {};
template <class T>
class Folding<statistic::Skewness<T>> final : public FoldingPowers<statistic::Skewness<T>> {
  using FoldingPowers<statistic::Skewness<T>>::FoldingPowers;
};
template <class T>
class Folding<statistic::Kurtosis<T>> final : public FoldingPowers<statistic::Kurtosis<T>> {
  using FoldingPowers<statistic::Kurtosis<T>>::FoldingPowers;
};

}  // namespace host

namespace detail {

template <class Option>
concept MomentOption = std::is_same_v<Option, KeepDims> || std::is_same_v<Option, Unbiased>;
template <class Wanted, class... Options>
inline constexpr bool is_among = (std::is_same_v<Wanted, Options> || ...);

template <template <class> class Statistic, bool Keep, int... A, class X>
auto higher_moment(X&& x) {
  constexpr bool complex = kind_of<value_of<X>> == Kind::complex;
  if constexpr (complex) static_assert(!complex, "error E16: this is not defined for complex elements; write it of real(x), imag(x) or abs(x)");
  else return reduced<Statistic, Keep, A...>(std::forward<X>(x));
}

// How many elements of x become one.
template <int... A, class X>
double reduced_number(const X& x) {
  double n = 1;
  for (int a = 0; a < rank_of<X>; ++a) n *= NormalAxes<rank_of<X>, A...>::reduced(a) ? static_cast<double>(x.shape()[a]) : 1.0;
  return n;
}

}  // namespace detail

// The third moment about the mean over the 3/2th power of the second, m3 / m2^(3/2), over the named axes, all if none is named; `keepdims`
// leaves them with extent 1. With `unbiased` times sqrt(n (n - 1)) / (n - 2), where n > 2 (Joanes and Gill 1998, G1). Integers and bool: double;
// NaN over constant or no elements, or where one is NaN or infinite. One pass, accumulated in double whatever the elements are, and stable for
// any mean. Policies as mean's; where the reduction crosses ranks one Allreduce of 40 bytes for each result. mean, var, stddev, skew and
// kurtosis of one operand in one statement share the pass and the message.
template <Expression X, int... A, detail::MomentOption... Options>
auto skew(X&& x, Axes<A...>, Options...) {
  constexpr bool keep = detail::is_among<KeepDims, Options...>;
  const auto biased = [](auto&& of) { return detail::higher_moment<statistic::Skewness, keep, A...>(std::forward<decltype(of)>(of)); };
  if constexpr (detail::is_among<Unbiased, Options...>) {
    const double n = detail::reduced_number<A...>(x);
    return biased(std::forward<X>(x)) * (n > 2 ? std::sqrt(n * (n - 1)) / (n - 2) : 1.0);
  } else return biased(std::forward<X>(x));
}
template <Expression X, detail::MomentOption... Options>
auto skew(X&& x, Options... options) { return skew(std::forward<X>(x), axis<>, options...); }

// The same for the fourth moment, Fisher's: m4 / m2² - 3. With `unbiased`, where n > 3, (n - 1) / ((n - 2) (n - 3)) ((n + 1) kurtosis + 6) (G2).
template <Expression X, int... A, detail::MomentOption... Options>
auto kurtosis(X&& x, Axes<A...>, Options...) {
  constexpr bool keep = detail::is_among<KeepDims, Options...>;
  const auto biased = [](auto&& of) { return detail::higher_moment<statistic::Kurtosis, keep, A...>(std::forward<decltype(of)>(of)); };
  if constexpr (detail::is_among<Unbiased, Options...>) {
    const double n = detail::reduced_number<A...>(x), scale = n > 3 ? (n - 1) / ((n - 2) * (n - 3)) : 1.0;
    return biased(std::forward<X>(x)) * (n > 3 ? scale * (n + 1) : 1.0) + (n > 3 ? 6 * scale : 0.0);
  } else return biased(std::forward<X>(x));
}
template <Expression X, detail::MomentOption... Options>
auto kurtosis(X&& x, Options... options) { return kurtosis(std::forward<X>(x), axis<>, options...); }

}  // namespace priel
