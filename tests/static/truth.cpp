// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Rank-0 expressions have a truth value, explicitly; arrays have none, and && and || take none.
#include <priel/backend/host.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

namespace {

using namespace priel;

template <class E>
constexpr bool has_truth_value = std::is_constructible_v<bool, E>;
template <class L, class R>
concept And = requires(const L& a, const R& b) { { a && b } -> std::same_as<bool>; { a || b } -> std::same_as<bool>; };

using A = Array<float, 2, Split<0>>;
[[maybe_unused]] const A& a() { throw 0; }
using Sum = decltype(sum(a()));
using Element = decltype(a()(1, 2));

static_assert(has_truth_value<Sum> && has_truth_value<Element> && has_truth_value<decltype(all(a() == 1))> && has_truth_value<Array<bool, 0>>);
static_assert(!has_truth_value<A> && !has_truth_value<decltype(a() == a())> && !has_truth_value<decltype(sum(a(), axis<0>))> && !has_truth_value<Array<bool, 1>>);
static_assert(And<Sum, Sum> && And<Sum, bool> && And<Element, Sum>);
static_assert(!And<A, A> && !And<A, Array<float, 1>> && !And<A, Sum> && !And<Sum, A> && !And<A, bool> && !And<bool, A>);

// No expression becomes a number by itself.
static_assert(!std::is_convertible_v<Sum, bool> && !std::is_convertible_v<Element, float> && !std::is_convertible_v<Array<int, 0>, int>);
static_assert(!std::is_constructible_v<int, Array<int, 0>>);

}  // namespace
