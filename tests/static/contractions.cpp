// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The rule of contractions over all pairs of policies: proven on simulated ranks; and the policies of the functions that use it.
#include <priel/backend/host.hpp>
#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/convolve.hpp>
#include <priel/algorithms/fft.hpp>
#include <priel/algorithms/least_squares.hpp>
#include <priel/algorithms/linalg.hpp>
#include <priel/algorithms/norm.hpp>
#include <priel/algorithms/outer.hpp>
#include <priel/algorithms/qr.hpp>
#include <priel/algorithms/solve.hpp>

namespace {

using namespace priel;

// The extent of every label: smaller than, equal to and not divisible by numbers of ranks.
constexpr Size extent_of(char label) { return label == 'b' || label == 'k' ? 2 : label == 'i' ? 4 : 3; }

template <class Operand>
constexpr Shape<Operand::rank> shape_of() {
  Shape<Operand::rank> shape;
  for (int a = 0; a < Operand::rank; ++a) shape[a] = extent_of(Operand::at(a));
  return shape;
}

// Values of labels.
struct Point {
  Size value[128] = {};
};
template <class Operand, class P>
constexpr bool holds(const Point& at, int ranks, int rank) {
  const auto box = P::part(shape_of<Operand>(), ranks, rank);
  for (int a = 0; a < Operand::rank; ++a) {
    const Size i = at.value[static_cast<int>(Operand::at(a))];
    if (i < box.lower[a] || i >= box.lower[a] + box.extent[a]) return false;
  }
  return true;
}

// Calls f(point) for every term of the sum: every value of every label of both operands.
template <class Left, class Right, class F>
constexpr bool every_term(F&& f) {
  char labels[Left::rank + Right::rank] = {};
  int count = 0;
  for (int a = 0; a < Left::rank; ++a) labels[count++] = Left::at(a);
  for (int a = 0; a < Right::rank; ++a)
    if (Left::position(Right::at(a)) < 0) labels[count++] = Right::at(a);
  Point at;
  while (true) {
    if (!f(at)) return false;
    int l = 0;
    while (l < count && ++at.value[static_cast<int>(labels[l])] == extent_of(labels[l])) at.value[static_cast<int>(labels[l++])] = 0;
    if (l == count) return true;
  }
}

// Both factors of a term of rank r's share are on rank r, without a message; and the terms of a pending sum are shared out, each once.
template <class Left, class P, class Right, class Q, class Out>
constexpr bool computes_alone(int ranks) {
  using Rule = ContractionRule<Left, P, Right, Q, Out>;
  using A = typename Rule::left_part;
  using B = typename Rule::right_part;
  return every_term<Left, Right>([&](const Point& at) {
    int owners = 0;
    for (int r = 0; r < ranks; ++r) {
      const bool needed = holds<Left, A>(at, ranks, r) && holds<Right, B>(at, ranks, r);
      if (needed && !(holds<Left, P>(at, ranks, r) && holds<Right, Q>(at, ranks, r))) return false;
      if constexpr (!detail::is_partial<typename Rule::policy>::value) {
        if (holds<Out, typename Rule::policy>(at, ranks, r) && !needed) return false;
      }
      owners += needed ? 1 : 0;
    }
    return !detail::is_partial<typename Rule::policy>::value || owners == 1;
  });
}

// Whether one label will do, tried one after the other: the rule as it is said.
template <class Operand, class P>
constexpr bool fits(char label) {
  const int axis = detail::only_split_axis<P, Operand::rank>();
  return axis < 0 || Operand::at(axis) == label;
}
template <class Left, class P, class Right, class Q>
constexpr bool some_label() {
  for (int c = 0; c < 128; ++c)
    if (fits<Left, P>(static_cast<char>(c)) && fits<Right, Q>(static_cast<char>(c))) return true;
  return false;
}

template <class Left, class P, class Right, class Q, class Out>
constexpr bool right_for() {
  if constexpr (!P::template fits<Left::rank> || !Q::template fits<Right::rank>) return true;
  else {
    using Rule = ContractionRule<Left, P, Right, Q, Out>;
    if (Rule::ok != some_label<Left, P, Right, Q>()) return false;
    if constexpr (Rule::ok)
      for (const int ranks : {1, 2, 3})
        if (!computes_alone<Left, P, Right, Q, Out>(ranks)) return false;
    return true;
  }
}
template <class Left, class P, class Right, class Q, class Out>
inline constexpr bool proven = right_for<Left, P, Right, Q, Out>();
template <class Left, class Right, class Out, class P>
inline constexpr bool right_beside = proven<Left, P, Right, Replicated, Out> && proven<Left, P, Right, Split<0>, Out> &&
                                     proven<Left, P, Right, Split<1>, Out> && proven<Left, P, Right, Split<2>, Out>;
template <class Left, class Right, class Out>
inline constexpr bool right_everywhere = right_beside<Left, Right, Out, Replicated> && right_beside<Left, Right, Out, Split<0>> &&
                                         right_beside<Left, Right, Out, Split<1>> && right_beside<Left, Right, Out, Split<2>>;

static_assert(right_everywhere<Labels<'i', 'j'>, Labels<'j', 'k'>, Labels<'i', 'k'>>);
static_assert(right_everywhere<Labels<'i', 'j'>, Labels<'j'>, Labels<'i'>>);
static_assert(right_everywhere<Labels<'j'>, Labels<'j', 'k'>, Labels<'k'>>);
static_assert(right_everywhere<Labels<'j'>, Labels<'j'>, Labels<>>);
static_assert(right_everywhere<Labels<'i'>, Labels<'j'>, Labels<'i', 'j'>>);
static_assert(right_everywhere<Labels<'i', 'f'>, Labels<'j', 'f'>, Labels<'i', 'j'>>);
static_assert(right_everywhere<Labels<'b', 'i', 'j'>, Labels<'b', 'j', 'k'>, Labels<'b', 'i', 'k'>>);
static_assert(right_everywhere<Labels<'b', 'i', 'j'>, Labels<'j', 'k'>, Labels<'b', 'i', 'k'>>);

template <class P, int Rank>
const Array<float, Rank, P>& array();
template <class E, class P>
constexpr bool lies = std::is_same_v<policy_of<E>, P>;
using R = Replicated;
using S0 = Split<0>;
using S1 = Split<1>;
using Sum = Partial<Summation>;

// matmul: the table.
template <class P, class Q, class Result>
constexpr bool product = lies<decltype(matmul(array<P, 2>(), array<Q, 2>())), Result>;
static_assert(product<R, R, R> && product<S0, R, S0> && product<R, S1, S1>);
static_assert(product<S1, S0, Sum> && product<S1, R, Sum> && product<R, S0, Sum>);
template <class P, class Q>
concept Multiplies = requires(const Array<float, 2, P>& a, const Array<float, 2, Q>& b) { matmul(a, b); };
static_assert(!Multiplies<S0, S0> && !Multiplies<S1, S1> && !Multiplies<S0, S1> && Multiplies<S1, S0>);
template <class P, class Q, class Result>
constexpr bool round_product = lies<decltype(matmul_ring(array<P, 2>(), array<Q, 2>())), Result>;
static_assert(round_product<S0, S0, S0> && round_product<S1, S1, S1> && round_product<S0, S1, S0>);

// Vectors and batches.
static_assert(lies<decltype(matmul(array<S0, 2>(), array<R, 1>())), S0> && lies<decltype(matmul(array<S1, 2>(), array<S0, 1>())), Sum>);
static_assert(lies<decltype(matmul(array<R, 1>(), array<S1, 2>())), S0> && lies<decltype(matmul(array<S0, 1>(), array<S0, 2>())), Sum>);
static_assert(lies<decltype(matmul(array<S0, 3>(), array<S0, 3>())), S0> && lies<decltype(matmul(array<S0, 3>(), array<R, 3>())), S0>);
static_assert(lies<decltype(matmul(array<R, 3>(), array<S0, 3>())), S0> && lies<decltype(matmul(array<Split<2>, 3>(), array<S1, 3>())), Sum>);
static_assert(lies<decltype(matmul(array<S1, 3>(), array<R, 2>())), S1> && lies<decltype(matmul(array<R, 2>(), array<S0, 3>())), S0>);
static_assert(lies<decltype(dot(array<S0, 1>(), array<S0, 1>())), Sum> && lies<decltype(dot(array<R, 1>(), array<R, 1>())), R>);
static_assert(lies<decltype(dot(array<S0, 1>(), array<R, 1>())), Sum> && lies<decltype(inner(array<S1, 2>(), array<S1, 2>())), Sum>);
static_assert(lies<decltype(inner(array<S0, 2>(), array<R, 2>())), S0> && lies<decltype(tensordot<2>(array<S0, 3>(), array<R, 2>())), S0>);
static_assert(lies<decltype(tensordot<1>(array<Split<2>, 3>(), array<S0, 3>())), Sum>);

// What a pending product does: it stays pending in sums and multiples, and is finished elsewhere.
static_assert(lies<decltype(2 * matmul(array<S1, 2>(), array<S0, 2>()) - matmul(array<S1, 2>(), array<R, 2>())), Sum>);
static_assert(lies<decltype(matmul(array<S1, 2>(), array<S0, 2>()) + array<S0, 2>()), S0>);

static_assert(lies<decltype(outer(array<R, 1>(), array<R, 1>())), R> && lies<decltype(outer(array<S0, 1>(), array<R, 1>())), S0>);
static_assert(lies<decltype(outer(array<R, 1>(), array<S0, 1>())), S1>);
static_assert(lies<decltype(trace(array<R, 2>())), R> && lies<decltype(trace(array<S0, 2>())), Sum> && lies<decltype(trace(array<S1, 2>())), Sum>);
static_assert(lies<decltype(norm(array<S0, 2>(), axis<1>)), S0> && lies<decltype(norm(array<S0, 2>(), axis<0>)), R> && lies<decltype(norm(array<S0, 2>())), R>);

template <class P, class Q, class M, class Result>
constexpr bool distance = lies<decltype(cdist(array<P, 2>(), array<Q, 2>(), M{})), Result>;
static_assert(distance<R, R, metric::Euclidean, R> && distance<S0, R, metric::Euclidean, S0> && distance<R, S0, metric::Chebyshev, S1>);
static_assert(distance<S1, S1, metric::SquaredEuclidean, Sum> && distance<S1, R, metric::Manhattan, Sum> && distance<S1, S1, metric::Euclidean, R>);
template <class P, class Q, class M>
concept Measures = requires(const Array<float, 2, P>& a, const Array<float, 2, Q>& b) { cdist(a, b, M{}); };
static_assert(!Measures<S0, S0, metric::Euclidean> && !Measures<S0, S1, metric::Euclidean> && !Measures<S1, S1, metric::Chebyshev>);
static_assert(lies<decltype(cdist_ring(array<S0, 2>(), array<S0, 2>())), S0>);

template <class P>
concept Factors = requires(const Array<float, 2, P>& a) { qr(a); svd(a); };
static_assert(Factors<R> && Factors<S0> && !Factors<S1>);
using Qr = decltype(qr(array<S0, 2>()));
using Svd = decltype(svd(array<S0, 2>()));
static_assert(lies<decltype(Qr::Q), S0> && lies<decltype(Qr::R), R> && lies<decltype(Svd::U), S0> && lies<decltype(Svd::S), R> && lies<decltype(Svd::Vh), R>);

// Matrices are whole on their rank; batches and columns of right-hand sides may be split.
static_assert(lies<decltype(linalg::inv(array<R, 2>())), R> && lies<decltype(linalg::inv(array<S0, 3>())), S0> && lies<decltype(linalg::det(array<S0, 3>())), S0>);
static_assert(lies<decltype(linalg::solve(array<R, 2>(), array<S1, 2>())), S1> && lies<decltype(linalg::solve(array<S0, 3>(), array<S0, 3>())), S0>);
static_assert(lies<decltype(linalg::solve(array<R, 2>(), array<S0, 3>())), S0> && lies<decltype(linalg::solve(array<S0, 3>(), array<S0, 2>())), S0>);
static_assert(lies<decltype(linalg::lstsq(array<S0, 2>(), array<S0, 1>()).x), R> && lies<decltype(linalg::pinv(array<S0, 2>())), S1>);
template <class P, int N>
concept Inverts = requires(const Array<float, N, P>& a) { linalg::inv(a); linalg::det(a); linalg::cholesky(a); linalg::eigh(a); linalg::eigvals(a); };
static_assert(Inverts<R, 2> && !Inverts<S0, 2> && !Inverts<S1, 2> && Inverts<S0, 3> && !Inverts<S1, 3>);
template <class P, int M, class Q, int N>
concept Solves = requires(const Array<float, M, P>& a, const Array<float, N, Q>& b) { linalg::solve(a, b); };
static_assert(Solves<R, 2, R, 1> && !Solves<S0, 2, R, 1> && !Solves<R, 2, S0, 1> && !Solves<R, 2, S0, 2> && !Solves<S0, 3, S1, 3>);

// Lines are whole.
static_assert(lies<decltype(fft::fft(array<S0, 2>())), S0> && lies<decltype(fft::rfft(array<S1, 2>(), axis<0>)), S1> && lies<decltype(fft::fft2(array<S0, 3>())), S0>);
template <class P, int Axis>
concept Transforms = requires(const Array<float, 2, P>& a) { fft::fft(a, axis<Axis>); fft::irfft(a, axis<Axis>); };
static_assert(Transforms<R, 0> && Transforms<S0, 1> && Transforms<S0, -1> && !Transforms<S0, 0> && !Transforms<S1, 1> && !Transforms<S1, -1>);
static_assert(lies<decltype(convolve(array<S0, 1>(), array<R, 1>())), S0> && lies<decltype(convolve(array<R, 1>(), array<S0, 1>())), S0>);

// Element types.
template <class A, class B, class T>
constexpr bool gives = std::is_same_v<value_of<decltype(matmul(std::declval<const Array<A, 2>&>(), std::declval<const Array<B, 2>&>()))>, T>;
static_assert(gives<float, double, double> && gives<std::int8_t, std::int8_t, std::int8_t> && gives<bool, bool, bool> && gives<int, float, double>);
static_assert(std::is_same_v<value_of<decltype(dot(std::declval<const Array<int, 1>&>(), std::declval<const Array<int, 1>&>()))>, int>);

}  // namespace
