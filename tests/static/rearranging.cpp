// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Policies and element types of creators, of views that repeat or pick elements, of diagonals and of sets; what may send.
#include <priel/priel.hpp>

namespace {

using namespace priel;

template <class T, int Rank, class P>
using A = Array<T, Rank, P>;
using R = A<float, 3, Replicated>;
using S0 = A<float, 3, Split<0>>;
using S1 = A<float, 3, Split<1>>;
using S2 = A<float, 3, Split<2>>;
using V = A<float, 1, Split<0>>;
using W = A<float, 1, Replicated>;

template <class E>
const E& x = *static_cast<const E*>(nullptr);
template <class F, class P>
constexpr bool has = std::is_same_v<policy_of<F>, P>;

// Creators: Generated, or the policy of the tag; the _like forms take the operand's.
static_assert(has<decltype(eye<float>(3)), Generated> && has<decltype(eye<float>(3, 4, split<1>)), Split<1>>);
static_assert(has<decltype(linspace(0, 1, 5)), Generated> && has<decltype(geomspace(1, 8, 4, split<0>)), Split<0>>);
static_assert(has<decltype(zeros_like(x<S1>)), Split<1>> && has<decltype(ones_like<int>(x<decltype(arange(3))>)), Replicated>);
static_assert(std::is_same_v<value_of<decltype(ones_like<int>(x<S1>))>, int> && std::is_same_v<backend_of<decltype(zeros_like(x<A<int, 1, Replicated>>))>, default_backend>);
static_assert(std::is_same_v<value_of<decltype(arange(3))>, Size> && std::is_same_v<value_of<decltype(arange(0, 1, 0.5))>, double> &&
              std::is_same_v<value_of<decltype(arange(0.f, 1.f))>, float> && std::is_same_v<value_of<decltype(arange<short>(3))>, short>);

// Repeated along axes that the operand has not: views.
constexpr Size four[4] = {2, 3, 4, 5};
using Repeated = decltype(broadcast_to(x<S1>, four));
static_assert(has<Repeated, Split<2>> && communication_free<Repeated>);
using Grids = decltype(meshgrid(x<V>, x<W>));
static_assert(has<std::tuple_element_t<0, Grids>, Split<1>> && has<std::tuple_element_t<1, Grids>, Replicated>);
static_assert(has<decltype(atleast_3d(x<V>)), Split<1>> && has<decltype(atleast_2d(x<V>)), Split<1>> && has<decltype(atleast_1d(x<S2>)), Split<2>>);

// A diagonal across ranks is a range of the split axis.
static_assert(has<decltype(diagonal(x<S0>)), Window<1>> && has<decltype(diagonal(x<S1>)), Window<1>> && has<decltype(diagonal(x<S2>)), Split<0>> &&
              has<decltype(diagonal(x<R>)), Replicated>);
static_assert(has<decltype(diagonal(x<S1>, 0, axis<0, 2>)), Split<0>> && has<decltype(diagonal(x<S0>, 0, axis<0, 2>)), Window<1>>);
static_assert(has<decltype(eval(diagonal(x<S0>))), Split<1>>);
static_assert(has<decltype(diag(x<V>)), Split<0>> && communication_free<decltype(diag(x<V>))> && !communication_free<decltype(diag(x<V>, 1))>);
static_assert(has<decltype(tril(x<S2>)), Split<2>> && has<decltype(triu(x<V>)), Split<1>>);

// Turned and joined.
static_assert(has<decltype(rot90(x<S0>)), Split<1>> && has<decltype(rot90<2>(x<S0>)), Split<0>> && has<decltype(rot90<-1>(x<S2>)), Split<2>>);
static_assert(communication_free<decltype(rot90(x<S0>))> && !communication_free<decltype(rot90(x<S1>))> && communication_free<decltype(flip(x<S0>, axis<1, 2>))>);
static_assert(has<decltype(column_stack(x<V>, x<W>)), Split<0>> && communication_free<decltype(column_stack(x<V>, x<W>))>);
static_assert(has<decltype(insert(x<S1>, 0, 1, axis<0>)), Split<1>> && communication_free<decltype(insert(x<S1>, 0, 1, axis<0>))>);
static_assert(has<decltype(erase(x<S1>, 0, axis<1>)), Split<1>> && !communication_free<decltype(erase(x<S1>, 0, axis<1>))>);
static_assert(has<decltype(repeat(x<S1>, std::vector<Size>{}, axis<1>)), Split<1>> && communication_free<decltype(repeat(x<S1>, std::vector<Size>{}, axis<0>))>);

// Elements by indices.
template <class P>
using I3 = A<Size, 3, P>;
static_assert(has<decltype(take_along_axis(x<S0>, x<I3<Split<0>>>, axis<1>)), Split<0>> && has<decltype(take_along_axis(x<R>, x<I3<Split<1>>>, axis<1>)), Split<1>>);
static_assert(communication_free<decltype(take_along_axis(x<S0>, x<I3<Split<0>>>, axis<1>))>);
static_assert(has<decltype(take_along_axis(x<S1>, x<I3<Split<1>>>, axis<1>)), Split<1>> && !communication_free<decltype(take_along_axis(x<S1>, x<I3<Split<1>>>, axis<1>))>);
static_assert(std::is_same_v<value_of<decltype(choose(x<A<int, 1, Split<0>>>, x<V>, 2.5, x<W>))>, float>);

// Sets.
static_assert(std::tuple_size_v<decltype(unique(x<S0>, return_index, return_counts))> == 3);
template <class E>
concept unique_with_counts = requires(const E& e) { unique(e, return_counts); };
static_assert(unique_with_counts<R> && unique_with_counts<S0> && !unique_with_counts<S1>);
static_assert(has<decltype(isin(x<S2>, x<V>)), Split<2>> && has<decltype(union1d(x<S2>, x<W>)), Split<0>> && has<decltype(setdiff1d(x<W>, x<V>)), Replicated>);

}  // namespace
