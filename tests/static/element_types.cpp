// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Element types of expressions where C++ scalars take part; arrays among themselves are compared with NumPy in tests/core.
#include <priel/backend/host.hpp>
#include <priel/policies/replicated.hpp>
#include <priel/reduce.hpp>

namespace {

using namespace priel;

template <class T>
const Array<T, 1>& an();
template <class E, class T>
constexpr bool gives = std::is_same_v<value_of<E>, T>;

// A scalar of the array's kind, or of a lower one, does not widen it.
static_assert(gives<decltype(0.5 * an<float>()), float> && gives<decltype(an<float>() + 1), float> && gives<decltype(an<float>() * true), float>);
static_assert(gives<decltype(an<signed char>() + 1000), signed char> && gives<decltype(an<std::uint8_t>() + true), std::uint8_t>);
static_assert(gives<decltype(std::complex<double>(0, 1) * an<float>()), std::complex<float>>);
// One of a higher kind brings its own type: int is 64-bit as Python's, float stays float.
static_assert(gives<decltype(an<bool>() + 1), std::int64_t> && gives<decltype(an<int>() * 0.5), double> && gives<decltype(an<int>() * 0.5f), float>);

static_assert(gives<decltype(an<int>() / an<int>()), double> && gives<decltype(an<float>() / 2), float> && gives<decltype(floor_divide(an<int>(), 2)), int>);
static_assert(gives<decltype(an<float>() < 1), bool> && gives<decltype(!an<int>()), bool> && gives<decltype(isnan(an<float>())), bool>);
static_assert(gives<decltype(sqrt(an<int>())), double> && gives<decltype(sqrt(an<float>())), float> && gives<decltype(-an<std::int8_t>()), std::int8_t>);
static_assert(gives<decltype(where(an<bool>(), an<float>(), 0)), float> && gives<decltype(where(an<bool>(), 1, -1)), std::int64_t>);
// Functions: double of integers; where bool has no result of its own, int8, as NumPy; the parts of complex numbers are real.
static_assert(gives<decltype(arctan2(an<int>(), an<float>())), double> && gives<decltype(trunc(an<int>())), double> && gives<decltype(round(an<int>())), int>);
static_assert(gives<decltype(an<bool>() << an<bool>()), std::int8_t> && gives<decltype(pow(an<bool>(), an<bool>())), std::int8_t>);
static_assert(gives<decltype(an<bool>() + an<bool>()), bool> && gives<decltype(gcd(an<std::uint8_t>(), an<std::int8_t>())), std::int16_t>);
static_assert(gives<decltype(abs(an<std::complex<float>>())), float> && gives<decltype(angle(an<int>())), double> && gives<decltype(imag(an<int>())), int>);
static_assert(gives<decltype(float_power(an<float>(), 2)), double> && gives<decltype(float_power(an<std::complex<float>>(), 2)), std::complex<double>>);
static_assert(gives<decltype(std::get<1>(frexp(an<float>()))), std::int32_t> && gives<decltype(std::get<0>(frexp(an<float>()))), float>);
static_assert(gives<decltype(ldexp(an<float>(), an<int>())), float> && gives<decltype(isclose(an<float>(), 1)), bool>);
static_assert(gives<decltype(2.0 * an<std::complex<float>>() + 1), std::complex<float>> && gives<decltype(nan_to_num(an<float>())), float>);

static_assert(gives<decltype(sum(an<bool>())), std::int64_t> && gives<decltype(sum(an<std::uint8_t>())), std::uint64_t>);
static_assert(gives<decltype(sum(an<float>())), float> && gives<decltype(mean(an<int>())), double> && gives<decltype(mean(an<float>())), float>);
static_assert(gives<decltype(max(an<std::int8_t>())), std::int8_t> && gives<decltype(count_nonzero(an<float>())), std::int64_t>);
static_assert(gives<decltype(stddev(an<float>())), float> && gives<decltype(prod(an<int>())), std::int64_t> && gives<decltype(all(an<float>())), bool>);

// Conversions stay within a kind or go up.
static_assert(Assignable<double, float> && Assignable<std::int64_t, std::int8_t> && Assignable<int, float> && Assignable<bool, int>);
static_assert(!Assignable<float, int> && !Assignable<int, bool> && !Assignable<std::complex<float>, double>);

}  // namespace
