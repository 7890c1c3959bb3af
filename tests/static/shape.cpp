// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Policies and element types of the functions that change shapes, join arrays and scan them; what may send, and what is refused.
#include <priel/priel.hpp>

namespace {

using namespace priel;

template <class T, int Rank, class P>
using A = Array<T, Rank, P>;
using R = A<float, 3, Replicated>;
using S0 = A<float, 3, Split<0>>;
using S1 = A<float, 3, Split<1>>;
using S2 = A<float, 3, Split<2>>;
using G = decltype(full<float>({1, 2, 3}, 1));

template <class E>
using X = const E&;

// Views: the split axis goes where its axis goes.
template <class E>
auto moved(X<E> x) { return moveaxis<0, 2>(x); }
template <class E>
auto swapped(X<E> x) { return swapaxes<0, -1>(x); }
template <class E>
auto expanded(X<E> x) { return expand_dims<1>(x); }
template <class E>
auto squeezed(X<E> x) { return squeeze<1>(x); }
template <class F, class P>
constexpr bool has = std::is_same_v<policy_of<F>, P>;
static_assert(has<decltype(moved<S0>(std::declval<S0>())), Split<2>> &&
              has<decltype(moved<S1>(std::declval<S1>())), Split<0>>);
static_assert(has<decltype(swapped<S0>(std::declval<S0>())), Split<2>> &&
              has<decltype(swapped<S1>(std::declval<S1>())), Split<1>>);
static_assert(has<decltype(expanded<S0>(std::declval<S0>())), Split<0>> &&
              has<decltype(expanded<S1>(std::declval<S1>())), Split<2>>);
static_assert(has<decltype(expanded<R>(std::declval<R>())), Replicated> &&
              has<decltype(expanded<G>(std::declval<G>())), Generated>);
static_assert(has<decltype(squeezed<S0>(std::declval<S0>())), Split<0>> &&
              has<decltype(squeezed<S2>(std::declval<S2>())), Split<1>>);

// One operand: the policy stays; along the split axis something may be sent, along others nothing.
template <class E, int Axis>
using rolled = decltype(roll(std::declval<X<E>>(), 1, axis<Axis>));
template <class E, int Axis>
using flipped = decltype(flip(std::declval<X<E>>(), axis<Axis>));
template <class E, int Axis>
using repeated = decltype(repeat(std::declval<X<E>>(), 2, axis<Axis>));
template <class E, int Axis>
using differences = decltype(diff(std::declval<X<E>>(), axis<Axis>));
template <class E, int Axis>
using summed = decltype(cumsum(std::declval<X<E>>(), axis<Axis>));
template <class E, int Axis>
using multiplied = decltype(cumprod(std::declval<X<E>>(), axis<Axis>));

template <template <class, int> class F>
constexpr bool keeps_policy = has<F<S0, 0>, Split<0>> && has<F<S1, 0>, Split<1>> && has<F<S2, -1>, Split<2>> && has<F<R, 1>, Replicated>;
template <template <class, int> class F>
constexpr bool sends_across = !communication_free<F<S0, 0>> && communication_free<F<S1, 0>> &&
    communication_free<F<S0, 2>> && communication_free<F<R, 0>>;
static_assert(keeps_policy<rolled> && keeps_policy<flipped> && keeps_policy<repeated> &&
              keeps_policy<differences> && keeps_policy<summed> && keeps_policy<multiplied>);
static_assert(sends_across<rolled> && sends_across<flipped> && sends_across<repeated> &&
              sends_across<differences> && sends_across<summed> && sends_across<multiplied>);
static_assert(collectives_of<rolled<S0, 0>> == Collectives(Collective::exchange) && collectives_of<summed<S0, 0>> == Collectives(Collective::scan));
static_assert(has<rolled<G, 0>, Generated>);

constexpr Size widths[3][2] = {};
constexpr Size times[3] = {1, 1, 1};
static_assert(has<decltype(pad(std::declval<S1>(), widths, 0)), Split<1>> &&
              has<decltype(pad(std::declval<S1>(), widths, Padding::wrap)), Split<1>>);
static_assert(has<decltype(tile(std::declval<S1>(), times)), Split<1>>);
constexpr Size four_times[4] = {1, 1, 1, 1};
static_assert(has<decltype(tile(std::declval<S1>(), four_times)), Split<2>>);

// Several operands: policies join, element types are promoted.
template <int Axis, class... E>
using joined = decltype(concatenate(axis<Axis>, std::declval<X<E>>()...));
template <int Axis, class... E>
using stacked = decltype(stack(axis<Axis>, std::declval<X<E>>()...));
static_assert(has<joined<0, S0, S0>, Split<0>> &&
              has<joined<0, S0, R, G>, Split<0>> &&
              has<joined<1, R, S0>, Split<0>>);
static_assert(has<joined<0, R, G>, Replicated> &&
              has<joined<0, G, G>, Generated>);
static_assert(has<stacked<0, S0, S0>, Split<1>> &&
              has<stacked<-1, S0, R>, Split<0>>);
static_assert(communication_free<joined<1, S0, S0>> && !communication_free<joined<0, S0, S0>> && communication_free<stacked<0, S0, S0>>);
static_assert(std::is_same_v<value_of<joined<0, A<std::int8_t, 1, Split<0>>, A<std::uint8_t, 1, Split<0>>>>, std::int16_t>);
static_assert(std::is_same_v<value_of<joined<0, A<std::int64_t, 1, Split<0>>, A<float, 1, Split<0>>>>, double>);
template <int Axis, class... E>
concept joins = requires(const E&... e) { concatenate(axis<Axis>, e...); } && requires(const E&... e) { stack(axis<Axis>, e...); };
static_assert(joins<0, S0, S0, R> && !joins<0, S0, S1> && !joins<1, S0, R, S1> && !joins<0, S0, A<float, 2, Split<0>>>);

// Scans: 64-bit integers, floating types as they are.
static_assert(std::is_same_v<value_of<summed<A<std::int32_t, 1, Split<0>>, 0>>, std::int64_t> &&
              std::is_same_v<value_of<summed<A<bool, 1, Split<0>>, 0>>, std::int64_t>);
static_assert(std::is_same_v<value_of<multiplied<A<std::uint8_t, 1, Split<0>>, 0>>, std::uint64_t> &&
              std::is_same_v<value_of<summed<S0, 0>>, float>);

// reshape: what is in C order over the ranks.
constexpr Size six_ten[2] = {6, 10};
template <class E>
concept reshapes = requires(const E& e) { reshape(e, six_ten); ravel(e); };
static_assert(reshapes<R> && reshapes<S0> && reshapes<G> && !reshapes<S1> && !reshapes<S2>);
static_assert(has<decltype(reshape(std::declval<S0>(), six_ten)), Split<0>> &&
              has<decltype(ravel(std::declval<R>())), Replicated>);
static_assert(communication_free<decltype(reshape(std::declval<R>(), six_ten))> && !communication_free<decltype(reshape(std::declval<S0>(), six_ten))>);

// take.
template <int Axis, class E, class I>
using taken = decltype(take<Axis>(std::declval<X<E>>(), std::declval<X<I>>()));
using Everywhere = A<Size, 1, Replicated>;
using ByRow = A<Size, 1, Split<0>>;
static_assert(has<taken<1, S0, Everywhere>, Split<0>> &&
              has<taken<0, S0, Everywhere>, Replicated>);
static_assert(has<taken<0, S0, ByRow>, Split<0>> &&
              has<taken<1, S1, ByRow>, Split<1>> &&
              has<taken<0, R, ByRow>, Split<0>>);
static_assert(has<taken<0, S2, A<Size, 2, Replicated>>, Split<3>>);
static_assert(communication_free<taken<1, S0, Everywhere>> && !communication_free<taken<0, S0, Everywhere>> && !communication_free<taken<0, S0, ByRow>>);

// The maps are right about what a block reads: every index that it reads lies in the runs, at run ends too.
template <class Map>
constexpr bool covers(const Map& map, Size extent) {
  for (Size lower = 0; lower <= extent; ++lower)
    for (Size count = 0; lower + count <= extent; ++count) {
      const detail::Needed needed = map.needed({lower, count});
      const auto within = [](const Block& run, Size i) { return i >= run.lower && i < run.lower + run.extent; };
      for (Size j = lower; j < lower + count; ++j)
        if (!within(needed.first, map(j)) && !within(needed.second, map(j))) return false;
      Size read = 0;   // no more than what is read
      for (Size i = -2; i < extent + 20; ++i) {
        bool wanted = false;
        for (Size j = lower; j < lower + count; ++j) wanted = wanted || map(j) == i;
        read += wanted ? 1 : 0;
      }
      if (read != needed.count() || (needed.second.extent > 0 && needed.second.lower < needed.first.lower + needed.first.extent)) return false;
    }
  return true;
}
static_assert(covers(detail::Cyclic{3, 5}, 5) && covers(detail::Cyclic{0, 4}, 11) && covers(detail::Cyclic{0, 1}, 3));
static_assert(covers(detail::Reversed{7}, 7) && covers(detail::Repeated{3}, 9) && covers(detail::Shifted{1}, 6));
static_assert(covers(detail::Padded{Padding::edge, 3, 4}, 9) && covers(detail::Padded{Padding::wrap, 6, 4}, 14));
static_assert(covers(detail::Padded{Padding::reflect, 7, 4}, 14) && covers(detail::Padded{Padding::reflect, 2, 1}, 5));
static_assert(covers(detail::Padded{Padding::symmetric, 7, 3}, 14) && covers(detail::Padded{Padding::symmetric, 2, 1}, 5));

}  // namespace
