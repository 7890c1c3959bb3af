// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Squared distances from below, in float, as |y|² - 2xy + |x|²: most pairs are ruled out by one multiplication a feature.
#pragma once

#include "lanes.hpp"
#include "../workspace.hpp"

namespace priel::detail::PRIEL_ISA {

#if PRIEL_VECTOR_BYTES == 64
inline constexpr int bound_rows = 6, bound_vectors = 4;
#else
inline constexpr int bound_rows = 4, bound_vectors = 2;
#endif
inline constexpr std::int64_t bound_columns = bound_vectors * lanes<float>;

// With u and v the samples less a centre, rounded to float, each operation errs by 2^-24: what is computed of |u|² + |v|² - 2uv is at most
// (2d + 6) 2^-24 (|u|² + |v|²) and a little of the true squared distance away from where it would be. Twice that, `slack`, is taken off
// the squares beforehand, so that no pair within a limit is ruled out. What passes is measured as search_exactly does.
template <class T>
class Bounds {
 public:
  Bounds(const NearestTask<T>& task, std::int64_t block, Arena& arena)
      : task_(task), slack_(static_cast<double>(4 * task.d + 40) * 0x1p-24), panels_(arena.take<float>(block * task.d)),
        squares_(arena.take<float>(block)), limits_(arena.take<float>(block)), centre_(arena.take<double>(task.d)), rows_(arena.take<float>(bound_rows * task.d)) {}

  // The rows first ... first + samples of y.
  void pack(std::int64_t first, std::int64_t samples) {
    first_ = first;
    samples_ = samples;
    const std::int64_t d = task_.d;
    const T* y = task_.y + first * d;
    for (std::int64_t f = 0; f < d; ++f) {
      double sum = 0, count = 0;
      for (std::int64_t j = 0; j < samples; j += stride) {
        const auto value = static_cast<double>(y[j * d + f]);
        const bool finite = value - value == 0;
        sum += finite ? value : 0;
        count += finite;
      }
      centre_[f] = count > 0 && sum - sum == 0 ? sum / count : 0;
    }
    usable_ = true;
    for (std::int64_t j = 0; j < round_up(samples, bound_columns); ++j) {
      float* to = panels_ + j / bound_columns * bound_columns * d + j % bound_columns;
      const double square = shifted(y + (j < samples ? j : 0) * d, 1, to, bound_columns);
      usable_ = usable_ && !(square > largest);
      squares_[j] = static_cast<float>(square * (1 - slack_));
      limits_[j] = task_.y_limit != nullptr && j < samples ? limit(task_.y_limit[first + j]) : -Number<float>::infinity;
      if (square == square) continue;   // NaN is out of every limit
      squares_[j] = Number<float>::infinity;
      for (std::int64_t f = 0; f < d; ++f) to[f * bound_columns] = 0;
    }
  }

  // Hands over what is within a limit, of `rows` rows of x from i on. False where bounds are no help: nothing was done.
  bool search(std::int64_t i, std::int64_t rows) {
    if (!usable_) return false;
    if (resting_ > 0) {
      --resting_;
      return false;
    }
    const std::int64_t d = task_.d;
    for (std::int64_t r = 0; r < bound_rows; ++r) {
      const double square = shifted(task_.x + (i + (r < rows ? r : 0)) * d, -2, rows_ + r, bound_rows);
      if (square > largest) return false;
      const bool sample = square == square;   // NaN is out of every limit
      own_[r] = sample ? static_cast<float>(square * (1 - slack_)) : Number<float>::infinity;
      own_limits_[r] = sample && r < rows ? limit(task_.x_limit[i + r]) : -Number<float>::infinity;
      for (std::int64_t f = 0; f < d && !sample; ++f) rows_[f * bound_rows + r] = 0;
    }
    rows_here_ = rows;
    const bool settled = own_limits_[0] < Number<float>::infinity && limits_[0] < Number<float>::infinity;
    passed_ = 0;
    for (std::int64_t j = 0; j < samples_; j += bound_columns) tile(i, j);
    measure();
    if (settled && passed_ > rows * samples_ / 8) resting_ = 16;   // samples far from the centre and near each other
    return true;
  }

 private:
  static constexpr std::int64_t stride = 7;         // enough for a centre
  static constexpr int most = 16;                   // pairs that wait: few, because limits fall with each; a multiple of the lanes
  static constexpr double largest = 0x1p96;         // of squares: sums of a few stay in float's range

  // A sample less the centre, times a factor, in float; its square.
  double shifted(const T* sample, float factor, float* to, std::int64_t step) const {
    constexpr int chains = 4;
    double square[chains] = {};
    const auto shift = [&](std::int64_t f, int chain) PRIEL_INLINED {
      const auto value = static_cast<float>(static_cast<double>(sample[f]) - centre_[f]);
      to[f * step] = factor * value;
      square[chain] += static_cast<double>(value) * static_cast<double>(value);
    };
    std::int64_t f = 0;
    for (; f + chains <= task_.d; f += chains) unrolled<chains>([&](auto c) PRIEL_INLINED { shift(f + c, c); });
    for (; f < task_.d; ++f) shift(f, 0);
    return (square[0] + square[1]) + (square[2] + square[3]);
  }

  // What is computed of a pair within the limit is at most this.
  float limit(T exact) const {
    if (static_cast<double>(exact) >= largest) return Number<float>::infinity;
    if (exact < T{}) return -Number<float>::infinity;
    return static_cast<float>((static_cast<double>(exact) * (1 + slack_) + 0x1p-120) * (1 + 0x1p-22));
  }

  void tile(std::int64_t i, std::int64_t j) {
    const float* panel = panels_ + j * task_.d;
    Vec<float> sum[bound_rows][bound_vectors];
    unrolled<bound_vectors>([&](auto v) PRIEL_INLINED {
      const Vec<float> square = at(squares_ + j + v * lanes<float>);
      unrolled<bound_rows>([&](auto r) PRIEL_INLINED { sum[r][v] = square + own_[r]; });
    });
    const float* left = rows_;
    for (std::int64_t f = 0; f < task_.d; ++f, panel += bound_columns, left += bound_rows) {
      Vec<float> other[bound_vectors];
      unrolled<bound_vectors>([&](auto v) PRIEL_INLINED { other[v] = at(panel + v * lanes<float>); });
      unrolled<bound_rows>([&](auto r) PRIEL_INLINED {
        const float value = left[r];
        unrolled<bound_vectors>([&](auto v) PRIEL_INLINED { sum[r][v] += value * other[v]; });
      });
    }
    unsigned rows = 0, vectors = 0;   // that have a pair within a limit
    unrolled<bound_rows>([&](auto r) PRIEL_INLINED {
      Vec<float> least = sum[r][0];
      unrolled<bound_vectors - 1>([&](auto v) PRIEL_INLINED { least = min_of<float>(sum[r][v + 1], least); });
      rows |= within(least, all<float>(own_limits_[r])) != 0 ? 1u << r : 0u;
    });
    unrolled<bound_vectors>([&](auto v) PRIEL_INLINED {
      Vec<float> least = sum[0][v];
      unrolled<bound_rows - 1>([&](auto r) PRIEL_INLINED { least = min_of<float>(sum[r + 1][v], least); });
      vectors |= within(least, at(limits_ + j + v * lanes<float>)) != 0 ? 1u << v : 0u;
    });
    if ((rows | vectors) == 0) return;
    alignas(PRIEL_VECTOR_BYTES) float bound[bound_rows][bound_columns];
    unrolled<bound_rows>([&](auto r) PRIEL_INLINED {
      unrolled<bound_vectors>([&](auto v) PRIEL_INLINED { at(bound[r] + v * lanes<float>) = sum[r][v]; });
    });
    wait(i, j, bound[0], rows, vectors);
  }

  // Which pairs of a tile passed.
  [[gnu::noinline]] void wait(std::int64_t i, std::int64_t j, const float* bound, unsigned rows, unsigned vectors) {
    for (std::int64_t r = 0; r < rows_here_; ++r)
      for (unsigned left = rows >> r & 1 ? (1u << bound_vectors) - 1 : vectors; left != 0; left &= left - 1) {
        const std::int64_t column = j + __builtin_ctz(left) * lanes<float>;
        const Vec<float> here = at(bound + r * bound_columns + column - j);
        unsigned bits = within(here, all<float>(own_limits_[r])) | within(here, at(limits_ + column));
        for (; bits != 0; bits &= bits - 1) {
          const std::int64_t other = column + __builtin_ctz(bits);
          if (other >= samples_) break;
          row_[count_] = i + r;
          column_[count_] = other;
          ++passed_;
          if (++count_ == most) {
            measure();
            for (std::int64_t q = 0; q < rows_here_; ++q) own_limits_[q] = limit(task_.x_limit[i + q]);
          }
        }
      }
  }

  // The distances of the pairs that wait; what is within a limit goes to the caller.
  void measure() {
    const std::int64_t d = task_.d;
    alignas(PRIEL_VECTOR_BYTES) T measures[most];
    for (int begin = 0; begin < count_; begin += lanes<T>) {
      const T *left[lanes<T>], *right[lanes<T>];
      for (int lane = 0; lane < lanes<T>; ++lane) {
        const int pair = begin + lane < count_ ? begin + lane : begin;
        left[lane] = task_.x + row_[pair] * d;
        right[lane] = task_.y + (first_ + column_[pair]) * d;
      }
      Vec<T> sum{};
      for (std::int64_t f = 0; f < d; ++f) {
        Vec<T> a, b;
        for (int lane = 0; lane < lanes<T>; ++lane) a[lane] = left[lane][f], b[lane] = right[lane][f];
        sum = added<T, squared>(sum, b - a);
      }
      at(measures + begin) = sum;
    }
    for (int pair = 0; pair < count_; ++pair) {
      const std::int64_t j = first_ + column_[pair];
      const bool for_x = measures[pair] <= task_.x_limit[row_[pair]], for_y = task_.y_limit != nullptr && measures[pair] <= task_.y_limit[j];
      if (!for_x && !for_y) continue;
      task_.take(task_.found, row_[pair], j, measures[pair], for_x, for_y);
      if (for_y) limits_[column_[pair]] = limit(task_.y_limit[j]);
    }
    count_ = 0;
  }

  const NearestTask<T>& task_;
  double slack_;
  float* panels_;    // [block / bound_columns][d][bound_columns]
  float* squares_;   // [block]
  float* limits_;    // [block]
  double* centre_;   // [d]
  float* rows_;      // [d][bound_rows]
  std::int64_t first_ = 0, samples_ = 0;
  bool usable_ = true;
  int resting_ = 0;
  float own_[bound_rows] = {};
  float own_limits_[bound_rows] = {};
  std::int64_t rows_here_ = 0, passed_ = 0;
  int count_ = 0;
  std::int64_t row_[most] = {}, column_[most] = {};   // the pairs that wait
};

}  // namespace priel::detail::PRIEL_ISA
