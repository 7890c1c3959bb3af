// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Kernels: what a lowered expression is, on every backend: trivially copyable functors of a position in the evaluated box.
#pragma once

#include <priel/element.hpp>
#include <priel/frame.hpp>

namespace priel::kernel {

// Every kernel has `value_type` and `at(position)`. Leaves that read memory are Strided; operators are Apply. The Reference
// and Device backends call `at`; Host gives Strided, Constant and Apply a form in packets and calls `at` for all others.

// A list of kernels (std::tuple is neither trivially copyable nor usable on a device).
template <class... Kernels>
struct Pack {};
template <class Head, class... Tail>
struct Pack<Head, Tail...> {
  Head head;
  Pack<Tail...> tail;
};

template <class... Kernels>
constexpr Pack<Kernels...> pack(Kernels... kernels) {
  if constexpr (sizeof...(Kernels) == 0) return {};
  else return [](auto head, auto... tail) { return Pack<Kernels...>{head, pack(tail...)}; }(kernels...);
}

// Memory under an affine map, 0 strides along broadcast axes.
template <class T, int Root>
struct Strided {
  using value_type = T;
  const T* data;
  Index<Root> stride;
  bool slack = false;   // 63 elements more may be read behind the last one

  PRIEL_DEVICE constexpr Size offset(const Index<Root>& i) const {
    Size sum = 0;
    for (int a = 0; a < Root; ++a) sum += stride[a] * i[a];
    return sum;
  }
  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const { return data[offset(i)]; }
};

template <class T>
struct Constant {
  using value_type = T;
  T value;

  template <int Root>
  PRIEL_DEVICE constexpr T at(const Index<Root>&) const { return value; }
};

template <class Kernel>
inline constexpr bool is_constant = false;
template <class T>
inline constexpr bool is_constant<Constant<T>> = true;
template <class To, class T>
constexpr Constant<To> as(const Constant<T>& constant) { return {convert<To>(constant.value)}; }

// A function of the node's global index.
template <class T, int Root, int Rank, class Function>
struct Generator {
  using value_type = T;
  Frame<Root, Rank> frame;
  Function function;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const { return function(frame.at(i)); }
};

// An operator on kernels; every operand is converted to its entry of Operator::operand<i> first.
template <class Operator, class... Kernels>
struct Apply {
  using value_type = typename Operator::result;
  Pack<Kernels...> kernels;

  template <int Root>
  PRIEL_DEVICE constexpr value_type at(const Index<Root>& i) const { return call(i, kernels); }

 private:
  template <int Root, class... Values, class Head, class... Tail>
  PRIEL_DEVICE static constexpr value_type call(const Index<Root>& i, const Pack<Head, Tail...>& rest, Values... values) {
    using Operand = typename Operator::template operand<sizeof...(Values)>;
    return call(i, rest.tail, values..., convert<Operand>(rest.head.at(i)));
  }
  template <int Root, class... Values>
  PRIEL_DEVICE static constexpr value_type call(const Index<Root>&, const Pack<>&, Values... values) {
    return static_cast<value_type>(Operator::function(values...));
  }
};

// Apply on a list of kernels.
template <class Operator, class Kernels>
struct applied_to;
template <class Operator, class... Kernels>
struct applied_to<Operator, Pack<Kernels...>> { using type = Apply<Operator, Kernels...>; };
template <class Operator, class Kernels>
using ApplyTo = typename applied_to<Operator, Kernels>::type;

// The memory of a box, as a leaf of an expression evaluated under `frame`. `lower` is the box's first global index.
template <class T, int Root, int Rank>
constexpr Strided<T, Root> strided(const T* data, const Box<Rank>& held, const Frame<Root, Rank>& frame, bool slack = false) {
  const Index<Rank> strides = strides_of(held.extent);
  Strided<T, Root> leaf{data, {}, slack};
  Size origin = 0;
  for (int a = 0; a < Rank; ++a) {
    origin += strides[a] * (frame.offset[a] - held.lower[a]);
    if (frame.source[a] >= 0) leaf.stride[frame.source[a]] += strides[a] * frame.step[a];
  }
  if (frame.extent.size() > 0 && held.extent.size() > 0) leaf.data = data + origin;
  return leaf;
}

}  // namespace priel::kernel
