// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sorts of lines of keys in device memory: short lines by a thread each, the others by Thrust, all lines at once.
#pragma once

#include <priel/algorithms/detail/keys.hpp>
#include <priel/backend/device.hpp>

#include <thrust/sort.h>

namespace priel::device {

using detail::order::Format;
using detail::order::key_type;

// An element that becomes its key in place, and back. Reversed keys are in order from the largest element on.
template <Ordered T>
struct ToKeys {
  void* elements;
  bool one_zero, reversed;

  PRIEL_DEVICE void operator()(Size i) const {
    constexpr Format format{static_cast<int>(sizeof(T)), std::is_floating_point_v<T>, std::is_signed_v<T>};
    void* const place = static_cast<char*>(elements) + i * static_cast<Size>(sizeof(T));
    key_type<T> bits;
    std::memcpy(&bits, place, sizeof(T));
    const auto key = detail::order::key_of_bits(bits, format, one_zero);
    bits = static_cast<key_type<T>>(reversed ? ~key : key);
    std::memcpy(place, &bits, sizeof(T));
  }
};
template <Ordered T>
struct FromKeys {
  void* keys;

  PRIEL_DEVICE void operator()(Size i) const {
    void* const place = static_cast<char*>(keys) + i * static_cast<Size>(sizeof(T));
    key_type<T> key;
    std::memcpy(&key, place, sizeof(T));
    const T element = detail::order::element_of_key<T>(key);
    std::memcpy(place, &element, sizeof(T));
  }
};
template <class B, Ordered T>
key_type<T>* to_keys(T* elements, Size count, bool one_zero, bool reversed = false) {
  B::for_each(count, ToKeys<T>{elements, one_zero, reversed});
  return reinterpret_cast<key_type<T>*>(elements);
}

// The index on its line of each element, or of the element that has come to its place.
struct OnLine {
  const Size* places;
  Size* indices;
  Size n;

  PRIEL_DEVICE void operator()(Size i) const { indices[i] = (places ? places[i] : i) % n; }
};

// Lines that a thread sorts by insertion.
inline constexpr int short_line = 32;

template <class Key, bool Indexed>
struct SortShort {
  Key* keys;
  Size* indices;
  Size n;

  PRIEL_DEVICE void operator()(Size line) const {
    Key key[short_line];
    Size index[Indexed ? short_line : 1];
    Key* const mine = keys + line * n;
    for (int i = 0; i < n; ++i) {
      const Key next = mine[i];
      int place = i;
      for (; place > 0 && next < key[place - 1]; --place) {
        key[place] = key[place - 1];
        if constexpr (Indexed) index[place] = index[place - 1];
      }
      key[place] = next;
      if constexpr (Indexed) index[place] = indices[line * n + i];
    }
    for (int i = 0; i < n; ++i) {
      mine[i] = key[i];
      if constexpr (Indexed) indices[line * n + i] = index[i];
    }
  }
};

// A line's number above the key, so that one sort orders all lines; and the key again.
template <class Key>
struct Widen {
  const Key* keys;
  std::uint64_t* wide;
  Size n;

  PRIEL_DEVICE void operator()(Size i) const { wide[i] = static_cast<std::uint64_t>(i / n) << 32 | keys[i]; }
};
template <class Key>
struct Narrow {
  const std::uint64_t* wide;
  Key* keys;

  PRIEL_DEVICE void operator()(Size i) const { keys[i] = static_cast<Key>(wide[i]); }
};

// The line of each element, or of the element that has come to its place.
struct LineOf {
  const Size* places;
  std::uint32_t* lines;
  Size n;

  PRIEL_DEVICE void operator()(Size i) const { lines[i] = static_cast<std::uint32_t>((places ? places[i] : i) / n); }
};

// Lines that are long enough to be sorted one after the other.
inline constexpr Size long_line = Size{1} << 18;

// Every line of n, in place.
template <class B, class Key>
void sort_keys(Key* keys, Size lines, Size n) {
  const Size count = lines * n;
  if (n < 2 || count == 0) return;
  if (n <= short_line) B::for_each(lines, SortShort<Key, false>{keys, nullptr, n});
  else if (lines == 1 || n >= long_line) {
    for (Size line = 0; line < lines; ++line) thrust::sort(thrust::device, keys + line * n, keys + (line + 1) * n);
  } else if constexpr (sizeof(Key) <= 4) {
    detail::Buffer<std::uint64_t, B> wide(count);
    B::for_each(count, Widen<Key>{keys, wide.data(), n});
    thrust::sort(thrust::device, wide.data(), wide.data() + count);
    B::for_each(count, Narrow<Key>{wide.data(), keys});
  } else {
    detail::Buffer<std::uint32_t, B> line_of(count);
    B::for_each(count, LineOf{nullptr, line_of.data(), n});
    thrust::stable_sort_by_key(thrust::device, keys, keys + count, line_of.data());
    thrust::stable_sort_by_key(thrust::device, line_of.data(), line_of.data() + count, keys);
  }
}

// The indices on each line of n that sort it; equal keys stay in order. Overwrites the keys.
template <class B, class Key>
void sort_indices(Key* keys, Size* indices, Size lines, Size n) {
  const Size count = lines * n;
  if (count == 0) return;
  const bool one_by_one = lines == 1 || n >= long_line, flat = n > short_line && !one_by_one && sizeof(Key) == 8;
  B::for_each(count, OnLine{nullptr, indices, flat ? count : n});
  if (n <= short_line) B::for_each(lines, SortShort<Key, true>{keys, indices, n});
  else if (one_by_one) {
    for (Size line = 0; line < lines; ++line)
      thrust::stable_sort_by_key(thrust::device, keys + line * n, keys + (line + 1) * n, indices + line * n);
  } else if constexpr (sizeof(Key) <= 4) {
    detail::Buffer<std::uint64_t, B> wide(count);
    B::for_each(count, Widen<Key>{keys, wide.data(), n});
    thrust::stable_sort_by_key(thrust::device, wide.data(), wide.data() + count, indices);
  } else {
    // By key first, then by line: both sorts are stable.
    detail::Buffer<std::uint32_t, B> line_of(count);
    thrust::stable_sort_by_key(thrust::device, keys, keys + count, indices);
    B::for_each(count, LineOf{indices, line_of.data(), n});
    thrust::stable_sort_by_key(thrust::device, line_of.data(), line_of.data() + count, indices);
    B::for_each(count, OnLine{indices, indices, n});
  }
}

}  // namespace priel::device
