// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Policies, types and messages of sorts, order statistics, selections and counts, row by row.
#include <priel/priel.hpp>

#include <priel/algorithms/argextreme.hpp>
#include <priel/algorithms/histogram.hpp>
#include <priel/algorithms/percentile.hpp>
#include <priel/algorithms/select.hpp>
#include <priel/algorithms/sort.hpp>
#include <priel/algorithms/topk.hpp>
#include <priel/algorithms/unique.hpp>

namespace {

using namespace priel;

template <class E, class T, int Rank, class P>
constexpr bool is = std::is_same_v<value_of<E>, T> && rank_of<E> == Rank && std::is_same_v<policy_of<E>, P>;
template <class E>
constexpr bool silent = std::remove_cvref_t<E>::collectives.empty();

using R = Array<float, 2>;
using S0 = Array<float, 2, Split<0>>;
using S1 = Array<float, 2, Split<1>>;
using Integers = Array<int, 3, Split<1>>;
const R r;
const S0 s0;
const S1 s1;
const Integers i;

// sort, argsort along a != k, along k
static_assert(is<decltype(sort(s0, axis<1>)), float, 2, Split<0>> && silent<decltype(sort(s0, axis<1>))>);
static_assert(is<decltype(sort(s0, axis<0>)), float, 2, Split<0>>);
static_assert(is<decltype(argsort(s1, axis<-1>)), Size, 2, Split<1>> && !silent<decltype(argsort(s1))>);
static_assert(is<decltype(sort(i, axis<0>)), int, 3, Split<1>>);
static_assert(is<decltype(sort(r)), float, 2, Replicated> && silent<decltype(sort(r))>);
static_assert(is<decltype(sort(arange<int>(3))), int, 1, Replicated>);

// topk, argtopk
static_assert(is<decltype(topk(s0, 2, axis<1>)), float, 2, Split<0>> && silent<decltype(topk(s0, 2, axis<1>))>);
static_assert(is<decltype(argtopk(s0, 2, axis<0>)), Size, 2, Replicated>);

// median, percentile, quantile: S<k - (a < k)> along a != k, R along k and over all
static_assert(is<decltype(median(s1, axis<0>)), float, 1, Split<0>> && silent<decltype(median(s1, axis<0>))>);
static_assert(is<decltype(percentile(s0, 50, axis<1>)), float, 1, Split<0>>);
static_assert(is<decltype(percentile(i, 50, axis<2>)), double, 2, Split<1>>);
static_assert(is<decltype(percentile(i, 50, axis<0>)), double, 2, Split<0>>);
static_assert(is<decltype(quantile(s0, 0.5, axis<0>)), float, 1, Replicated>);
static_assert(is<decltype(median(s0)), float, 0, Replicated> && !silent<decltype(median(s0))>);
static_assert(silent<decltype(median(r))>);

// argmin, argmax
static_assert(is<decltype(argmin(s1, axis<0>)), Size, 1, Split<0>> && silent<decltype(argmin(s1, axis<0>))>);
static_assert(is<decltype(argmax(s1, axis<1>)), Size, 1, Replicated>);
static_assert(is<decltype(argmax(i, axis<0>)), Size, 2, Split<0>>);
static_assert(is<decltype(argmax(i)), Size, 0, Replicated>);

// unique, x(mask), nonzero
static_assert(is<decltype(unique(s1)), float, 1, Split<0>> && is<decltype(unique(r)), float, 1, Replicated>);
static_assert(is<decltype(select(s0, s0 > 0)), float, 1, Split<0>> && is<decltype(select(r, r > 0)), float, 1, Replicated>);
static_assert(is<decltype(select(r, s0 > 0)), float, 1, Split<0>>);
static_assert(is<decltype(select(s0, s0(all, 0) > 0)), float, 2, Split<0>> && is<decltype(select(s1, r(all, 0) > 0)), float, 2, Split<1>>);
static_assert(is<decltype(nonzero(s0)), Size, 2, Split<0>> && is<decltype(nonzero(r)), Size, 2, Replicated>);
template <class X, class M>
concept selectable = requires(const X& x, const M& mask) { select(x, mask); };
static_assert(!selectable<S1, decltype(s1 > 0)> && !selectable<S0, decltype(s1 > 0)> && !selectable<S0, S0>);

// histogram, bincount
static_assert(is<decltype(histogram(s1, 3, 0, 1)), Size, 1, Partial<Summation>> && is<decltype(histogram(r, 3, 0, 1)), Size, 1, Replicated>);
static_assert(is<decltype(bincount(i, 3)), Size, 1, Partial<Summation>>);
static_assert(is<decltype(histogram_bin_edges(s1, 3, 0, 1)), float, 1, Generated>);

static_assert(is<decltype(histogram(s0, 3, 0, 1, s0)), float, 1, Partial<Summation>> && is<decltype(histogram(s0, 3, 0, 1, density)), double, 1, Replicated>);

// Several quantiles, NaN left out
static_assert(is<decltype(percentile(s0, {10, 50}, axis<1>)), float, 2, Split<1>> && silent<decltype(percentile(s0, {10, 50}, axis<1>))>);
static_assert(is<decltype(percentile(s0, {10, 50}, axis<0>)), float, 2, Replicated> && is<decltype(nanmedian(s1, axis<0>)), float, 1, Split<0>>);
static_assert(is<decltype(nanmean(s0, axis<1>)), float, 1, Split<0>> && silent<decltype(nanmean(s0, axis<1>))>);
static_assert(is<decltype(nansum(s0)), float, 0, Partial<Summation>> && is<decltype(nanargmin(s0, axis<1>)), Size, 1, Split<0>>);

// Tables
static_assert(is<decltype(searchsorted(arange<float>(3), s1)), Size, 2, Split<1>> && silent<decltype(searchsorted(arange<float>(3), s1))>);
static_assert(is<decltype(interp(s0, arange<float>(3), arange<float>(3))), double, 2, Split<0>> && is<decltype(digitize(s1, arange<float>(3))), Size, 2, Split<1>>);

// Statistics made of others
static_assert(is<decltype(ptp(s0, axis<1>)), float, 1, Split<0>> && silent<decltype(ptp(s0, axis<1>))>);
static_assert(is<decltype(average(s0, axis<0>, s0)), float, 1, Replicated> && is<decltype(average(s0, axis<1>, s0)), float, 1, Split<0>>);
static_assert(is<decltype(cov(s1)), double, 2, Replicated> && is<decltype(corrcoef(s0, rowvar<false>)), double, 2, Replicated>);
static_assert(is<decltype(cummax(s0, axis<0>)), float, 2, Split<0>> && silent<decltype(cummax(s0, axis<1>))>);
static_assert(is<decltype(gradient(s0, axis<0>)), float, 2, Split<0>> && silent<decltype(gradient(s0, axis<1>))>);
static_assert(is<decltype(trapz(s0)), float, 1, Split<0>> && is<decltype(cross(s0, s0)), float, 2, Split<0>>);

// No order: complex numbers.
template <class X>
concept sortable = requires(const X& x) { sort(x); };
static_assert(sortable<S0> && !sortable<Array<std::complex<float>, 1>>);

}  // namespace
