// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What comes out of exact sums: fixed-point words rounded to double, and the variance of a sum and a sum of squares.
#include <priel/reproducible.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace priel::detail {

namespace {

using Digits = std::vector<std::uint32_t>;   // the lowest first, none of them 0 at the end

Digits& trimmed(Digits& digits) {
  while (!digits.empty() && digits.back() == 0) digits.pop_back();
  return digits;
}

// Words with carries as digits of the magnitude; whether it is negative.
bool digits_of(const std::int64_t* words, int number, Digits& digits) {
  std::vector<std::int64_t> settled(words, words + number);
  carry(settled.data(), number);
  const bool negative = settled.back() < 0;
  if (negative) {
    for (std::int64_t& word : settled) word = -word;
    carry(settled.data(), number);
  }
  for (const std::int64_t word : settled) digits.push_back(static_cast<std::uint32_t>(word));
  digits.push_back(static_cast<std::uint32_t>(settled.back() >> 32));
  trimmed(digits);
  return negative;
}

// digits * 2^lowest, rounded to nearest, ties to even: 64 bits from the first one on, the last of which tells of any that follow.
double rounded(const Digits& digits, int lowest) {
  if (digits.empty()) return 0;
  const auto top = digits.size() - 1;
  const auto digit = [&](std::size_t below) { return below <= top ? std::uint64_t{digits[top - below]} : 0; };
  const int width = static_cast<int>(std::bit_width(digits[top]));
  const std::uint64_t two = digit(0) << 32 | digit(1), third = digit(2);   // 32 + width bits, and 32
  std::uint64_t leading = two << (32 - width) | third >> width;
  bool more = (third & ((std::uint64_t{1} << width) - 1)) != 0;
  for (std::size_t i = 0; i + 2 < top && !more; ++i) more = digits[i] != 0;
  leading |= more ? 1 : 0;
  return std::ldexp(static_cast<double>(leading), static_cast<int>(32 * top) + width - 64 + lowest);
}

Digits product(const Digits& a, const Digits& b) {
  Digits result(a.size() + b.size() + 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == 0) continue;
    std::uint64_t over = 0;
    for (std::size_t j = 0; j < b.size() || over != 0; ++j) {
      over += std::uint64_t{result[i + j]} + (j < b.size() ? std::uint64_t{a[i]} * b[j] : 0);
      result[i + j] = static_cast<std::uint32_t>(over);
      over >>= 32;
    }
  }
  return trimmed(result);
}

// a - b, which is not negative.
Digits difference(Digits a, const Digits& b) {
  std::int64_t under = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    under += std::int64_t{a[i]} - (i < b.size() ? std::int64_t{b[i]} : 0);
    a[i] = static_cast<std::uint32_t>(under);
    under >>= 32;
  }
  return trimmed(a);
}

}  // namespace

double exact_sum(const std::int64_t* words, int number, int lowest, std::int64_t special) {
  if (special == Dissected::infinite) return HUGE_VAL;
  if (special == Dissected::minus_infinite) return -HUGE_VAL;
  if (special != 0) return std::numeric_limits<double>::quiet_NaN();
  Digits digits;
  const bool negative = digits_of(words, number, digits);
  const double magnitude = rounded(digits, lowest);
  return negative ? -magnitude : magnitude;
}

double exact_variance(const std::int64_t* sum, int words, const std::int64_t* squares, int square_words, int lowest, std::int64_t special, Size n, int less) {
  if (special != 0 || n == 0) return std::numeric_limits<double>::quiet_NaN();
  Digits first, second;
  digits_of(sum, words, first);
  digits_of(squares, square_words, second);
  const auto count = static_cast<std::uint64_t>(n);
  const Digits times = {static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(count >> 32)};
  const int scale = static_cast<int>(std::bit_width(count));   // so that what is divided leaves the range of double only if the variance does
  const double squared = rounded(difference(product(second, times), product(first, first)), 2 * lowest - 2 * scale);
  const auto scaled = [&](Size divisor) { return std::ldexp(static_cast<double>(divisor), -scale); };
  return squared / scaled(n) / scaled(n > less ? n - less : 0);
}

}  // namespace priel::detail
