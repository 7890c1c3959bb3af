// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Histograms of many bins on Device: the elements' bins are sorted, and each bin's run is found by binary search.
#pragma once

#include <priel/algorithms/device/between.hpp>
#include <priel/algorithms/histogram.hpp>

namespace priel {

namespace device {

// The bin of every element; what has none comes after all bins.
template <class T, class Kernel, int Root, class Bins>
struct BinOf {
  Kernel kernel;
  Shape<Root> extent;
  Bins bin;
  Size bins;
  std::uint64_t* out;

  PRIEL_DEVICE void operator()(Size i) const {
    const Size found = bin(static_cast<T>(kernel.at(position_of(extent, i))));
    out[i] = static_cast<std::uint64_t>(found < 0 ? bins : found);
  }
};

struct LengthOfRun {
  const std::uint64_t* sorted;
  Size n;
  Size* counts;

  PRIEL_DEVICE void operator()(Size bin) const {
    const auto value = static_cast<std::uint64_t>(bin);
    counts[bin] = count_below(sorted, n, value + 1) - count_below(sorted, n, value);
  }
};

}  // namespace device

namespace detail {

template <class B>
  requires std::is_base_of_v<Device, B>
struct LocalTally<B> {
  template <class T, class Kernel, int Root, class Bins>
  static SharedBuffer<Size, B> sorted(const Kernel& kernel, const Shape<Root>& extent, const Bins& bin, Size bins) {
    const Size n = extent.size();
    Buffer<std::uint64_t, B> found(n);
    B::for_each(n, device::BinOf<T, Kernel, Root, Bins>{kernel, extent, bin, bins, found.data()});
    device::sort_keys<B>(found.data(), 1, n);
    auto counts = make_buffer<Size, B>(bins);
    B::for_each(bins, device::LengthOfRun{found.data(), n, counts->data()});
    return counts;
  }
};

}  // namespace detail
}  // namespace priel
