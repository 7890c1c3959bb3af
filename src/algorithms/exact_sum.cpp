// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sums in fixed-point words as wide as the range of double.
#include <priel/algorithms/detail/exact_sum.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace priel::detail {

namespace {

constexpr std::size_t infinite = 68, count = 69;
constexpr std::int64_t word = std::int64_t{1} << 32;

}  // namespace

void ExactSum::add(double value) {
  ++words_[count];
  const auto bits = std::bit_cast<std::uint64_t>(value) & ~(std::uint64_t{1} << 63);
  const auto exponent = static_cast<int>(bits >> 52);
  if (exponent == 2047) {
    ++words_[infinite];
    return;
  }
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const std::uint64_t digits = exponent > 0 ? fraction | (std::uint64_t{1} << 52) : fraction;
  const int place = exponent > 0 ? exponent - 1 : 0, shift = place % 32;   // digits * 2^(place - 1074)
  const auto at = static_cast<std::size_t>(place / 32);
  const std::uint64_t low = (digits & 0xffffffff) << shift, high = (digits >> 32) << shift;
  words_[at] += static_cast<std::int64_t>(low & 0xffffffff);
  words_[at + 1] += static_cast<std::int64_t>((low >> 32) + (high & 0xffffffff));
  words_[at + 2] += static_cast<std::int64_t>(high >> 32);
  if (++added_ == 1 << 28) carry();
}

void ExactSum::carry() {
  for (std::size_t i = 0; i + 1 < infinite; ++i) {
    words_[i + 1] += words_[i] / word;
    words_[i] %= word;
  }
  added_ = 0;
}

void ExactSum::over_ranks(const Communicator& comm) {
  carry();
  comm.all_reduce(words_.data(), static_cast<std::int64_t>(words_.size()), sizeof(std::int64_t), [](void* into, const void* from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) static_cast<std::int64_t*>(into)[i] += static_cast<const std::int64_t*>(from)[i];
  });
  carry();
}

double ExactSum::mean() const {
  if (words_[infinite] > 0) return HUGE_VAL;
  ExactSum settled = *this;
  settled.carry();
  int top = static_cast<int>(infinite) - 1;
  while (top > 0 && settled.words_[static_cast<std::size_t>(top)] == 0) --top;
  double sum = 0;
  for (int i = top; i >= 0 && i > top - 4; --i) sum += std::ldexp(static_cast<double>(settled.words_[static_cast<std::size_t>(i)]), 32 * i - 1074);
  return sum / static_cast<double>(std::max<std::int64_t>(words_[count], 1));
}

}  // namespace priel::detail
