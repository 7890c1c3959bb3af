// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Laws of the point-wise combination of policies: commutative, associative, idempotent, and what has no combination.
#include <priel/policies/split.hpp>

#include <tuple>

namespace {

using namespace priel;

// Combination of operands of rank 3; void where there is none, and with void.
template <class P, class Q>
struct combined {
  using rule = detail::Joined<P, 3, Q, 3>;
  using type = typename rule::type;
};
template <class Q>
struct combined<void, Q> { using type = void; };
template <class P>
struct combined<P, void> { using type = void; };
template <>
struct combined<void, void> { using type = void; };
template <class P, class Q>
using combine = typename combined<P, Q>::type;

template <class P>
constexpr bool idempotent = std::is_same_v<combine<P, P>, P>;
template <class P, class Q>
constexpr bool commutative = std::is_same_v<combine<P, Q>, combine<Q, P>>;
template <class P, class Q, class R>
constexpr bool associative = std::is_same_v<combine<combine<P, Q>, R>, combine<P, combine<Q, R>>>;
template <class P, class Q>
constexpr bool agrees_with_concept = CanCombine<P, 3, Q, 3> == !std::is_void_v<combine<P, Q>>;

using All = std::tuple<Generated, Replicated, Split<0>, Split<1>, Split<2>>;

template <class... P>
constexpr bool laws(std::tuple<P...>) {
  const auto with = []<class A, class B>() {
    return commutative<A, B> && agrees_with_concept<A, B> && (associative<A, B, P> && ...);
  };
  const auto row = [&]<class A>() { return idempotent<A> && (with.template operator()<A, P>() && ...); };
  return (row.template operator()<P>() && ...);
}
static_assert(laws(All{}));

static_assert(std::is_same_v<combine<Replicated, Split<1>>, Split<1>>);
static_assert(std::is_same_v<combine<Generated, Split<1>>, Split<1>>);
static_assert(std::is_same_v<combine<Generated, Replicated>, Replicated>);
static_assert(std::is_void_v<combine<Split<0>, Split<1>>>);

// Axes are compared from the right.
template <class P, int M, class Q, int N>
using combine_ranks = typename detail::Joined<P, M, Q, N>::type;
static_assert(std::is_same_v<combine_ranks<Split<1>, 2, Split<0>, 1>, Split<1>>);   // (m,n)S<1> ∘ (n)S<0>
static_assert(std::is_same_v<combine_ranks<Split<0>, 1, Split<1>, 2>, Split<1>>);
static_assert(!CanCombine<Split<0>, 2, Split<0>, 1>);                               // (m,n)S<0> ∘ (m)S<0>
static_assert(std::is_same_v<combine_ranks<Split<0>, 1, Replicated, 3>, Split<2>>);
static_assert(std::is_same_v<combine_ranks<Split<0>, 1, Generated, 3>, Split<2>>);
static_assert(std::is_same_v<combine_ranks<Split<2>, 3, Generated, 0>, Split<2>>);

// A pending reduction is finished to Replicated first.
static_assert(CanCombine<Partial<int>, 1, Split<0>, 1> && CanCombine<Partial<int>, 2, Replicated, 1>);

}  // namespace
