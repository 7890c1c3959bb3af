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

static_assert(gives<decltype(sum(an<bool>())), std::int64_t> && gives<decltype(sum(an<std::uint8_t>())), std::uint64_t>);
static_assert(gives<decltype(sum(an<float>())), float> && gives<decltype(mean(an<int>())), double> && gives<decltype(mean(an<float>())), float>);
static_assert(gives<decltype(max(an<std::int8_t>())), std::int8_t> && gives<decltype(count_nonzero(an<float>())), std::int64_t>);
static_assert(gives<decltype(stddev(an<float>())), float> && gives<decltype(prod(an<int>())), std::int64_t> && gives<decltype(all(an<float>())), bool>);

// Conversions stay within a kind or go up.
static_assert(Assignable<double, float> && Assignable<std::int64_t, std::int8_t> && Assignable<int, float> && Assignable<bool, int>);
static_assert(!Assignable<float, int> && !Assignable<int, bool> && !Assignable<std::complex<float>, double>);

}  // namespace
