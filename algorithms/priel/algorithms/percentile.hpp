// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// finite_percentile(x, q): an exact percentile over all finite elements, any policy -> a number; counting passes, no sort.
#pragma once

#include <priel/slice.hpp>

#include <bit>
#include <cmath>

namespace priel {

namespace detail {

// Floats in an order-preserving integer form.
inline std::uint32_t order_key(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
inline float from_order_key(std::uint32_t key) {
  return std::bit_cast<float>(key & 0x80000000u ? key & 0x7fffffffu : ~key);
}

// The element with exactly `rank` finite elements before it in order: a bisection over all floats.
template <class A>
float finite_element(const A& x, Size rank) {
  std::uint32_t low = order_key(-std::numeric_limits<float>::max()), high = order_key(std::numeric_limits<float>::max());
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (item(sum(isfinite(x) & (x <= from_order_key(middle)))) > rank) high = middle;
    else low = middle + 1;
  }
  return from_order_key(low);
}

}  // namespace detail

// The q-th percentile, 0 <= q <= 100, with linear interpolation between neighbours as NumPy's default; NaN if nothing is finite.
// The same bits on any number of ranks. Sends 32 counts for each of the two neighbours. Throws InputError for another q.
template <Expression E>
  requires std::is_same_v<value_of<E>, float>
double finite_percentile(const E& e, double q) {
  if (!(q >= 0 && q <= 100)) throw InputError("a percentile lies between 0 and 100; found " + std::to_string(q));
  const auto x = eval(e);
  const Size n = item(sum(isfinite(x)));
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  const double position = q / 100 * static_cast<double>(n - 1);
  const Size below = static_cast<Size>(position);
  const double low = static_cast<double>(detail::finite_element(x, below));
  const double rest = position - static_cast<double>(below);
  return rest == 0 ? low : low + rest * (static_cast<double>(detail::finite_element(x, below + 1)) - low);
}

}  // namespace priel
