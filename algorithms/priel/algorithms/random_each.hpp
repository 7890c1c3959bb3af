// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// random::poisson, gamma, binomial with a parameter of its own for each element: the parameters' policy, nothing is sent.
#pragma once

#include <priel/algorithms/random_counts.hpp>
#include <priel/typed.hpp>

namespace priel {

namespace random::detail {

// Operators of the element's linear index, the seed, and parameters, which are the law's members. T: what is returned.
struct Drawn { using family = Drawn; };
template <class T, class Law>
struct Random : Drawn, op::NotLinear {
  using value_type = T;
  static constexpr bool takes(Kind) { return true; }
  template <class... Parameter>
  PRIEL_DEVICE static T call(std::uint64_t index, std::uint64_t seed, Parameter... parameter) {
    Sequence sequence({{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), static_cast<std::uint32_t>(Law::stream), 0}}, seed);
    return static_cast<T>(Law{parameter...}(sequence));
  }
};

template <int Rank>
struct LinearIndex {
  Index<Rank> stride;
  PRIEL_DEVICE constexpr std::uint64_t operator()(const Index<Rank>& i) const {
    Size linear = 0;
    for (int a = 0; a < Rank; ++a) linear += stride[a] * i[a];
    return static_cast<std::uint64_t>(linear);
  }
  friend constexpr bool operator==(const LinearIndex&, const LinearIndex&) = default;
};

// The last parameter is the operand.
template <class T, class Law, class X, class... Numbers>
auto drawn(std::uint64_t seed, X&& x, Numbers... numbers) {
  constexpr bool real = kind_of<value_of<X>> != Kind::complex;
  static_assert(real, "error E16: the parameters of a distribution are real numbers: write real(x) or abs(x)");
  if constexpr (real) {
    const auto shape = x.shape();
    auto index = generate<std::uint64_t>(shape, LinearIndex<rank_of<X>>{strides_of(shape)});
    return priel::detail::elementwise<Random<T, Law>>(std::move(index), seed, numbers..., std::forward<X>(x));
  }
}

}  // namespace random::detail

namespace detail {
template <class Op, class... Nodes>
struct Typed<Op, random::detail::Drawn, Nodes...> : Led<Op, 2, std::uint64_t, double, typename Op::value_type> {};
}  // namespace detail

namespace random {

// An array of x's shape and policy: element i is drawn with the parameter x[i], and depends on i, the seed and x[i] only. Nothing is sent. Where a
// parameter has no distribution, the number is 0 (gamma: NaN). Normal, exponential and other numbers are those of one distribution, scaled
// and shifted: mean + deviation * normal<double>(x.shape(), seed).
template <detail::Whole T, Expression Mean>
auto poisson(Mean&& mean, std::uint64_t seed) { return detail::drawn<T, detail::Poisson>(seed, std::forward<Mean>(mean)); }
template <detail::Whole T, Expression Probability>
auto binomial(std::int64_t trials, Probability&& probability, std::uint64_t seed) {
  const auto n = static_cast<double>(trials);
  detail::require(n >= 0 && n < 0x1p53, "binomial: the number of trials", n, "at least 0 and below 2^53");
  return detail::drawn<T, detail::Binomial>(seed, std::forward<Probability>(probability), n);
}
// Of scale 1.
template <detail::Real T, Expression Form>
auto gamma(Form&& shape, std::uint64_t seed) { return detail::drawn<T, detail::StandardGamma>(seed, std::forward<Form>(shape)); }

}  // namespace random
}  // namespace priel
