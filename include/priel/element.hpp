// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Element types: which type an operation on two of them computes in (NumPy 2, NEP 50), and which an assignment may convert.
#pragma once

#include <priel/shape.hpp>

#include <complex>
#include <cstdint>
#include <type_traits>

namespace priel {

// The order of kinds: a weak C++ scalar widens an array only if its kind is higher; an assignment never goes down.
enum class Kind { boolean, integer, floating, complex };

namespace detail {

template <class T>
struct is_complex : std::false_type {};
template <class T>
struct is_complex<std::complex<T>> : std::true_type {};

template <class T>
struct real_part { using type = T; };
template <class T>
struct real_part<std::complex<T>> { using type = T; };

template <int Bytes, bool Signed>
using integer_of_size = std::conditional_t<
    Bytes == 1, std::conditional_t<Signed, std::int8_t, std::uint8_t>,
    std::conditional_t<Bytes == 2, std::conditional_t<Signed, std::int16_t, std::uint16_t>,
                       std::conditional_t<Bytes == 4, std::conditional_t<Signed, std::int32_t, std::uint32_t>,
                                          std::conditional_t<Signed, std::int64_t, std::uint64_t>>>>;

}  // namespace detail

template <class T>
inline constexpr Kind kind_of = std::is_same_v<T, bool>          ? Kind::boolean
                                : std::is_integral_v<T>          ? Kind::integer
                                : detail::is_complex<T>::value   ? Kind::complex
                                                                 : Kind::floating;

// A type an array may hold.
template <class T>
concept Element = std::is_arithmetic_v<T> || detail::is_complex<T>::value;

namespace detail {

template <class A, class B>
constexpr auto promote_types() {
  if constexpr (std::is_same_v<A, B>) return A{};
  else if constexpr (kind_of<A> == Kind::complex || kind_of<B> == Kind::complex) {
    using Part = decltype(promote_types<typename real_part<A>::type, typename real_part<B>::type>());
    return std::complex<std::conditional_t<std::is_same_v<Part, float>, float, double>>{};
  } else if constexpr (kind_of<A> == Kind::boolean) return B{};
  else if constexpr (kind_of<B> == Kind::boolean) return A{};
  else if constexpr (kind_of<A> == Kind::floating && kind_of<B> == Kind::floating)
    return std::conditional_t<(sizeof(A) >= sizeof(B)), A, B>{};
  else if constexpr (kind_of<A> == Kind::floating)  // float holds 16-bit integers exactly, not wider ones
    return std::conditional_t<(sizeof(A) > 4 || sizeof(B) <= 2), A, double>{};
  else if constexpr (kind_of<B> == Kind::floating) return promote_types<B, A>();
  else if constexpr (std::is_signed_v<A> == std::is_signed_v<B>)
    return integer_of_size<(sizeof(A) > sizeof(B) ? sizeof(A) : sizeof(B)), std::is_signed_v<A>>{};
  else {
    constexpr auto unsigned_size = std::is_signed_v<A> ? sizeof(B) : sizeof(A);
    constexpr auto signed_size = std::is_signed_v<A> ? sizeof(A) : sizeof(B);
    if constexpr (signed_size > unsigned_size) return integer_of_size<signed_size, true>{};
    else if constexpr (unsigned_size < 8) return integer_of_size<2 * unsigned_size, true>{};
    else return double{};
  }
}

// The type of a C++ scalar on its own: NumPy's bool, int64, float64, complex128, but float stays float.
template <class S>
using scalar_default = std::conditional_t<kind_of<S> == Kind::integer, std::int64_t, S>;

template <class A, bool AWeak, class B, bool BWeak>
constexpr auto promote_weak() {
  if constexpr (AWeak == BWeak) return promote_types<A, B>();
  else if constexpr (AWeak) {
    if constexpr (kind_of<A> <= kind_of<B>) return B{};
    else if constexpr (kind_of<A> == Kind::complex && kind_of<B> == Kind::floating) return std::complex<B>{};
    else return scalar_default<A>{};
  } else return promote_weak<B, BWeak, A, AWeak>();
}

}  // namespace detail

// The common type of two arrays' elements.
template <class A, class B>
using promote = decltype(detail::promote_types<A, B>());

// int8 + int8 stays int8 (wraps), as in NumPy; sums and products of many are 64-bit.
template <class T>
using accumulate_type = std::conditional_t<
    kind_of<T> == Kind::boolean, std::int64_t,
    std::conditional_t<kind_of<T> == Kind::integer,
                       std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>,
                       std::conditional_t<kind_of<T> == Kind::complex, std::complex<double>, double>>>;

// What a sum returns: 64-bit for integers and bool, the element type for floating ones.
template <class T>
using sum_type = std::conditional_t<(kind_of<T> <= Kind::integer), accumulate_type<T>, T>;

// What `/`, mean and floating functions return: double for integers and bool.
template <class T>
using floating_type = std::conditional_t<(kind_of<T> <= Kind::integer), double, T>;

// `=` converts within a kind or upwards; downwards needs astype.
template <class From, class To>
concept Assignable = kind_of<From> <= kind_of<To>;

// A value as another element type: NumPy's astype, but a complex number does not become a real one.
template <class To, class From>
PRIEL_DEVICE constexpr To convert(const From& value) {
  if constexpr (std::is_same_v<To, From>) return value;
  else if constexpr (kind_of<From> != Kind::complex && kind_of<To> != Kind::complex) return static_cast<To>(value);
  else if constexpr (kind_of<From> != Kind::complex) return To(static_cast<typename To::value_type>(value));
  else if constexpr (kind_of<To> == Kind::complex)
    return To(static_cast<typename To::value_type>(value.real()), static_cast<typename To::value_type>(value.imag()));
  else if constexpr (std::is_same_v<To, bool>) return value.real() != 0 || value.imag() != 0;
  else static_assert(kind_of<From> != Kind::complex, "complex elements do not become real ones");
}

}  // namespace priel
