// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Windows of split axes as types, and by a simulation of ranks: what each holds of a range is what it holds of the array.
#include <priel/backend/host.hpp>
#include <priel/place.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/policies/window.hpp>

namespace {

using namespace priel;

template <class T, int Rank, class Policy>
const Array<T, Rank, Policy>& an() { throw 0; }
template <class T, int Rank, class Policy>
Array<T, Rank, Policy>& changeable() { throw 0; }
template <class E, class P>
constexpr bool is = std::is_same_v<policy_of<E>, P>;

const auto& r = an<float, 2, Replicated>;
const auto& s0 = an<float, 2, Split<0>>;
const auto& s1 = an<float, 2, Split<1>>;
using Rows = decltype(s0()(range(0, 5), all));
template <class A, class B>
concept Adds = requires(const A& a, const B& b) { a + b; };

static_assert(is<Rows, Window<0>> && is<decltype(s1()(all, range(2))), Window<1>> && is<decltype(s1()(range(2), all)), Split<1>>);
static_assert(is<decltype(r()(range(0, 5), all)), Replicated>);
static_assert(is<decltype(s0()(range(0, 5), all) + s0()(range(0, 5), all)), Window<0>>);
static_assert(is<decltype(s0()(range(0, 5), all) * r() + 1), Window<0>>);
static_assert(is<decltype(transpose(s0()(range(0, 5), all))), Window<1>> && is<decltype(s0()(range(0, 5), 3)), Window<0>>);
static_assert(is<decltype(s0()(range(0, 5), newaxis)), Window<0>> && is<decltype(s0()(newaxis, range(0, 5))), Window<1>>);
static_assert(!Adds<Rows, Array<float, 2, Split<0>>> && !Adds<Array<float, 2, Split<0>>, Rows> && !Adds<Rows, Array<float, 2, Split<1>>>);
static_assert(!Adds<Rows, decltype(s1()(all, range(0, 5)))> && Adds<Rows, Rows> && Adds<Rows, Array<float, 2>>);
static_assert(std::is_same_v<decltype(eval(s0()(range(0, 5), all))), Array<float, 2, Split<0>>>);
static_assert(std::is_same_v<decltype(Array(s1()(all, range(0, 5)))), Array<float, 2, Split<1>>>);
static_assert(!std::is_convertible_v<Rows, Array<float, 2>> && std::is_convertible_v<Rows, Array<float, 2, Split<0>>>);
static_assert(detail::is_partial<policy_of<decltype(sum(s0()(range(0, 5), all)))>>::value);
static_assert(is<decltype(sum(s0()(range(0, 5), all), axis<1>)), Split<0>>);

// Constant windows keep the policy, whatever the axis, and meet where their widths are equal.
static_assert(is<decltype(s0()(from<1>, all)), Split<0>> && is<decltype(s0()(all, until<-1>)), Split<0>> && is<decltype(r()(from<2>)), Replicated>);
static_assert(is<decltype(s0()(from<1>, all) - s0()(until<-1>, all)), Split<0>> && is<decltype(s1()(all, between<1, -1>)), Split<1>>);

// Slices of an array that can be changed can be assigned to while they are temporaries.
template <class Target, class Value>
concept Takes = requires(Target&& target, const Value& value) { std::forward<Target>(target) = value; };
using Column = decltype(changeable<float, 2, Split<0>>()(all, 0));
static_assert(Takes<Column, float> && Takes<Column, Array<float, 1, Split<0>>> && Takes<Column, Array<float, 1>>);
static_assert(!Takes<Column&, float> && !Takes<const Column&, float> && !Takes<decltype(s0()(all, 0)), float>);

// What a rank holds of a range: exactly the indices whose elements are in its block, for every small case.
constexpr bool ranges_stay_where_they_are(Size extents, int parts) {
  for (Size n = 0; n <= extents; ++n)
    for (int p = 1; p <= parts; ++p)
      for (Size step : {Size{1}, Size{2}, Size{-1}, Size{-3}})
        for (Size first = 0; first < n; ++first)
          for (Size count = 0; count <= n; ++count) {
            if (count > 0 && (first + step * (count - 1) < 0 || first + step * (count - 1) >= n)) continue;
            for (int rank = 0; rank < p; ++rank) {
              const auto box = Window<0>::held(Shape<1>{count}, SlicedAxis{n, first, step}, p, rank);
              for (Size i = 0; i < count; ++i) {
                const bool held = i >= box.lower[0] && i < box.lower[0] + box.extent[0];
                if (held != (owner_of(n, p, first + step * i) == rank)) return false;
              }
            }
          }
  return true;
}
static_assert(ranges_stay_where_they_are(7, 3));

// Without its first `first` and last `last` indices an axis is dealt anew: a rank lacks at most as many as the longer end has.
constexpr bool halos_are_short(Size extents, int parts, Size ends) {
  for (Size first = 0; first <= ends; ++first)
    for (Size last = 0; last <= ends; ++last)
      for (Size n = first + last; n <= extents; ++n)
        for (int p = 1; p <= parts; ++p)
          for (int rank = 0; rank < p; ++rank) {
            const Block own = block_of(n, p, rank), part = block_of(n - first - last, p, rank);
            Size lacking = 0;
            for (Size i = part.lower + first; i < part.lower + part.extent + first; ++i)
              lacking += i < own.lower || i >= own.lower + own.extent ? 1 : 0;
            if (lacking > (first > last ? first : last)) return false;
          }
  return true;
}
static_assert(halos_are_short(12, 4, 2));

}  // namespace
