// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The kernels of the Host backend as streams of runs: lanes of values, from memory where it lies or staged.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/functions.hpp>
#include <priel/backend/panels.hpp>
#include <priel/backend/store.hpp>

namespace priel::host {

// A kernel as runs of up to `tile` values in C order of the box. run(begin, n) is a lane whose first `padded(n)` elements may
// be read; where it is `direct`, nothing is staged and a run may be of any length. This form, for any kernel, stages what `copy` (a kernel's own way to read a run, if it has one) or `at` returns.
template <class Kernel, int Root>
class Stream {
 public:
  using Value = typename Kernel::value_type;
  using Lane = MemoryLane<Value>;
  Stream(const Kernel& kernel, const Shape<Root>& extent) : kernel_(kernel), extent_(extent) {}

  static int panel_axis() { return -1; }
  static bool direct() { return false; }
  void enter(const Panel&) {}
  Lane run(Size begin, Size n) {
    Index<Root> i = position_of(extent_, begin);
    if constexpr (requires { kernel_.copy(i, extent_, 1, staged_); }) kernel_.copy(i, extent_, static_cast<int>(n), staged_);
    else for (Size j = 0; j < n; ++j, advance(extent_, i)) staged_[j] = kernel_.at(i);
    pad(staged_, n);
    return {staged_};
  }

 private:
  Kernel kernel_;
  Shape<Root> extent_;
  alignas(64) Value staged_[tile];
};

// Memory: in place where a run of it is contiguous, else staged.
template <class T, int Root>
class Stream<kernel::Strided<T, Root>, Root> {
 public:
  using Lane = MemoryLane<T>;
  Stream(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) : leaf_(leaf.data, leaf.stride.value, extent.begin(), Root, leaf.slack) {}

  int panel_axis() const { return leaf_.panel_axis(); }
  bool direct() const { return leaf_.direct(); }
  void enter(const Panel& panel) { leaf_.enter(panel.begin, panel.step, panel.rows, panel.columns); }
  Lane run(Size begin, Size n) { return {leaf_.run(begin, n)}; }

 private:
  StridedStream<T> leaf_;
};

template <class T, int Root>
class Stream<kernel::Constant<T>, Root> {
 public:
  using Lane = ConstantLane<T>;
  Stream(const kernel::Constant<T>& constant, const Shape<Root>&) : value_(constant.value) {}
  static int panel_axis() { return -1; }
  static bool direct() { return true; }
  void enter(const Panel&) {}
  Lane run(Size, Size) const { return {value_}; }

 private:
  T value_;
};

template <int Root, class... Kernels>
struct Streams {
  Streams(const kernel::Pack<>&, const Shape<Root>&) {}
  static int panel_axis() { return -1; }
  static bool direct() { return true; }
  void enter(const Panel&) {}
  kernel::Pack<> run(Size, Size) { return {}; }
};
template <int Root, class Head, class... Tail>
struct Streams<Root, Head, Tail...> {
  Streams(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent) : head(kernels.head, extent), tail(kernels.tail, extent) {}
  int panel_axis() const { return head.panel_axis() >= 0 ? head.panel_axis() : tail.panel_axis(); }
  bool direct() const { return head.direct() && tail.direct(); }
  void enter(const Panel& panel) {
    head.enter(panel);
    tail.enter(panel);
  }
  kernel::Pack<typename Stream<Head, Root>::Lane, typename Stream<Tail, Root>::Lane...> run(Size begin, Size n) {
    return {head.run(begin, n), tail.run(begin, n)};
  }
  Stream<Head, Root> head;
  Streams<Root, Tail...> tail;
};

template <class Operator, int Root, class... Kernels>
class Stream<kernel::Apply<Operator, Kernels...>, Root> {
 public:
  using Lane = OperatorLane<Operator, typename Stream<Kernels, Root>::Lane...>;
  Stream(const kernel::Apply<Operator, Kernels...>& apply, const Shape<Root>& extent) : streams_(apply.kernels, extent) {}
  int panel_axis() const { return streams_.panel_axis(); }
  bool direct() const { return streams_.direct(); }
  void enter(const Panel& panel) { streams_.enter(panel); }
  Lane run(Size begin, Size n) { return {streams_.run(begin, n)}; }

 private:
  Streams<Root, Kernels...> streams_;
};

// Whether a stream stages an operator's operands to compute it (below).
template <class Operator, class... Kernels>
concept Staged = (sizeof...(Kernels) == 1 && StagedFunction<typename Operator::op, typename Operator::template operand<0>>) ||
    (sizeof...(Kernels) == 2 && StagedFunction2<typename Operator::op, typename Operator::template operand<0>>);

// A function that is not worth a packet expression of its own: its operand is staged and a loop over the run computes it.
template <class Operator, int Root, class Kernel>
  requires(StagedFunction<typename Operator::op, typename Operator::template operand<0>>)
class Stream<kernel::Apply<Operator, Kernel>, Root> {
  using T = typename Operator::template operand<0>;

 public:
  using Lane = MemoryLane<T>;
  Stream(const kernel::Apply<Operator, Kernel>& apply, const Shape<Root>& extent) : operand_(apply.kernels.head, extent) {}
  int panel_axis() const { return operand_.panel_axis(); }
  static bool direct() { return false; }
  void enter(const Panel& panel) { operand_.enter(panel); }
  Lane run(Size begin, Size n) {
    store(operand_.run(begin, n), staged_, n);
    call_function<typename Operator::op>(staged_, padded(n));
    return {staged_};
  }

 private:
  Stream<Kernel, Root> operand_;
  alignas(64) T staged_[tile];
};

// The same of two operands.
template <class Operator, int Root, class Left, class Right>
  requires(StagedFunction2<typename Operator::op, typename Operator::template operand<0>>)
class Stream<kernel::Apply<Operator, Left, Right>, Root> {
  using T = typename Operator::template operand<0>;

 public:
  using Lane = MemoryLane<T>;
  Stream(const kernel::Apply<Operator, Left, Right>& apply, const Shape<Root>& extent) : operands_(apply.kernels, extent) {}
  int panel_axis() const { return operands_.panel_axis(); }
  static bool direct() { return false; }
  void enter(const Panel& panel) { operands_.enter(panel); }
  Lane run(Size begin, Size n) {
    store(operands_.head.run(begin, n), staged_, n);
    store(operands_.tail.head.run(begin, n), others_, n);
    call_function<typename Operator::op>(staged_, others_, padded(n));
    return {staged_};
  }

 private:
  Streams<Root, Left, Right> operands_;
  alignas(64) T staged_[tile];
  alignas(64) T others_[tile];
};

}  // namespace priel::host
