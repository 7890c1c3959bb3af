// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The loops of the Device backend that store a kernel's values: groups of neighbours on CUDA, tiles on Thrust's OpenMP system.
#pragma once

#include <priel/backend/device_axes.hpp>
#include <priel/backend/panels.hpp>

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
    if constexpr (Flat) return convert<T>(kernel.at(positions.along(linear)));
    else return convert<T>(kernel.at(positions.at(linear)));
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

// On the CPU, by tiles as Host's: each is evaluated up to a multiple of the grid, the last one padded, so that an element's value does not
// depend on where a shard begins.
using host::grid, host::padded, host::tile;

// The values of a tile, as a leaf or an operator on leaves reads them; small enough for registers.
template <class T>
struct Staged {
  const T* values;
  T operator[](Size j) const { return values[j]; }
};
template <class T>
struct Same {
  T value;
  T operator[](Size) const { return value; }
};
template <class Operator, class... Values>
struct Applied {
  kernel::Pack<Values...> values;
  typename Operator::result operator[](Size j) const { return call(j, values); }

 private:
  template <class Head, class... Tail, class... X>
  static typename Operator::result call(Size j, const kernel::Pack<Head, Tail...>& rest, X... x) {
    return call(j, rest.tail, x..., convert<typename Operator::template operand<sizeof...(X)>>(rest.head[j]));
  }
  template <class... X>
  static typename Operator::result call(Size, const kernel::Pack<>&, X... x) {
    return static_cast<typename Operator::result>(Operator::function(x...));
  }
};

// A kernel as such tiles: read(begin, n) gives the n values from `begin` on in C order of the box, padded. As Host's streams, whose
// lanes Eigen computes, which units compiled by nvcc do not see.
template <class Kernel, int Root>
class Tiles {
 public:
  using Value = typename Kernel::value_type;
  Tiles(const Kernel& kernel, const Shape<Root>& extent) : kernel_(kernel), extent_(extent) {}

  static int panel_axis() { return -1; }
  void enter(const host::Panel&) {}
  Staged<Value> read(Size begin, Size n) {
    Index<Root> i = position_of(extent_, begin);
    for (Size j = 0; j < n; ++j, advance(extent_, i)) staged_[j] = kernel_.at(i);
    host::pad(staged_, n);
    return {staged_};
  }

 private:
  Kernel kernel_;
  Shape<Root> extent_;
  alignas(64) Value staged_[tile];
};

template <class T, int Root>
class Tiles<kernel::Strided<T, Root>, Root> {
 public:
  Tiles(const kernel::Strided<T, Root>& leaf, const Shape<Root>& extent) : leaf_(leaf.data, leaf.stride.value, extent.begin(), Root, leaf.slack) {}
  int panel_axis() const { return leaf_.panel_axis(); }
  void enter(const host::Panel& panel) { leaf_.enter(panel.begin, panel.step, panel.rows, panel.columns); }
  Staged<T> read(Size begin, Size n) { return {leaf_.run(begin, n)}; }

 private:
  host::StridedStream<T> leaf_;
};

template <class T, int Root>
class Tiles<kernel::Constant<T>, Root> {
 public:
  Tiles(const kernel::Constant<T>& constant, const Shape<Root>&) : value_(constant.value) {}
  static int panel_axis() { return -1; }
  void enter(const host::Panel&) {}
  Same<T> read(Size, Size) const { return {value_}; }

 private:
  T value_;
};

template <int Root, class... Kernels>
struct TilesOf {
  TilesOf(const kernel::Pack<>&, const Shape<Root>&) {}
  static int panel_axis() { return -1; }
  void enter(const host::Panel&) {}
  kernel::Pack<> read(Size, Size) { return {}; }
};
template <int Root, class Head, class... Tail>
struct TilesOf<Root, Head, Tail...> {
  TilesOf(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent) : head(kernels.head, extent), tail(kernels.tail, extent) {}
  int panel_axis() const { return head.panel_axis() >= 0 ? head.panel_axis() : tail.panel_axis(); }
  void enter(const host::Panel& panel) {
    head.enter(panel);
    tail.enter(panel);
  }
  auto read(Size begin, Size n) { return joined(head.read(begin, n), tail.read(begin, n)); }
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
  int panel_axis() const { return operands_.panel_axis(); }
  void enter(const host::Panel& panel) { operands_.enter(panel); }
  auto read(Size begin, Size n) { return applied(operands_.read(begin, n)); }

 private:
  template <class... Values>
  static Applied<Operator, Values...> applied(const kernel::Pack<Values...>& values) { return {values}; }
  TilesOf<Root, Kernels...> operands_;
};

// Elements are only read at the index that is written, so the loop needs no check of overlaps.
template <class Values, class T>
void store_tile(Values values, T* out, Size length) {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep
#endif
  for (Size j = 0; j < length; ++j) out[j] = convert<T>(values[j]);
}
template <class Kernel, int Root, class T>
void write_tile(Tiles<Kernel, Root>& tiles, Size begin, Size n, T* out) {
  if (n == tile) return store_tile(tiles.read(begin, tile), out + begin, tile);
  alignas(64) T values[tile];
  store_tile(tiles.read(begin, n), values, padded(n));
  std::memcpy(static_cast<void*>(out + begin), values, static_cast<std::size_t>(n) * sizeof(T));
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
    for (Size begin = piece * length; begin < end; begin += tile) write_tile(tiles, begin, end - begin < tile ? end - begin : Size{tile}, out);
  }
};

// The same where an operand is transposed.
template <class Kernel, int Root, class T>
struct FillPanels {
  static constexpr Size each = FillPiece<Kernel, Root, T>::length / (host::panel_rows * tile);
  Kernel kernel;
  Shape<Root> extent;
  host::Panels<Root> panels;
  T* out;

  Size work() const { return (panels.count() + each - 1) / each; }

  void operator()(Size piece) const {
    Tiles<Kernel, Root> tiles(kernel, extent);
    for (Size p = piece * each; p < (piece + 1) * each && p < panels.count(); ++p) {
      const host::Panel panel = panels[p];
      tiles.enter(panel);
      for (int r = 0; r < panel.rows; ++r) write_tile(tiles, panel.begin + r * panel.step, panel.columns, out);
    }
  }
};

// The axis along which a transposed operand is contiguous; -1 if there is none.
template <class Kernel, int Root>
int panel_axis(const Kernel& kernel, const Shape<Root>& extent) {
  if (extent.size() <= tile) return -1;
  return Tiles<Kernel, Root>(kernel, extent).panel_axis();
}

}  // namespace priel::device
