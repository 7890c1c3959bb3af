// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Elements as unsigned integers in the same order: what the CPU and the device sort, select and count.
#pragma once

#include <priel/shape.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace priel {

// Elements with an order. NaN comes after everything else, as NumPy sorts it.
template <class T>
concept Ordered = std::is_arithmetic_v<T> && sizeof(T) <= 8;

namespace detail::order {

// How the bits of an element are read.
struct Format {
  int bytes;
  bool floating, is_signed;
};
template <Ordered T>
inline constexpr Format format_of{static_cast<int>(sizeof(T)), std::is_floating_point_v<T>, std::is_signed_v<T>};

// The unsigned integer of T's width.
template <Ordered T>
using key_type = std::conditional_t<
    sizeof(T) == 1, std::uint8_t,
    std::conditional_t<sizeof(T) == 2, std::uint16_t, std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;

template <class Key>
inline constexpr int bits_in = static_cast<int>(8 * sizeof(Key));
template <class Key>
PRIEL_DEVICE constexpr Key top_bit() { return static_cast<Key>(Key{1} << (bits_in<Key> - 1)); }
template <class Key>
PRIEL_DEVICE constexpr Key largest_key() { return static_cast<Key>(~Key{0}); }

template <class Key>
PRIEL_DEVICE constexpr Key infinity_bits() {
  if constexpr (sizeof(Key) == 4) return 0x7f800000u;
  else if constexpr (sizeof(Key) == 8) return 0x7ff0000000000000u;
  else return largest_key<Key>();
}

// A float's bits: negative ones reversed, below the others; NaN above all.
template <class Key>
PRIEL_DEVICE constexpr Key key_of_float(Key bits) {
  const Key magnitude = static_cast<Key>(bits & ~top_bit<Key>());
  if (magnitude > infinity_bits<Key>()) return largest_key<Key>();
  return static_cast<Key>(bits & top_bit<Key>() ? ~bits : bits | top_bit<Key>());
}
template <class Key>
PRIEL_DEVICE constexpr Key float_of_key(Key key) {
  const Key bits = static_cast<Key>(key & top_bit<Key>() ? key & ~top_bit<Key>() : ~key);
  const bool is_nan = (bits & ~top_bit<Key>()) > infinity_bits<Key>();
  return static_cast<Key>(is_nan ? infinity_bits<Key>() | (infinity_bits<Key>() >> 1) : bits);   // the quiet NaN
}

// The key of an element's bits. With `one_zero`, zeros of both signs are the same key.
template <class Key>
PRIEL_DEVICE constexpr Key key_of_bits(Key bits, Format format, bool one_zero) {
  if (format.floating) return key_of_float<Key>(one_zero && bits == top_bit<Key>() ? Key{0} : bits);
  return format.is_signed ? static_cast<Key>(bits ^ top_bit<Key>()) : bits;
}
template <class Key>
PRIEL_DEVICE constexpr Key bits_of_key(Key key, Format format) {
  return format.floating ? float_of_key<Key>(key) : format.is_signed ? static_cast<Key>(key ^ top_bit<Key>()) : key;
}

// The element that has this key.
template <Ordered T>
PRIEL_DEVICE T element_of_key(key_type<T> key) {
  const auto bits = bits_of_key(key, Format{static_cast<int>(sizeof(T)), std::is_floating_point_v<T>, std::is_signed_v<T>});
  T value;
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

}  // namespace detail::order
}  // namespace priel
