// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the compiler knows of messages: communication_free, collectives_of, can_combine, can_assign.
#include <priel/abstract.hpp>
#include <priel/backend/host.hpp>
#include <priel/explain.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

namespace priel::static_explain {

using S0 = Array<float, 2, Split<0>>;
using S1 = Array<float, 2, Split<1>>;
using R = Array<float, 2>;
const S0& s0();
const S1& s1();
const R& r();

constexpr Collectives none{};

static_assert(communication_free<S0> && communication_free<decltype(2 * s0() + r())>);
static_assert(communication_free<decltype(transpose(s0()))> && communication_free<decltype(s0()(all, 0))>);
static_assert(communication_free<decltype(sum(s0(), axis<1>))>);
static_assert(!communication_free<decltype(sum(s0(), axis<0>))> && !communication_free<decltype(s0() - mean(s0(), axis<0>))>);
static_assert(!communication_free<decltype(s0()(0))> && !communication_free<decltype(redistribute(s0(), split<1>))>);
static_assert(communication_free<decltype(redistribute(r(), split<1>))> && communication_free<decltype(redistribute(s0(), split<0>))>);
static_assert(!communication_free<int>);

// A function that demands it.
template <communication_free E>
void local(const E&);
template <class E>
concept is_local = requires(const E& e) { local(e); };
static_assert(is_local<S0> && !is_local<decltype(sum(s0()))>);

static_assert(collectives_of<S0> == none && collectives_of<S0, Split<0>> == none);
static_assert(collectives_of<S0, Split<1>> == Collective::exchange && collectives_of<S0, Replicated> == Collective::all_gather);
static_assert(collectives_of<R, Split<0>> == none && collectives_of<S1, Replicated> == Collective::exchange);
static_assert(collectives_of<decltype(sum(s0(), axis<0>))> == Collective::all_reduce);
static_assert(collectives_of<decltype(sum(s0(), axis<0>)), Split<0>>.contains(Collective::reduce_scatter));
static_assert(collectives_of<decltype(s0() - mean(s0(), axis<0>)), Split<1>> == (Collectives(Collective::all_reduce) | Collective::exchange));

static_assert(can_combine<Split<0>, Split<0>> && can_combine<Split<0>, Replicated> && can_combine<Generated, Split<1>>);
static_assert(!can_combine<Split<0>, Split<1>>);
static_assert(can_combine<S0, R> && can_combine<S0, double> && !can_combine<S0, S1> && can_combine<S1, Array<float, 1, Split<0>>>);

static_assert(can_assign<S1, S0> && can_assign<R, S0> && can_assign<S0, decltype(sum(s0(), axis<0>, keepdims))>);
static_assert(!can_assign<S0, Array<float, 1>> && !can_assign<Array<int, 2>, S0> && !can_assign<S0, Abstract<float, 2, Split<0>>>);
static_assert(can_assign<Array<double, 2, Split<0>>, S0> && !can_assign<S0, int>);

}  // namespace priel::static_explain
