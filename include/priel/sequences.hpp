// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// linspace, logspace, geomspace: a number of points between two ends; Generated, with a policy tag stored.
#pragma once

#include <priel/create.hpp>
#include <priel/operators.hpp>

#include <stdexcept>

namespace priel {

// Point i of n from start on; the last one, where there is one, is stop itself. Integers are rounded down.
template <class T>
struct LinspaceFunction {
  double start, stop, span;
  Size divisions, last;

  PRIEL_DEVICE T operator()(const Index<1>& i) const {
    if (i[0] == last) return static_cast<T>(stop);
    const double step = divisions > 0 ? span / static_cast<double>(divisions) : 0;
    const double at = (step != 0 ? static_cast<double>(i[0]) * step : divisions > 0 ? static_cast<double>(i[0]) / static_cast<double>(divisions) * span : 0) + start;
    if constexpr (std::is_integral_v<T>) return static_cast<T>(std::floor(at));
    else return static_cast<T>(at);
  }
  bool operator==(const LinspaceFunction& other) const {
    return detail::same_bits(start, other.start) && detail::same_bits(stop, other.stop) && divisions == other.divisions && last == other.last;
  }
};

// n points from start to stop, both included, or without stop: linspace(0, 1, 11), linspace<float>(0, 1, 10, false). They are
// computed in double.
template <Element T = double, class... P>
  requires(std::is_arithmetic_v<T> && detail::PolicyTag<1, P...>)
auto linspace(double start, double stop, Size n, bool endpoint, P... policy) {
  const Size divisions = endpoint ? n - 1 : n, last = endpoint && n > 1 ? n - 1 : -1;
  return detail::made(generate<T>(Shape<1>{n}, LinspaceFunction<T>{start, stop, stop - start, divisions, last}), policy...);
}
template <Element T = double, class... P>
  requires(std::is_arithmetic_v<T> && detail::PolicyTag<1, P...>)
auto linspace(double start, double stop, Size n = 50, P... policy) { return linspace<T>(start, stop, n, true, policy...); }

// base to the power of n points between the exponents start and stop.
template <Element T = double, class... P>
  requires(std::is_arithmetic_v<T> && detail::PolicyTag<1, P...>)
auto logspace(double start, double stop, Size n, bool endpoint, double base = 10, P... policy) {
  return detail::made(astype<T>(pow(base, linspace(start, stop, n, endpoint))), policy...);
}
template <Element T = double, class... P>
  requires(std::is_arithmetic_v<T> && detail::PolicyTag<1, P...>)
auto logspace(double start, double stop, Size n = 50, P... policy) { return logspace<T>(start, stop, n, true, 10., policy...); }

// n points from start to stop, each the one before it times the same factor. std::invalid_argument if one end is 0 or their
// signs differ.
template <Element T = double, class... P>
  requires(std::is_arithmetic_v<T> && detail::PolicyTag<1, P...>)
auto geomspace(double start, double stop, Size n, bool endpoint, P... policy) {
  if (!(start * stop > 0)) throw std::invalid_argument("geomspace from " + std::to_string(start) + " to " + std::to_string(stop) + ": two numbers of one sign expected, not 0");
  const double sign = start < 0 ? -1 : 1;
  const auto i = arange<Size>(n);
  const Size last = endpoint && n > 1 ? n - 1 : -1;
  const auto between = sign * pow(10., linspace(std::log10(sign * start), std::log10(sign * stop), n, endpoint));
  return detail::made(astype<T>(where(i == 0, start, where(i == last, stop, between))), policy...);
}
template <Element T = double, class... P>
  requires(std::is_arithmetic_v<T> && detail::PolicyTag<1, P...>)
auto geomspace(double start, double stop, Size n = 50, P... policy) { return geomspace<T>(start, stop, n, true, policy...); }

}  // namespace priel
