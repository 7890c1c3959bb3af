// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The kernels of the Host backend as streams of tiles: runs of values in Eigen's packets, from memory where it lies or staged.
#pragma once

#include <priel/backend.hpp>
#include <priel/backend/packets.hpp>

namespace priel::host {

// Elements of a tile: its leaves and its result stay in the first-level cache. Every tile is evaluated whole, the last one padded,
// so that each element passes through the same packet code wherever it lies: results do not depend on how arrays are cut.
inline constexpr int tile = 512;

template <class T>
using Run = Eigen::Map<const Eigen::Array<T, tile, 1>, Eigen::Unaligned>;

// A kernel as runs of `tile` values in C order of the box. This form, for any kernel, stages what `copy` (a kernel's own way to
// read a run, if it has one) or `at` returns.
template <class Kernel, int Root>
class Stream {
 public:
  using Value = typename Kernel::value_type;
  Stream(const Kernel& kernel, const Shape<Root>& extent) : kernel_(kernel), extent_(extent) {}

  auto run(Size begin, int n) {
    Index<Root> i = position_of(extent_, begin);
    if constexpr (requires { kernel_.copy(i, extent_, n, staged_); }) kernel_.copy(i, extent_, n, staged_);
    else for (int j = 0; j < n; ++j, advance(extent_, i)) staged_[j] = kernel_.at(i);
    for (int j = n; j < tile; ++j) staged_[j] = staged_[n - 1];
    return Run<Value>(staged_);
  }

 private:
  Kernel kernel_;
  Shape<Root> extent_;
  alignas(64) Value staged_[tile];
};

// to[j] = from[step j]. Out of line, as all that is compiled once for a type of element and not in every expression.
template <class T>
[[gnu::noinline]] void gather(T* to, const T* from, Size step, int n) {
  if (step == 1) for (int j = 0; j < n; ++j) to[j] = from[j];
  else if (step == 0) for (int j = 0; j < n; ++j) to[j] = *from;
  else for (int j = 0; j < n; ++j) to[j] = from[j * step];
}

// Memory: in place where it is contiguous over the box, else copied row by row.
template <class T, int Root>
class Stream<kernel::Strided<T, Root>, Root> {
 public:
  Stream(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) : leaf_(leaf), extent_(extent), contiguous_(true) {
    const Index<Root> strides = strides_of(extent);
    for (int a = 0; a < Root; ++a) contiguous_ = contiguous_ && (extent[a] == 1 || leaf.stride[a] == strides[a]);
  }

  auto run(Size begin, int n) {
    if (contiguous_ && n == tile) return Run<T>(leaf_.data + begin);
    stage(begin, n);
    return Run<T>(staged_);
  }

 private:
  // Out of line: compiled once for each type of leaf, not in every expression that has one.
  [[gnu::noinline]] void stage(Size begin, int n) {
    if constexpr (Root == 0) staged_[0] = *leaf_.data;
    else if (contiguous_) std::memcpy(staged_, leaf_.data + begin, static_cast<std::size_t>(n) * sizeof(T));
    else {
      Index<Root> i = position_of(extent_, begin);
      const Size step = leaf_.stride[Root - 1];
      for (int done = 0; done < n;) {
        const Size left = extent_[Root - 1] - i[Root - 1];
        const int length = left < n - done ? static_cast<int>(left) : n - done;
        gather(staged_ + done, leaf_.data + leaf_.offset(i), step, length);
        done += length;
        i[Root - 1] += length - 1;
        advance(extent_, i);
      }
    }
    gather(staged_ + n, staged_ + n - 1, 0, tile - n);
  }

  kernel::Strided<T, Root> leaf_;
  Shape<Root> extent_;
  bool contiguous_;
  alignas(64) T staged_[tile];
};

template <class T, int Root>
class Stream<kernel::Constant<T>, Root> {
 public:
  Stream(const kernel::Constant<T>& constant, const Shape<Root>&) : value_(constant.value) {}
  auto run(Size, int) const { return Eigen::Array<T, tile, 1>::Constant(value_); }

 private:
  T value_;
};

template <int Root, class... Kernels>
struct Streams {
  Streams(const kernel::Pack<>&, const Shape<Root>&) {}
};
template <int Root, class Head, class... Tail>
struct Streams<Root, Head, Tail...> {
  Streams(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent) : head(kernels.head, extent), tail(kernels.tail, extent) {}
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
  auto run(Size begin, int n) { return apply(begin, n, streams_); }

 private:
  template <class Head, class... Tail, class... X>
  static auto apply(Size begin, int n, Streams<Root, Head, Tail...>& rest, const X&... x) {
    using Operand = typename Operator::template operand<sizeof...(X)>;
    return apply(begin, n, rest.tail, x..., converted<Operand>(rest.head.run(begin, n)));
  }
  template <class... X>
  static auto apply(Size, int, Streams<Root>&, const X&... x) {
    return converted<typename Operator::result>(Packets<typename Operator::op, Operator, X...>::make(x...));
  }
  Streams<Root, Kernels...> streams_;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"   // packets are vector types; their alignment is not lost here
// Writes the tile's values: whole packets, no scalar heads or tails (which would differ in the last bit).
template <class X, class T>
void store(const X& values, T* out) {
  using Evaluator = Eigen::internal::evaluator<X>;
  const Evaluator evaluator(values);
  if constexpr ((Evaluator::Flags & Eigen::PacketAccessBit) != 0) {
    using Packet = typename Eigen::internal::packet_traits<T>::type;
    constexpr int width = Eigen::internal::unpacket_traits<Packet>::size;
    for (int j = 0; j < tile; j += width)
      Eigen::internal::pstoreu(out + j, evaluator.template packet<Eigen::Unaligned, Packet>(j));
  } else {
    for (int j = 0; j < tile; ++j) out[j] = evaluator.coeff(j);
  }
}

#pragma GCC diagnostic pop

}  // namespace priel::host
