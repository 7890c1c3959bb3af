// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which policies maps, selections and files give, and which pairs of operands they take.
#include <priel/priel.hpp>

namespace {

using namespace priel;

// Operands for decltype; never called.
template <class T, int Rank, class Policy>
const Array<T, Rank, Policy>& an() { throw 0; }
template <class E, class P>
constexpr bool is = std::is_same_v<policy_of<E>, P>;

using R = Replicated;
const auto& r2 = an<float, 2, R>;
const auto& r3 = an<float, 3, R>;
const auto& by_date = an<float, 3, Split<0>>;
const auto& by_row = an<float, 3, Split<1>>;
const auto& pixels = an<Size, 2, R>;
const auto& own_pixels = an<Size, 2, Split<0>>;
const auto& samples = an<float, 2, Split<0>>;
const auto& columns = an<float, 2, Split<1>>;

// Files.
static_assert(is<decltype(io::open<float, 3>("")), Generated> && rank_of<decltype(io::open<float, 3>(""))> == 3);
static_assert(std::is_same_v<decltype(io::load<float, 2>("", split<1>)), Array<float, 2, Split<1>>>);
static_assert(std::is_same_v<decltype(io::load<int, 1>("", replicated)), Array<int, 1, R>>);

// Patches (N, T, w w): images that every rank can read with any pixels, or images by date with replicated pixels.
template <class I, class P>
concept HasPatches = requires(const I& images, const P& p) { patches(images, p, 7); };
static_assert(is<decltype(patches(r3(), pixels(), 7)), R> && is<decltype(patches(r3(), own_pixels(), 7)), Split<0>>);
static_assert(is<decltype(patches(by_date(), pixels(), 7)), Split<1>> && is<decltype(patches(io::open<float, 3>(""), own_pixels(), 7)), Split<0>>);
static_assert(!HasPatches<Array<float, 3, Split<0>>, Array<Size, 2, Split<0>>> && !HasPatches<Array<float, 3, Split<1>>, Array<Size, 2>>);
static_assert(!HasPatches<Array<float, 3, Split<2>>, Array<Size, 2, Split<0>>>);

// vmap over axis 0.
struct Total {
  template <Expression E>
  auto operator()(const E& x) const { return eval(sum(x)); }
};
template <class E>
concept HasMap = requires(const E& x) { vmap(Total{}, x); };
static_assert(is<decltype(vmap(Total{}, r3())), R> && is<decltype(vmap(Total{}, by_date())), Split<0>>);
static_assert(is<decltype(vmap(lof(3, 5), by_date())), Split<0>> && rank_of<decltype(vmap(lof(3, 5), by_date()))> == 2);
static_assert(!HasMap<Array<float, 3, Split<1>>> && !HasMap<Array<float, 2, Split<1>>>);
static_assert(is<decltype(vmap(Total{}, redistribute(by_row(), split<0>))), Split<0>>);

// Outlier factors of samples.
static_assert(is<decltype(lof(samples(), 5)), Split<0>> && is<decltype(lof(r2(), 5)), R>);
// Detectors: scores have the policy of the samples fitted to, others' that of theirs, or, where the fitted ones are split, Split<0>.
static_assert(is<decltype(lof(5).fit(samples()).scores()), Split<0>> && is<decltype(loop(5).fit(r2()).scores()), R>);
static_assert(is<decltype(lof(5).fit(r2()).score(samples())), Split<0>> && is<decltype(lof(5).fit(r2()).score(r2())), R>);
static_assert(is<decltype(lof(5).fit(samples()).score(r2())), Split<0>> && is<decltype(lof(5).fit(samples()).classify(samples(), 2)), Split<0>>);
static_assert(is<decltype(loop(samples(), 5)), Split<0>> && is<decltype(loop(r2(), 5)), R>);

// scatter of y(N, T) to (T, H, W), of y(N) to (H, W).
const auto& per_pixel = an<float, 1, Split<0>>;
static_assert(is<decltype(scatter(full<float>({1, 1, 1}, 0), pixels(), samples())), Split<0>>);
static_assert(is<decltype(scatter(full<float>({1, 1}, 0), pixels(), per_pixel())), R>);

// nonzero, take.
static_assert(is<decltype(nonzero(r2())), R> && is<decltype(nonzero(samples())), Split<0>> && is<decltype(nonzero(arange<int>(3))), R>);
static_assert(is<decltype(take<0>(r2(), an<Size, 1, R>())), R> && is<decltype(take<0>(r2(), an<Size, 1, Split<0>>())), Split<0>>);
static_assert(is<decltype(take<1>(samples(), an<Size, 1, R>())), Split<0>> && is<decltype(take<0>(columns(), an<Size, 1, R>())), Split<1>>);
static_assert(is<decltype(take<0>(samples(), an<Size, 1, R>())), R> && is<decltype(take<0>(samples(), an<Size, 1, Split<0>>())), Split<0>>);

// print takes everything; a stream, which one rank writes to, what every rank has.
template <class E>
concept Streamable = requires(std::ostream& out, const E& e) { out << e; };
template <class E>
concept Printable = requires(const E& e) { print(e); };
static_assert(Streamable<Array<float, 2>> && Streamable<decltype(2 * r2() + 1)> && Streamable<decltype(arange<int>(3))>);
static_assert(!Streamable<Array<float, 2, Split<0>>> && !Streamable<decltype(2 * columns())> && !Streamable<decltype(sum(samples(), axis<0>))>);
static_assert(Printable<Array<float, 2>> && Printable<Array<float, 2, Split<0>>> && Printable<decltype(sum(samples()))>);

}  // namespace
