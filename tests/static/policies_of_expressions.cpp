// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The tables of docs and design as types: which policy each expression has, and which expressions there are.
#include <priel/backend/host.hpp>
#include <priel/backend/reference.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/redistribute.hpp>
#include <priel/reproducible.hpp>
#include <priel/slice.hpp>

namespace {

using namespace priel;

// Operands for decltype; never called.
template <class T, int Rank, class Policy>
const Array<T, Rank, Policy>& an() { throw 0; }
template <class E, class P>
constexpr bool is = std::is_same_v<policy_of<E>, P>;
template <class E>
constexpr bool pending = detail::is_partial<policy_of<E>>::value;

using R = Replicated;
const auto& r3 = an<float, 3, R>;
const auto& s0 = an<float, 3, Split<0>>;
const auto& s1 = an<float, 3, Split<1>>;
const auto& s2 = an<float, 3, Split<2>>;
const auto& v = an<float, 1, Split<0>>;
const auto& m1 = an<float, 2, Split<1>>;

// Point-wise.
static_assert(is<decltype(r3() + r3()), R> && is<decltype(s1() * s1()), Split<1>>);
static_assert(is<decltype(r3() - s1()), Split<1>> && is<decltype(s2() / r3()), Split<2>>);
static_assert(is<decltype(2 * s2() + 1), Split<2>> && is<decltype(m1() + v()), Split<1>> && is<decltype(s2() > v()), Split<2>>);
static_assert(is<decltype(where(s0() > 0, r3(), 1)), Split<0>> && is<decltype(maximum(s0(), 0)), Split<0>>);

// Shape.
static_assert(is<decltype(transpose(s0())), Split<2>> && is<decltype(transpose(s1())), Split<1>> && is<decltype(transpose(r3())), R>);
static_assert(is<decltype(permute<1, 2, 0>(s0())), Split<2>> && is<decltype(permute<1, 2, 0>(s1())), Split<0>>);
static_assert(is<decltype(permute<1, 2, 0>(s2())), Split<1>>);
static_assert(is<decltype(v()(all, newaxis)), Split<0>> && is<decltype(v()(newaxis, all)), Split<1>>);
static_assert(is<decltype(s1()(ellipsis, newaxis)), Split<1>> && is<decltype(s1()(newaxis, ellipsis)), Split<2>>);
static_assert(is<decltype(s1()(range(0, 2), all, range(0, 4, 2))), Split<1>>);
static_assert(is<decltype(s1()(0)), Split<0>> && is<decltype(s1()(all, all, 3)), Split<1>> && is<decltype(s2()(1, 2)), Split<0>>);
static_assert(is<decltype(s1()(all, 0)), R> && is<decltype(s0()(1, newaxis)), R>);   // an integer on the split axis
static_assert(rank_of<decltype(s1()(0))> == 2 && rank_of<decltype(s1()(1, 2, 3))> == 0 && rank_of<decltype(s1()(newaxis, 1))> == 3);

// Reductions.
static_assert(is<decltype(sum(s1(), axis<0>)), Split<0>> && is<decltype(mean(s1(), axis<2>)), Split<1>>);
static_assert(is<decltype(var(s1(), axis<-1>)), Split<1>> && is<decltype(max(s2(), axis<0, 1>)), Split<0>>);
static_assert(is<decltype(sum(s2(), axis<0>, keepdims)), Split<2>> && rank_of<decltype(sum(s2(), axis<0>, keepdims))> == 3);
static_assert(is<decltype(sum(r3())), R> && is<decltype(stddev(r3(), axis<0>)), R>);
static_assert(pending<decltype(sum(s1()))> && pending<decltype(min(s1(), axis<1>))> && pending<decltype(any(s0(), axis<0, 2>, keepdims))>);
static_assert(pending<decltype(sum(s1(), reproducible))> && is<decltype(var(s1(), axis<0>, keepdims, ddof<1>, reproducible)), Split<1>>);
static_assert(rank_of<decltype(mean(s0()))> == 0 && rank_of<decltype(mean(s0(), axis<0>))> == 2);

// What stays pending.
template <class E>
const E& a() { throw 0; }
const auto& p = a<decltype(mean(s0(), axis<0>))>;
const auto& q = a<decltype(sum(s0(), axis<0>))>;
const auto& whole_number = a<decltype(sum(an<int, 3, Split<0>>(), axis<0>))>;
static_assert(pending<decltype(-p())> && pending<decltype(3 * p())> && pending<decltype(p() / 2)> && pending<decltype(p() + q())> && pending<decltype(p() - 2 * q())>);
static_assert(pending<decltype(-whole_number())> && pending<decltype(2 * whole_number())> && pending<decltype(whole_number() + whole_number())>);
static_assert(is<decltype(whole_number() / 2), R>);                              // a quotient of integers is not a sum of quotients
static_assert(is<decltype(p() * q()), R> && is<decltype(p() + 1), R> && is<decltype(2 / p()), R> && is<decltype(p() + an<float, 2, R>()), R>);
static_assert(is<decltype(sqrt(p())), R> && is<decltype(p() > q()), R> && is<decltype(max(s0(), axis<0>) + max(s0(), axis<0>)), R>);
static_assert(is<decltype(p() + an<float, 2, Split<1>>()), Split<1>> && is<decltype(s0() - p()), Split<0>>);

// Redistribution and storing.
static_assert(is<decltype(redistribute(s0(), split<1>)), Split<1>> && is<decltype(redistribute(p(), replicated)), R>);
static_assert(is<decltype(redistribute(s0(), replicated)), R> && is<decltype(redistribute(r3(), split<2>)), Split<2>>);
static_assert(std::is_same_v<decltype(eval(p())), Array<float, 2, R>> && std::is_same_v<decltype(eval(2 * s1())), Array<float, 3, Split<1>>>);

// No implicit conversion that would send; explicit ones exist; nothing is sent from R, nor to finish a pending reduction.
template <class From, class To>
constexpr bool implicitly = std::is_convertible_v<From, To>;
template <class From, class To>
constexpr bool explicitly = std::is_constructible_v<To, From>;
static_assert(!implicitly<const Array<float, 3, Split<0>>&, Array<float, 3>> && explicitly<const Array<float, 3, Split<0>>&, Array<float, 3>>);
static_assert(!implicitly<decltype(s0() + s0()), Array<float, 3, Split<1>>> && explicitly<decltype(s0() + s0()), Array<float, 3, Split<1>>>);
static_assert(implicitly<const Array<float, 3>&, Array<float, 3, Split<1>>> && implicitly<decltype(mean(s0(), axis<0>)), Array<float, 2>>);
static_assert(std::is_assignable_v<Array<float, 3>&, decltype(s0() + 1)>);
// Nor one that narrows.
static_assert(!std::is_assignable_v<Array<int, 3, Split<0>>&, decltype(s0() + 1)> && !explicitly<const Array<float, 3>&, Array<int, 3>>);
static_assert(std::is_assignable_v<Array<double, 3, Split<0>>&, decltype(s0() + 1)> && std::is_assignable_v<Array<float, 3>&, const Array<double, 3>&>);

// Generic code asks whether operands combine: the answer is false, not an error.
template <class A, class B>
concept Addable = requires(const A& a, const B& b) { a + b; };
template <class A, class B>
concept HasMaximum = requires(const A& a, const B& b) { maximum(a, b); };
template <class A, class B>
concept Comparable = requires(const A& a, const B& b) { a < b; };
template <class A, class B>
constexpr bool all_of_them = Addable<A, B> && HasMaximum<A, B> && Comparable<A, B>;
template <class A, class B>
constexpr bool none_of_them = !Addable<A, B> && !HasMaximum<A, B> && !Comparable<A, B>;
using A0 = Array<float, 2, Split<0>>;
using A1 = Array<float, 2, Split<1>>;
using V0 = Array<float, 1, Split<0>>;
static_assert(none_of_them<A0, A1> && none_of_them<A1, A0> && none_of_them<A0, V0>);
static_assert(none_of_them<decltype(2 * std::declval<A0>()), decltype(log(std::declval<A1>()))>);
static_assert(all_of_them<A0, A0> && all_of_them<A1, V0> && all_of_them<A0, Array<float, 2>> && all_of_them<A0, float>);
static_assert(none_of_them<A0, Array<float, 2, Split<0>, Reference>>);   // backends do not mix

template <class A>
concept RangeOnFirstAxis = requires(const A& a) { slice(a, range(0, 2)); };
static_assert(!RangeOnFirstAxis<A0> && RangeOnFirstAxis<A1> && RangeOnFirstAxis<Array<float, 2>>);

}  // namespace
