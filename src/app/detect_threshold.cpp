// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Order statistics by counting, sums by groups of rows.
#include "detect_threshold.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace priel::app {

namespace {

// Unsigned numbers in the order of the floats, and back.
std::uint32_t key_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
}
float value_of_key(std::uint32_t key) { return std::bit_cast<float>((key >> 31) != 0 ? key & 0x7fffffffu : ~key); }

// How many finite scores have each upper half of a key; with an upper half given, each lower half of those that have it.
std::vector<Size> histogram(const io::Rows& scores, Size dates, const std::uint32_t* upper) {
  std::vector<Size> counts(65536);
  agreed(*world(), [&] {
    for_each_group(scores, dates, own_groups(scores.count()), [&](Size, Size, Size rows, const float* from) {
      std::vector<std::uint32_t> some(65536);   // a piece has fewer elements than these can count
      for (Size i = 0; i < rows * dates; ++i) {
        if (!std::isfinite(from[i])) continue;
        const std::uint32_t key = key_of(from[i]);
        if (!upper) ++some[key >> 16];
        else if (key >> 16 == *upper) ++some[key & 0xffffu];
      }
#pragma omp critical(priel_app_histogram)
      for (std::size_t b = 0; b < some.size(); ++b) counts[b] += some[b];
    });
  });
  sum_over_ranks(counts);
  return counts;
}

// The bin that holds number `index`, counted from 0, which becomes its number within the bin.
std::uint32_t bin_of(const std::vector<Size>& counts, Size& index) {
  std::size_t bin = 0;
  while (index >= counts[bin]) index -= counts[bin++];
  return static_cast<std::uint32_t>(bin);
}

// By date, the sum over the finite scores of value(score, date), and their number.
template <class F>
std::pair<std::vector<double>, std::vector<Size>> finite_sums(const io::Rows& scores, Size dates, F value) {
  const Size rows = scores.count();
  const auto columns = static_cast<std::size_t>(dates);
  std::vector<double> sums(static_cast<std::size_t>(groups_of(rows)) * columns), total(columns);
  std::vector<Size> counts(columns);
  agreed(*world(), [&] {
    for_each_group(scores, dates, own_groups(rows), [&](Size group, Size, Size some, const float* from) {
      double* sum = sums.data() + group * dates;
      std::vector<Size> number(columns);
      for (Size i = 0; i < some; ++i)
        for (Size t = 0; t < dates; ++t) {
          const float score = from[i * dates + t];
          const bool finite = std::isfinite(score);
          sum[t] += finite ? value(score, t) : 0.0;
          number[static_cast<std::size_t>(t)] += finite;
        }
#pragma omp critical(priel_app_sums)
      for (std::size_t t = 0; t < columns; ++t) counts[t] += number[t];
    });
  });
  gather_groups(sums, rows, 0, dates);
  sum_over_ranks(counts);
  for (std::size_t i = 0; i < sums.size(); ++i) total[i % columns] += sums[i];
  return {total, counts};
}

// Of the dates together, where they are not told apart.
template <class T>
void put_together(std::vector<T>& by_date) {
  T all{};
  for (const T& one : by_date) all += one;
  by_date.assign(by_date.size(), all);
}

}  // namespace

double percentile_of(const io::Rows& scores, Size dates, double percent) {
  const std::vector<Size> upper = histogram(scores, dates, nullptr);
  Size finite = 0;
  for (const Size count : upper) finite += count;
  if (finite == 0) return std::numeric_limits<double>::quiet_NaN();
  const double exact = percent / 100 * static_cast<double>(finite - 1);
  const auto below = static_cast<Size>(exact);
  const double rest = exact - static_cast<double>(below);

  std::uint32_t last = 0;
  std::vector<Size> lower;
  const auto number = [&](Size index) {
    const std::uint32_t bin = bin_of(upper, index);
    if (lower.empty() || bin != last) lower = histogram(scores, dates, &bin);
    last = bin;
    return static_cast<double>(value_of_key(bin << 16 | bin_of(lower, index)));
  };
  const double at = number(below);
  if (rest == 0) return at;
  return at + rest * (number(below + 1) - at);
}

std::vector<float> three_sigma_of(const io::Rows& scores, Size dates, bool by_date) {
  auto [sums, counts] = finite_sums(scores, dates, [](float score, Size) { return static_cast<double>(score); });
  if (!by_date) {
    put_together(sums);
    put_together(counts);
  }
  std::vector<double> centre(sums.size());
  const auto number = [&](std::size_t t) { return static_cast<double>(std::max<Size>(counts[t], 1)); };
  for (std::size_t t = 0; t < centre.size(); ++t) centre[t] = sums[t] / number(t);
  std::vector<double> squares = finite_sums(scores, dates, [&](float score, Size t) {
    const double away = static_cast<double>(score) - centre[static_cast<std::size_t>(t)];
    return away * away;
  }).first;
  if (!by_date) put_together(squares);
  std::vector<float> limits;
  for (std::size_t t = 0; t < centre.size(); ++t) limits.push_back(static_cast<float>(centre[t] + 3 * std::sqrt(squares[t] / number(t))));
  if (!by_date) limits.resize(1);
  return limits;
}

}  // namespace priel::app
