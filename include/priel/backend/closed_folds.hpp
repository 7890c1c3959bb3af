// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statistics on the library's closed kernels: runs of neighbours folded into a state each, and columns folded down rows.
#pragma once

#include <priel/backend/closed.hpp>
#include <priel/op/arithmetic.hpp>
#include <priel/statistic.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace priel::host {

// The elements that have kernels; bool is a byte that is 0 or 1.
template <class T>
concept ClosedElement = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t> ||
                        std::is_same_v<T, std::uint8_t> || std::is_same_v<T, bool>;
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
template <class T>
using Accumulated = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;
template <class T>
const auto& fold_kernels() { return priel::detail::closed_kernels().folds(static_cast<const Stored<T>*>(nullptr)); }

// What a kernel leaves of n elements (a Value), and how it enters the state. Statistics without a specialisation have no kernels.
template <class Statistic>
struct FoldOf {
  static constexpr bool exists = false;
};
template <ClosedElement T>
struct FoldOf<statistic::Sum<T>> {
  static constexpr bool exists = true;
  using Value = Accumulated<T>;
  static constexpr Value identity = 0;
  static auto runs() { return fold_kernels<T>().sum_runs; }
  static auto rows() { return fold_kernels<T>().sum_rows; }
  template <class State>
  static void put(State& s, Value v, Size) { s = op::Add::call(s, static_cast<State>(v)); }
};
// The mean of 64-bit integers is that of their doubles: their sum might wrap.
template <ClosedElement T>
  requires(!std::is_same_v<T, std::int64_t>)
struct FoldOf<statistic::Mean<T>> : FoldOf<statistic::Sum<T>> {};
template <ClosedElement T>
struct FoldOf<statistic::Product<T>> {
  static constexpr bool exists = true;
  using Value = Accumulated<T>;
  static constexpr Value identity = 1;
  static auto runs() { return fold_kernels<T>().product_runs; }
  static auto rows() { return fold_kernels<T>().product_rows; }
  template <class State>
  static void put(State& s, Value v, Size) { s = op::Multiply::call(s, static_cast<State>(v)); }
};
template <ClosedElement T>
struct FoldOf<statistic::Min<T>> {
  static constexpr bool exists = true;
  using Value = Stored<T>;
  static constexpr Value identity = static_cast<Value>(statistic::Min<T>::identity());
  static auto runs() { return fold_kernels<T>().least_runs; }
  static auto rows() { return fold_kernels<T>().least_rows; }
  static void put(T& s, Value v, Size) { statistic::Min<T>::add(s, static_cast<T>(v)); }
};
template <ClosedElement T>
struct FoldOf<statistic::Max<T>> {
  static constexpr bool exists = true;
  using Value = Stored<T>;
  static constexpr Value identity = static_cast<Value>(statistic::Max<T>::identity());
  static auto runs() { return fold_kernels<T>().greatest_runs; }
  static auto rows() { return fold_kernels<T>().greatest_rows; }
  static void put(T& s, Value v, Size) { statistic::Max<T>::add(s, static_cast<T>(v)); }
};
template <ClosedElement T>
struct FoldOf<statistic::CountNonzero<T>> {
  static constexpr bool exists = true;
  using Value = std::int64_t;
  static constexpr Value identity = 0;
  static auto runs() { return fold_kernels<T>().nonzero_runs; }
  static auto rows() { return fold_kernels<T>().nonzero_rows; }
  static void put(std::int64_t& s, Value v, Size) { s += v; }
};
template <ClosedElement T>
struct FoldOf<statistic::Any<T>> : FoldOf<statistic::CountNonzero<T>> {
  static void put(bool& s, std::int64_t v, Size) { s = s || v > 0; }
};
template <ClosedElement T>
struct FoldOf<statistic::All<T>> : FoldOf<statistic::CountNonzero<T>> {
  static void put(bool& s, std::int64_t v, Size n) { s = s && v == n; }
};

// Runs are folded this many at a time.
inline constexpr Size runs_at_most = 512;

// What a pass does with one statistic on one thread, whatever it is. Elements are given by their address.
class Folded {
 public:
  virtual ~Folded() = default;
  // `count` runs of `length` elements each, into the states from `at`.
  virtual void runs(Size at, const void* x, Size count, Size length) = 0;
  // Columns from here on are new.
  virtual void begin(Size columns) = 0;
  virtual void rows(const void* x, Size stride, Size rows, Size columns) = 0;
  // Column c belongs to state at + (first + c) % period; it has had `whole` elements, the first `longer` columns one more.
  virtual void end(Size at, Size first, Size period, Size columns, Size whole, Size longer) = 0;
};

// How high the moments are that a statistic's states hold, if any: 1 a sum in double, 2 a variance's state.
template <class Statistic>
inline constexpr int moment_order = 0;
template <class T>
inline constexpr int moment_order<statistic::Sum<T>> = kind_of<T> == Kind::floating ? 1 : 0;
template <class T>
inline constexpr int moment_order<statistic::Mean<T>> = kind_of<T> != Kind::complex ? 1 : 0;
template <class T>
inline constexpr int moment_order<statistic::Variance<T>> = 2;
template <class T>
inline constexpr int moment_order<statistic::Stddev<T>> = 2;

// The states of another statistic, of moments of the same elements that are not higher: they get what they want from the work of this one.
struct Rider {
  int order;
  void* states;
};
using Riders = std::vector<Rider>;

// A thread's part of one statistic: where its states are, and accumulators for columns. Statistics of order 2 or more take riders.
template <class Statistic>
class Folding final : public Folded {
  using Fold = FoldOf<Statistic>;
  using T = typename Statistic::element;
  using Value = typename Fold::Value;

 public:
  static constexpr Size elements_at_most = Size{1} << 16;   // of a run at a time
  Folding(typename Statistic::state* states, const Riders&) : states_(states) {}

  void runs(Size at, const void* x, Size count, Size length) override {
    if (!states_) return;
    Value values[runs_at_most];
    Fold::runs()(static_cast<const Stored<T>*>(x), count, length, values);
    for (Size i = 0; i < count; ++i) Fold::put(states_[at + i], values[i], length);
  }
  static void finish(const T* x, Size count, Size length, typename Statistic::result* out) {
    Value values[runs_at_most];
    Fold::runs()(reinterpret_cast<const Stored<T>*>(x), count, length, values);
    for (Size i = 0; i < count; ++i) {
      auto state = Statistic::identity();
      Fold::put(state, values[i], length);
      out[i] = Statistic::value(state, length);
    }
  }
  void begin(Size columns) override {
    if (!states_) return;
    if (columns > held_) values_ = std::make_unique<Value[]>(static_cast<std::size_t>(held_ = columns));
    for (Size c = 0; c < columns; ++c) values_[static_cast<std::size_t>(c)] = Fold::identity;
  }
  void rows(const void* x, Size stride, Size rows, Size columns) override {
    if (states_) Fold::rows()(static_cast<const Stored<T>*>(x), stride, rows, columns, values_.get());
  }
  void end(Size at, Size first, Size period, Size columns, Size whole, Size longer) override {
    if (!states_) return;
    Size to = first % period;
    for (Size c = 0; c < columns; ++c, to = to + 1 == period ? 0 : to + 1)
      Fold::put(states_[at + to], values_[static_cast<std::size_t>(c)], whole + (c < longer ? 1 : 0));
  }

 private:
  typename Statistic::state* states_;
  Size held_ = 0;
  std::unique_ptr<Value[]> values_;
};

template <ClosedElement T>
struct FoldOf<statistic::Variance<T>> {
  static constexpr bool exists = true;
};
template <ClosedElement T>
struct FoldOf<statistic::Stddev<T>> : FoldOf<statistic::Variance<T>> {};

// A part of the elements of state `at`, to a mean, a sum or a variance of them.
template <class T>
void give(const Rider& rider, Size at, const typename statistic::Variance<T>::state& part) {
  if (rider.order == 1) static_cast<double*>(rider.states)[at] += part.n * part.mean;
  else statistic::Variance<T>::merge(static_cast<typename statistic::Variance<T>::state*>(rider.states)[at], part);
}

template <class Statistic>
class FoldingSquares : public Folded {
  using T = typename Statistic::element;

 public:
  static constexpr Size elements_at_most = Size{1} << 16;
  FoldingSquares(typename Statistic::state* states, Riders riders) : states_(states), riders_(std::move(riders)) {}

  void runs(Size at, const void* x, Size count, Size length) override {
    if (!states_) return;
    if (length > piece) {
      for (Size i = 0; i < count; ++i) long_run(at + i, static_cast<const Stored<T>*>(x) + i * length, length);
      return;
    }
    double mean[runs_at_most], squares[runs_at_most];
    fold_kernels<T>().moment_runs(static_cast<const Stored<T>*>(x), count, length, mean, squares);
    for (Size i = 0; i < count; ++i) put(at + i, static_cast<double>(length), mean[i], squares[i]);
  }
  static void finish(const T* x, Size count, Size length, typename Statistic::result* out) {
    double mean[runs_at_most], squares[runs_at_most];
    fold_kernels<T>().moment_runs(reinterpret_cast<const Stored<T>*>(x), count, length, mean, squares);
    if constexpr (std::is_same_v<typename Statistic::result, float>) {   // rounded to a float, this product is the quotient but for one in 10^8
      const double part = 1 / static_cast<double>(length);
      for (Size i = 0; i < count; ++i) out[i] = Statistic::value({1, mean[i], squares[i] * part}, 1);
    } else {
      for (Size i = 0; i < count; ++i) out[i] = Statistic::value({static_cast<double>(length), mean[i], squares[i]}, length);
    }
  }
  void begin(Size columns) override {
    if (!states_) return;
    if (columns > held_) values_ = std::make_unique<double[]>(static_cast<std::size_t>(3 * (held_ = columns)));
    for (Size c = 0; c < 2 * held_; ++c) values_[static_cast<std::size_t>(held_ + c)] = 0;
    shifted_ = 0;
  }
  void rows(const void* from, Size stride, Size rows, Size columns) override {
    if (!states_) return;
    const T* const x = static_cast<const T*>(from);
    double* const shift = values_.get();
    for (; shifted_ < columns; ++shifted_) {
      const double first = static_cast<double>(x[shifted_]);
      shift[shifted_] = first - first == 0 ? first : 0;
    }
    fold_kernels<T>().moment_rows(reinterpret_cast<const Stored<T>*>(x), stride, rows, columns, shift, shift + held_, shift + 2 * held_);
  }
  void end(Size at, Size first, Size period, Size columns, Size whole, Size longer) override {
    if (!states_) return;
    const double *const shift = values_.get(), *const sum = shift + held_, *const square = sum + held_;
    Size to = first % period;
    for (Size c = 0; c < columns; ++c, to = to + 1 == period ? 0 : to + 1) {
      const double n = static_cast<double>(whole + (c < longer ? 1 : 0));
      if (n == 0) continue;
      double squares = square[c] - sum[c] * (sum[c] / n);
      if (squares != squares && sum[c] - sum[c] == 0) squares = square[c];   // too large for double, not undefined
      put(at + to, n, shift[c] + sum[c] / n, squares < 0 ? 0 : squares);
    }
  }

 private:
  static constexpr Size piece = priel::detail::moments_at_most;

  // Pieces of one length beside each other, which are merged at once: squared deviations from the mean of their means.
  void long_run(Size at, const Stored<T>* x, Size length) {
    double mean[elements_at_most / piece], squares[elements_at_most / piece];
    const Size pieces = length / piece, rest = length % piece;
    fold_kernels<T>().moment_runs(x, pieces, piece, mean, squares);
    double average = mean[0], all = 0;
    for (Size i = 1; i < pieces; ++i) average += (mean[i] - mean[0]) * (1 / static_cast<double>(pieces));
    for (Size i = 0; i < pieces; ++i) all += squares[i] + (mean[i] - average) * (mean[i] - average) * static_cast<double>(piece);
    put(at, static_cast<double>(pieces * piece), average, all);
    if (rest == 0) return;
    fold_kernels<T>().moment_runs(x + pieces * piece, 1, rest, mean, squares);
    put(at, static_cast<double>(rest), mean[0], squares[0]);
  }
  void put(Size at, double n, double mean, double squares) {
    Statistic::merge(states_[at], {n, mean, squares});
    for (const Rider& rider : riders_) give<T>(rider, at, {n, mean, squares});
  }

  typename Statistic::state* states_;
  Riders riders_;
  Size held_ = 0, shifted_ = 0;
  std::unique_ptr<double[]> values_;
};

template <class T>
class Folding<statistic::Variance<T>> final : public FoldingSquares<statistic::Variance<T>> {
  using FoldingSquares<statistic::Variance<T>>::FoldingSquares;
};
template <class T>
class Folding<statistic::Stddev<T>> final : public FoldingSquares<statistic::Stddev<T>> {
  using FoldingSquares<statistic::Stddev<T>>::FoldingSquares;
};

}  // namespace priel::host
