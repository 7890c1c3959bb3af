// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nonzero and x(mask) on Device: what is chosen is counted, then copied behind each other, in device memory.
#pragma once

#include <priel/algorithms/nonzero.hpp>
#include <priel/backend/device.hpp>

#include <thrust/count.h>

namespace priel {

namespace device {

template <class T>
struct NotZero {
  const T* values;
  PRIEL_DEVICE bool operator()(Size i) const { return values[i] != T{}; }
};

// The global index, axis by axis, of a place in a box.
template <int Rank>
struct IndexOfPlace {
  const Size* places;
  Box<Rank> box;
  Size* indices;

  PRIEL_DEVICE void operator()(Size i) const {
    const Index<Rank> index = position_of(box.extent, places[i]);
    for (int a = 0; a < Rank; ++a) indices[i * Rank + a] = box.lower[a] + index[a];
  }
};

template <class T>
struct GatherRows {
  const T* rows;
  const Size* places;
  Size length;
  T* out;

  PRIEL_DEVICE void operator()(Size i) const { out[i] = rows[places[i / length] * length + i % length]; }
};

}  // namespace device

namespace detail {

template <class B>
  requires std::is_base_of_v<Device, B>
struct LocalChoice<B> {
  template <class T, int Rank>
  static Chosen<Size, B> nonzero(const T* values, const Box<Rank>& box) {
    const auto places = where(box.size(), device::NotZero<T>{values});
    Chosen<Size, B> chosen{make_buffer<Size, B>(places->size() * Rank), places->size()};
    B::for_each(chosen.count, device::IndexOfPlace<Rank>{places->data(), box, chosen.rows->data()});
    return chosen;
  }

  static SharedBuffer<Size, B> places(const bool* marks, Size count) { return where(count, device::NotZero<bool>{marks}); }

  template <class T>
  static Chosen<T, B> marked(const bool* marks, Size count, const T* rows, Size length) {
    const auto places = LocalChoice::places(marks, count);
    Chosen<T, B> chosen{make_buffer<T, B>(places->size() * length), places->size()};
    B::for_each(chosen.rows->size(), device::GatherRows<T>{rows, places->data(), length, chosen.rows->data()});
    return chosen;
  }

 private:
  // The numbers below n that pass, in order.
  template <class Test>
  static SharedBuffer<Size, B> where(Size n, const Test& test) {
    const thrust::counting_iterator<Size> first(0);
    auto places = make_buffer<Size, B>(static_cast<Size>(thrust::count_if(thrust::device, first, first + n, test)));
    thrust::copy_if(thrust::device, first, first + n, places->data(), test);
    return places;
  }
};

}  // namespace detail
}  // namespace priel
