// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// sort, argsort, topk, percentile and unique on Device: the elements stay there; only what ranks send goes through CPU memory.
#pragma once

#include <priel/algorithms/device/between.hpp>
#include <priel/algorithms/device/largest.hpp>
#include <priel/algorithms/order.hpp>

#include <thrust/unique.h>

namespace priel {

namespace device {

// The largest elements of lines, from reversed keys.
template <Ordered T>
struct WriteLargest {
  const key_type<T>* keys;
  T* out;

  PRIEL_DEVICE void operator()(Size i) const { out[i] = detail::order::element_of_key<T>(static_cast<key_type<T>>(~keys[i])); }
};

struct AsTheyAre {
  PRIEL_DEVICE Adjacent operator()(const Adjacent& found) const { return found; }
};

}  // namespace device

namespace detail::order {

// All of them overwrite the values, which are memory of the backend: C order, as `lines` says.
template <class B>
  requires std::is_base_of_v<Device, B>
struct LocalOrder<B> {
  template <Ordered T>
  static void sort(T* values, const Lines& lines) {
    if (lines.ranks() > 1) {
      const Size bytes = lines.size() * static_cast<Size>(sizeof(T));
      const Bytes staged(bytes);
      B::download(staged.data.get(), values, bytes);
      order::sort(staged.data.get(), format_of<T>, lines, &sort_staged<key_type<T>>);
      return B::upload(values, staged.data.get(), bytes);
    }
    device::sort_keys<B>(device::to_keys<B>(values, lines.size(), false), lines.lines, lines.n);
    B::for_each(lines.size(), device::FromKeys<T>{values});
  }

  template <Ordered T>
  static void argsort(T* values, const Lines& lines, Size* indices) {
    if (lines.ranks() > 1) {
      const Size bytes = lines.size() * static_cast<Size>(sizeof(T));
      const Bytes staged(bytes), places(lines.size() * static_cast<Size>(sizeof(Size)));
      auto* const sorted = reinterpret_cast<Size*>(places.data.get());
      B::download(staged.data.get(), values, bytes);
      order::argsort(staged.data.get(), format_of<T>, lines, sorted, &sort_staged<key_type<T>>);
      return B::upload(indices, sorted, lines.size() * static_cast<Size>(sizeof(Size)));
    }
    device::sort_indices<B>(device::to_keys<B>(values, lines.size(), true), indices, lines.lines, lines.n);
  }

  // As order::top, of whichever of the results is not null.
  template <Ordered T>
  static void top(T* values, const Lines& lines, Size k, T* largest, Size* indices) {
    using Key = key_type<T>;
    const Block held = lines.held();
    const Size kept = std::min(k, held.extent), count = lines.lines * kept, wanted = lines.lines * k;
    Buffer<Key, B> first(count);
    Buffer<Size, B> places(count);
    const Key* const keys = device::to_keys<B>(values, lines.size(), true, true);
    device::first_of_lines<B>(keys, lines.lines, held.extent, kept, first.data(), places.data());
    if (lines.ranks() == 1) {
      if (largest) B::for_each(count, device::WriteLargest<T>{first.data(), largest});
      if (indices) B::copy(indices, places.data(), count * static_cast<Size>(sizeof(Size)));
      return;
    }
    std::vector<Key> my_keys(static_cast<std::size_t>(count));
    std::vector<Size> my_places(my_keys.size()), found(static_cast<std::size_t>(wanted));
    B::download(my_keys.data(), first.data(), count * static_cast<Size>(sizeof(Key)));
    B::download(my_places.data(), places.data(), count * static_cast<Size>(sizeof(Size)));
    for (Size& place : my_places) place += held.lower;
    const Bytes elements(wanted * static_cast<Size>(sizeof(T)));
    merge_top(my_keys.data(), my_places.data(), format_of<T>, lines, k, elements.data.get(), found.data());
    if (largest) B::upload(largest, elements.data.get(), wanted * static_cast<Size>(sizeof(T)));
    if (indices) B::upload(indices, found.data(), wanted * static_cast<Size>(sizeof(Size)));
  }

  // out[line] = f(Adjacent), of whole lines; `out` is memory of the backend.
  template <Ordered T, class F, class R>
  static void each_adjacent(T* values, Size lines, Size n, Size position, const F& f, R* out) {
    const auto* const keys = sorted_keys(values, lines, n);
    B::for_each(lines, device::AtPosition<T, F, R>{keys, n, position, f, out});
  }
  // As order::adjacent, of shares of lines.
  template <Ordered T>
  static std::vector<Adjacent> adjacent(T* values, const Lines& lines, Size held, Size position) {
    if (lines.ranks() == 1) {
      Buffer<Adjacent, B> found(lines.lines);
      each_adjacent(values, lines.lines, held, position, device::AsTheyAre{}, found.data());
      std::vector<Adjacent> result(static_cast<std::size_t>(lines.lines));
      B::download(result.data(), found.data(), lines.lines * static_cast<Size>(sizeof(Adjacent)));
      return result;
    }
    device::SortedShare<B, key_type<T>> share(sorted_keys(values, lines.lines, held), lines.lines, held);
    return order::adjacent(share, format_of<T>, lines, position);
  }
  template <Ordered T>
  static std::vector<Adjacent> adjacent(T* values, const Lines& lines, Size held, const std::vector<Size>& positions) {
    const auto* const keys = sorted_keys(values, lines.lines, held);
    if (lines.ranks() > 1) {
      device::SortedShare<B, key_type<T>> share(keys, lines.lines, held);
      return order::adjacent(share, format_of<T>, lines, positions);
    }
    Buffer<Size, B> at(lines.lines);
    Buffer<Adjacent, B> found(lines.lines);
    B::upload(at.data(), positions.data(), lines.lines * static_cast<Size>(sizeof(Size)));
    B::for_each(lines.lines, device::AtPosition<T, device::AsTheyAre, Adjacent>{keys, held, 0, {}, found.data(), at.data()});
    std::vector<Adjacent> result(positions.size());
    B::download(result.data(), found.data(), lines.lines * static_cast<Size>(sizeof(Adjacent)));
    return result;
  }

  template <Ordered T>
  static Size unique(T* values, Size count) {
    auto* const keys = device::to_keys<B>(values, count, true);
    device::sort_keys<B>(keys, 1, count);
    const Size different = thrust::unique(thrust::device, keys, keys + count) - keys;
    B::for_each(different, device::FromKeys<T>{values});
    return different;
  }

  // As order::unique_across, into memory of the backend.
  template <Ordered T>
  static SharedBuffer<T, B> unique_across(const T* values, Size count, const Communicator& comm) {
    const Bytes staged(count * static_cast<Size>(sizeof(T)));
    B::download(staged.data.get(), values, count * static_cast<Size>(sizeof(T)));
    const auto range = order::unique_across(staged.data.get(), format_of<T>, count, comm, &sort_staged<key_type<T>>);
    auto result = make_buffer<T, B>(static_cast<Size>(range.size() / sizeof(T)));
    B::upload(result->data(), range.data(), static_cast<Size>(range.size()));
    return result;
  }

  // Keys that a message has brought, or is to take away.
  template <class Key>
  static void sort_staged(void* keys, int, Size lines, Size n, Size* indices) {
    const Size count = lines * n, bytes = count * static_cast<Size>(sizeof(Key)), index_bytes = count * static_cast<Size>(sizeof(Size));
    if (count == 0) return;
    Buffer<Key, B> on_device(count);
    B::upload(on_device.data(), keys, bytes);
    if (!indices) {
      device::sort_keys<B>(on_device.data(), lines, n);
      return B::download(keys, on_device.data(), bytes);
    }
    Buffer<Size, B> order(count);
    if (lines > 1) device::sort_indices<B>(on_device.data(), order.data(), lines, n);
    else {
      B::upload(order.data(), indices, index_bytes);
      thrust::stable_sort_by_key(thrust::device, on_device.data(), on_device.data() + n, order.data());
      B::download(keys, on_device.data(), bytes);
    }
    B::download(indices, order.data(), index_bytes);
  }

 private:
  template <Ordered T>
  static const key_type<T>* sorted_keys(T* values, Size lines, Size n) {
    auto* const keys = device::to_keys<B>(values, lines * n, false);
    device::sort_keys<B>(keys, lines, n);
    return keys;
  }
};

}  // namespace detail::order
}  // namespace priel
