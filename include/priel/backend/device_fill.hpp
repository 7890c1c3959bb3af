// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The loops of the Device backend that store a kernel's values: groups of neighbours on CUDA, tiles on Thrust's OpenMP system.
#pragma once

#include <priel/backend/device_axes.hpp>

#include <cstring>

namespace priel::device {

// On CUDA. A warp's threads read and write neighbours, each of them `each` elements, all of which are read before one is written:
// so many reads are under way at a time that memory is kept busy.
template <class Kernel, int Root, class T>
struct FillGroup {
  static constexpr Size lanes = 32, each = 4;
  Kernel kernel;
  Positions<Root> positions;
  Size n;
  T* out;

  static constexpr Size work(Size n) { return (n + lanes * each - 1) / (lanes * each) * lanes; }

  PRIEL_DEVICE void operator()(Size work) const {
    const Size first = work / lanes * (lanes * each) + work % lanes;
    if (positions.flat) store<true>(first);
    else store<false>(first);
  }

 private:
  template <bool Flat>
  PRIEL_DEVICE T value(Size linear) const {
    if constexpr (Flat) return static_cast<T>(kernel.at(positions.along(linear)));
    else return static_cast<T>(kernel.at(positions.at(linear)));
  }
  template <bool Flat>
  PRIEL_DEVICE void store(Size first) const {
    T values[each];
    for (int j = 0; j < each; ++j)
      if (first + j * lanes < n) values[j] = value<Flat>(first + j * lanes);
    for (int j = 0; j < each; ++j)
      if (first + j * lanes < n) out[first + j * lanes] = values[j];
  }
};

// On the CPU. Every tile is evaluated whole, the last one padded: an element's value does not depend on where a shard begins.
inline constexpr int tile = 512;

// `tile` values, as a leaf or an operator on leaves reads them; small enough for registers.
template <class T>
struct Staged {
  const T* values;
  T operator[](int j) const { return values[j]; }
};
template <class T>
struct Same {
  T value;
  T operator[](int) const { return value; }
};
template <class Operator, class... Values>
struct Applied {
  kernel::Pack<Values...> values;
  typename Operator::result operator[](int j) const { return call(j, values); }

 private:
  template <class Head, class... Tail, class... X>
  static typename Operator::result call(int j, const kernel::Pack<Head, Tail...>& rest, X... x) {
    return call(j, rest.tail, x..., static_cast<typename Operator::template operand<sizeof...(X)>>(rest.head[j]));
  }
  template <class... X>
  static typename Operator::result call(int, const kernel::Pack<>&, X... x) {
    return static_cast<typename Operator::result>(Operator::function(x...));
  }
};

// A kernel as such tiles: read(begin, n) gives the n values from `begin` on in C order of the box, padded.
template <class Kernel, int Root>
class Tiles {
 public:
  using Value = typename Kernel::value_type;
  Tiles(const Kernel& kernel, const Shape<Root>& extent) : kernel_(kernel), extent_(extent) {}

  Staged<Value> read(Size begin, int n) {
    Index<Root> i = position_of(extent_, begin);
    for (int j = 0; j < n; ++j, advance(extent_, i)) staged_[j] = kernel_.at(i);
    for (int j = n; j < tile; ++j) staged_[j] = staged_[n - 1];
    return {staged_};
  }

 private:
  Kernel kernel_;
  Shape<Root> extent_;
  alignas(64) Value staged_[tile];
};

// Memory: in place where it is contiguous over the box.
template <class T, int Root>
class Tiles<kernel::Strided<T, Root>, Root> {
 public:
  Tiles(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) : leaf_(leaf), extent_(extent), contiguous_(true) {
    const Index<Root> strides = strides_of(extent);
    for (int a = 0; a < Root; ++a) {
      contiguous_ = contiguous_ && (extent[a] == 1 || leaf.stride[a] == strides[a]);
      if (extent[a] != 1) row_ = a;
    }
  }

  Staged<T> read(Size begin, int n) {
    if (contiguous_ && n == tile) return {leaf_.data + begin};
    stage(begin, n);
    return {staged_};
  }

 private:
  [[gnu::noinline]] void stage(Size begin, int n) {
    if constexpr (Root == 0) staged_[0] = *leaf_.data;
    else {
      Index<Root> i = position_of(extent_, begin);
      const Size step = leaf_.stride[row_];
      for (int done = 0; done < n;) {
        const Size left = extent_[row_] - i[row_];
        const int length = left < n - done ? static_cast<int>(left) : n - done;
        copy_row(staged_ + done, leaf_.data + leaf_.offset(i), step, length);
        done += length;
        i[row_] += length - 1;
        advance(extent_, i);
      }
    }
    copy_row(staged_ + n, staged_ + n - 1, 0, tile - n);
  }
  static void copy_row(T* to, const T* from, Size step, int n) {
    if (step == 1) for (int j = 0; j < n; ++j) to[j] = from[j];
    else if (step == 0) for (int j = 0; j < n; ++j) to[j] = *from;
    else for (int j = 0; j < n; ++j) to[j] = from[j * step];
  }

  kernel::Strided<T, Root> leaf_;
  Shape<Root> extent_;
  bool contiguous_;
  int row_ = 0;   // the innermost axis that is longer than 1
  alignas(64) T staged_[tile];
};

template <class T, int Root>
class Tiles<kernel::Constant<T>, Root> {
 public:
  Tiles(const kernel::Constant<T>& constant, const Shape<Root>&) : value_(constant.value) {}
  Same<T> read(Size, int) const { return {value_}; }

 private:
  T value_;
};

template <int Root, class... Kernels>
struct TilesOf {
  TilesOf(const kernel::Pack<>&, const Shape<Root>&) {}
  kernel::Pack<> read(Size, int) { return {}; }
};
template <int Root, class Head, class... Tail>
struct TilesOf<Root, Head, Tail...> {
  TilesOf(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent) : head(kernels.head, extent), tail(kernels.tail, extent) {}
  auto read(Size begin, int n) { return joined(head.read(begin, n), tail.read(begin, n)); }
  Tiles<Head, Root> head;
  TilesOf<Root, Tail...> tail;

 private:
  template <class First, class... Rest>
  static kernel::Pack<First, Rest...> joined(First first, kernel::Pack<Rest...> rest) { return {first, rest}; }
};

template <class Operator, int Root, class... Kernels>
class Tiles<kernel::Apply<Operator, Kernels...>, Root> {
 public:
  Tiles(const kernel::Apply<Operator, Kernels...>& apply, const Shape<Root>& extent) : operands_(apply.kernels, extent) {}
  auto read(Size begin, int n) { return applied(operands_.read(begin, n)); }

 private:
  template <class... Values>
  static Applied<Operator, Values...> applied(const kernel::Pack<Values...>& values) { return {values}; }
  TilesOf<Root, Kernels...> operands_;
};

// Elements are only read at the index that is written, so the loop needs no check of overlaps.
template <class Values, class T>
void store_tile(Values values, T* out) {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep
#endif
  for (int j = 0; j < tile; ++j) out[j] = static_cast<T>(values[j]);
}

// Some tiles: what a thread does at a time.
template <class Kernel, int Root, class T>
struct FillPiece {
  static constexpr Size length = Size{1} << 16;
  Kernel kernel;
  Shape<Root> extent;
  Size n;
  T* out;

  static constexpr Size work(Size n) { return (n + length - 1) / length; }

  void operator()(Size piece) const {
    Tiles<Kernel, Root> tiles(kernel, extent);
    const Size end = (piece + 1) * length < n ? (piece + 1) * length : n;
    for (Size begin = piece * length; begin < end; begin += tile) {
      if (end - begin >= tile) store_tile(tiles.read(begin, tile), out + begin);
      else {
        alignas(64) T padded[tile];
        const int rest = static_cast<int>(end - begin);
        store_tile(tiles.read(begin, rest), padded);
        std::memcpy(static_cast<void*>(out + begin), padded, static_cast<std::size_t>(rest) * sizeof(T));
      }
    }
  }
};

}  // namespace priel::device
