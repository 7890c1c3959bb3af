// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Boxes of as few axes as a kernel allows, so that finding a position costs few divisions or none.
#pragma once

#include <priel/kernel.hpp>

namespace priel::device {

// Whether a kernel may be given positions on axis b of a box for those on axes a and b, those between having extent 1: instead of
// (i, j) the one number i * extent[b] + j on axis b, and 0 on axis a. Of a kernel that is not named here: no.
template <class Kernel>
struct Merges {
  template <int Root>
  static constexpr bool ask(const Kernel&, const Shape<Root>&, int, int) { return false; }
};
template <class T>
struct Merges<kernel::Constant<T>> {
  template <int Root>
  static constexpr bool ask(const kernel::Constant<T>&, const Shape<Root>&, int, int) { return true; }
};
template <class T, int Rank>
struct Merges<kernel::Strided<T, Rank>> {
  template <int Root>
  static constexpr bool ask(const kernel::Strided<T, Rank>& leaf, const Shape<Root>& extent, int a, int b) {
    return leaf.stride[a] == leaf.stride[b] * extent[b];
  }
};
template <class Operator, class... Kernels>
struct Merges<kernel::Apply<Operator, Kernels...>> {
  template <int Root>
  static constexpr bool ask(const kernel::Apply<Operator, Kernels...>& apply, const Shape<Root>& extent, int a, int b) {
    return all(apply.kernels, extent, a, b);
  }

 private:
  template <int Root>
  static constexpr bool all(const kernel::Pack<>&, const Shape<Root>&, int, int) { return true; }
  template <class Head, class... Tail, int Root>
  static constexpr bool all(const kernel::Pack<Head, Tail...>& kernels, const Shape<Root>& extent, int a, int b) {
    return Merges<Head>::ask(kernels.head, extent, a, b) && all(kernels.tail, extent, a, b);
  }
};

// The box with axes merged where the kernel and `allowed(a, b)` let them; merged axes have extent 1.
template <class Kernel, int Root, class Allowed>
constexpr Shape<Root> merged(const Kernel& kernel, Shape<Root> extent, Allowed&& allowed) {
  int b = Root - 1;
  while (b > 0 && extent[b] == 1) --b;
  for (int a = b - 1; a >= 0; --a) {
    if (extent[a] == 1) continue;
    if (allowed(a, b) && Merges<Kernel>::ask(kernel, extent, a, b)) {
      extent[b] *= extent[a];
      extent[a] = 1;
    } else b = a;
  }
  return extent;
}
template <class Kernel, int Root>
constexpr Shape<Root> merged(const Kernel& kernel, const Shape<Root>& extent) {
  return merged(kernel, extent, [](int, int) { return true; });
}

// Positions of a box by their number in C order: no division for the outermost axis that is longer than 1, and 32-bit ones for the
// others where they suffice.
template <int Root>
struct Positions {
  Shape<Root> extent;
  int outermost = 0;
  bool flat = true, narrow = true;

  Positions() = default;
  constexpr explicit Positions(const Shape<Root>& box) : extent(box) {
    int longer = 0;
    for (int a = Root - 1; a >= 0; --a) {
      if (box[a] == 1) continue;
      outermost = a;
      ++longer;
    }
    flat = longer < 2;
    narrow = box.size() < (Size{1} << 31);
  }

  PRIEL_DEVICE constexpr Index<Root> at(Size linear) const {
    if (flat) return along(linear);
    return narrow ? divided(static_cast<std::uint32_t>(linear)) : divided(static_cast<std::uint64_t>(linear));
  }
  // Of a flat box.
  PRIEL_DEVICE constexpr Index<Root> along(Size linear) const {
    Index<Root> index;
    for (int a = 0; a < Root; ++a) index[a] = a == outermost ? linear : 0;
    return index;
  }

 private:
  template <class Unsigned>
  PRIEL_DEVICE constexpr Index<Root> divided(Unsigned linear) const {
    Index<Root> index;
    for (int a = Root - 1; a >= 0; --a) {
      if (a == outermost) index[a] = static_cast<Size>(linear);
      else if (a > outermost && extent[a] != 1) {
        const auto length = static_cast<Unsigned>(extent[a]);
        const Unsigned rest = linear / length;
        index[a] = static_cast<Size>(linear - rest * length);
        linear = rest;
      }
    }
    return index;
  }
};

}  // namespace priel::device
