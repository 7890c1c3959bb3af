// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The kernels of the Host backend as streams of tiles: runs of values in Eigen's packets, from memory where it lies or staged.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/functions.hpp>
#include <priel/backend/packets.hpp>
#include <priel/backend/store.hpp>
#include <priel/backend/strided.hpp>

namespace priel::host {

// Where a loop is in its panels (panels.hpp): every row of one is a run of its own.
struct Panel {
  Size begin;     // linear position of its first element
  Size step;      // from one row to the next, linear
  int rows, columns;
};

// A kernel as runs of up to `tile` values in C order of the box. run(begin, n) is an array of Eigen's whose first `padded(n)`
// elements may be read; where it is `direct`, nothing is staged and a run may be of any length. This form, for any kernel, stages what `copy` (a kernel's own way to read a run, if it has one) or `at` returns.
template <class Kernel, int Root>
class Stream {
 public:
  using Value = typename Kernel::value_type;
  Stream(const Kernel& kernel, const Shape<Root>& extent) : kernel_(kernel), extent_(extent) {}

  static int panel_axis() { return -1; }
  static bool direct() { return false; }
  void enter(const Panel&) {}
  auto run(Size begin, Size n) {
    Index<Root> i = position_of(extent_, begin);
    if constexpr (requires { kernel_.copy(i, extent_, 1, staged_); }) kernel_.copy(i, extent_, static_cast<int>(n), staged_);
    else for (Size j = 0; j < n; ++j, advance(extent_, i)) staged_[j] = kernel_.at(i);
    pad(staged_, n);
    return Run<Value>(staged_);
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
  Stream(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) : leaf_(leaf.data, leaf.stride.value, extent.begin(), Root, leaf.slack) {}

  int panel_axis() const { return leaf_.panel_axis(); }
  bool direct() const { return leaf_.direct(); }
  void enter(const Panel& panel) { leaf_.enter(panel.begin, panel.step, panel.rows, panel.columns); }
  auto run(Size begin, Size n) { return Run<T>(leaf_.run(begin, n)); }

 private:
  StridedStream<T> leaf_;
};

template <class T, int Root>
class Stream<kernel::Constant<T>, Root> {
 public:
  Stream(const kernel::Constant<T>& constant, const Shape<Root>&) : value_(constant.value) {}
  static int panel_axis() { return -1; }
  static bool direct() { return true; }
  void enter(const Panel&) {}
  auto run(Size, Size) const { return Eigen::Array<T, tile, 1>::Constant(value_); }

 private:
  T value_;
};

template <int Root, class... Kernels>
struct Streams {
  Streams(const kernel::Pack<>&, const Shape<Root>&) {}
  static int panel_axis() { return -1; }
  static bool direct() { return true; }
  void enter(const Panel&) {}
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
  Stream<Head, Root> head;
  Streams<Root, Tail...> tail;
};

template <class To, class X>
auto converted(const X& x) {
  if constexpr (std::is_same_v<typename X::Scalar, To>) return x;
  else return x.template cast<To>();
}

template <class Operator, int Root, class... Kernels>
class Stream<kernel::Apply<Operator, Kernels...>, Root> {
 public:
  Stream(const kernel::Apply<Operator, Kernels...>& apply, const Shape<Root>& extent) : streams_(apply.kernels, extent) {}
  int panel_axis() const { return streams_.panel_axis(); }
  bool direct() const { return streams_.direct(); }
  void enter(const Panel& panel) { streams_.enter(panel); }
  auto run(Size begin, Size n) { return apply(begin, n, streams_); }

 private:
  template <class Head, class... Tail, class... X>
  static auto apply(Size begin, Size n, Streams<Root, Head, Tail...>& rest, const X&... x) {
    using Operand = typename Operator::template operand<sizeof...(X)>;
    return apply(begin, n, rest.tail, x..., converted<Operand>(rest.head.run(begin, n)));
  }
  template <class... X>
  static auto apply(Size, Size, Streams<Root>&, const X&... x) {
    return converted<typename Operator::result>(Packets<typename Operator::op, Operator, X...>::make(x...));
  }
  Streams<Root, Kernels...> streams_;
};

// A function that is not worth a packet expression of its own: its operand is staged and a loop over the run computes it.
template <class Operator, int Root, class Kernel>
  requires(StagedFunction<typename Operator::op, typename Operator::template operand<0>>)
class Stream<kernel::Apply<Operator, Kernel>, Root> {
  using T = typename Operator::template operand<0>;

 public:
  Stream(const kernel::Apply<Operator, Kernel>& apply, const Shape<Root>& extent) : operand_(apply.kernels.head, extent) {}
  int panel_axis() const { return operand_.panel_axis(); }
  static bool direct() { return false; }
  void enter(const Panel& panel) { operand_.enter(panel); }
  auto run(Size begin, Size n) {
    store(converted<T>(operand_.run(begin, n)), staged_, n);
    call_function<typename Operator::op>(staged_, static_cast<int>(padded(n)));
    return Run<T>(staged_);
  }

 private:
  Stream<Kernel, Root> operand_;
  alignas(64) T staged_[tile];
};

}  // namespace priel::host
