// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Samples in cells of near ones, cut at medians as a k-d tree is (Bentley 1975), and how far cells lie from each other at least.
#pragma once

#include <priel/shape.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace priel::detail {

// Cell b holds the places n * b / cells ... n * (b + 1) / cells; at each of them, which sample it is, and a copy of it.
template <class T>
class Cells {
 public:
  Cells(const T* x, Size n, Size d, Size cells) : d_(d), count_(cells), order(static_cast<std::size_t>(n)), samples(static_cast<std::size_t>(n * d)) {
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Size>(i);
    std::vector<Keyed> keys(order.size());
    cut(x, 0, cells, keys);
    for (std::size_t i = 0; i < order.size(); ++i) std::copy_n(x + order[i] * d, d, samples.data() + static_cast<Size>(i) * d);
    for (Size b = 0; b < cells; ++b) bound(rows(b));
  }

  Size count() const { return count_; }
  Block rows(Size b) const {
    const Size n = static_cast<Size>(order.size()), lower = n * b / count_;
    return {lower, n * (b + 1) / count_ - lower};
  }

  // No pair of finite samples of two cells measures less (a sum of squares, of magnitudes, or the largest of these, as f(sum, gap) adds).
  template <class F>
  double apart(Size a, const Cells& others, Size b, F&& added) const {
    const double *one = box_.data() + 2 * a * d_, *other = others.box_.data() + 2 * b * d_;
    double sum = 0;
    for (Size f = 0; f < d_; ++f, one += 2, other += 2) sum = added(sum, std::max({0.0, one[0] - other[1], other[0] - one[1]}));
    return sum * (1 - 4 * static_cast<double>(d_ + 8) * std::numeric_limits<T>::epsilon()) - std::numeric_limits<T>::min();   // squares in T may underflow
  }

 private:
  using Keyed = std::pair<T, Size>;
  Size d_, count_;
  std::vector<double> box_;   // (cells, d, least and largest)

 public:
  std::vector<Size> order;
  std::vector<T> samples;

 private:
  static T finite_or_0(T value) { return value - value == T{} ? value : T{}; }

  // The feature in which these samples vary most, as a few of them tell.
  Size widest(const T* x, Size lower, Size upper) const {
    const Size step = std::max<Size>(1, (upper - lower) / 128);
    Size best = 0;
    double most = -1;
    for (Size f = 0; f < d_; ++f) {
      double sum = 0, squares = 0, count = 0;
      for (Size i = lower; i < upper; i += step, ++count) {
        const auto value = static_cast<double>(finite_or_0(x[order[static_cast<std::size_t>(i)] * d_ + f]));
        sum += value;
        squares += value * value;
      }
      const double spread = squares - sum / count * sum;
      if (spread > most) {
        most = spread;
        best = f;
      }
    }
    return best;
  }

  void cut(const T* x, Size first, Size last, std::vector<Keyed>& keys) {
    if (last - first < 2 || d_ == 0) return;
    const Size n = static_cast<Size>(order.size()), middle = (first + last) / 2, lower = n * first / count_, upper = n * last / count_;
    const Size feature = widest(x, lower, upper);
    const auto at = [](auto& all, Size i) { return all.begin() + i; };
    for (Size i = lower; i < upper; ++i) {
      const Size sample = *at(order, i);
      *at(keys, i) = {finite_or_0(x[sample * d_ + feature]), sample};
    }
    std::nth_element(at(keys, lower), at(keys, n * middle / count_), at(keys, upper));
    std::transform(at(keys, lower), at(keys, upper), at(order, lower), [](const Keyed& key) { return key.second; });
    cut(x, first, middle, keys);
    cut(x, middle, last, keys);
  }

  void bound(const Block& rows) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (Size f = 0; f < d_; ++f) {
      double least = infinity, largest = -infinity;
      for (Size i = rows.lower; i < rows.lower + rows.extent; ++i) {
        const auto value = static_cast<double>(samples[static_cast<std::size_t>(i * d_ + f)]);
        if (!(value - value == 0)) continue;   // no sample with it is near any
        least = std::min(least, value);
        largest = std::max(largest, value);
      }
      box_.push_back(least);
      box_.push_back(largest);
    }
  }
};

}  // namespace priel::detail
