// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Which policy, type and rank data have that come from memory, files and random numbers, and what refuses them.
#include <priel/eigen.hpp>
#include <priel/priel.hpp>
#include <priel/xtensor.hpp>

namespace {

using namespace priel;

template <class X>
X a() { throw 0; }
template <class E, class T, int Rank, class P>
constexpr bool is = std::is_same_v<value_of<E>, T> && rank_of<E> == Rank && std::is_same_v<policy_of<E>, P>;
using Vector = std::vector<double>;
using Matrix = Eigen::MatrixXf;
using Tensor = xt::xtensor<int, 3>;

// from_local: the asked policy.
static_assert(is<decltype(from_local(a<Vector>(), split<0>)), double, 1, Split<0>>);
static_assert(is<decltype(from_local(a<Matrix&>(), split<1>)), float, 2, Split<1>>);
static_assert(is<decltype(from_local_exact(a<Tensor>(), split<2>)), int, 3, Split<2>>);
static_assert(is<decltype(from_local(a<const float*>(), {2, 3}, split<0>)), float, 2, Split<0>>);
static_assert(is<decltype(from_local(a<std::span<const bool>>(), {2, 3}, replicated)), bool, 2, Replicated>);
static_assert(is<decltype(asarray(a<Tensor>())), int, 3, Replicated>);
static_assert(std::is_same_v<backend_of<decltype(from_local<Reference>(a<Vector>(), split<0>))>, Reference>);

// borrow: Replicated; nothing that would be gone at the end of the line.
template <class X>
concept CanBorrow = requires { borrow(a<X>()); };
static_assert(is<decltype(borrow(a<const Matrix&>())), float, 2, Replicated> && is<decltype(borrow(a<Tensor&>())), int, 3, Replicated>);
static_assert(is<decltype(borrow(a<Eigen::VectorXd&>())), double, 1, Replicated>);
static_assert(CanBorrow<Vector&> && CanBorrow<std::span<int>> && CanBorrow<Local<const float, 2>> && CanBorrow<Eigen::Map<Matrix>>);
static_assert(!CanBorrow<Vector> && !CanBorrow<Matrix> && !CanBorrow<Tensor> && !CanBorrow<std::vector<bool>&> && !CanBorrow<int>);
static_assert(is<decltype(borrow(a<Matrix&>()) + a<Array<float, 2, Split<0>>>()), float, 2, Split<0>>);

// Files: the asked policy; opened, Generated.
static_assert(is<decltype(io::load<float, 2>("", split<1>)), float, 2, Split<1>>);
static_assert(is<decltype(io::open<float, 3>("")), float, 3, Generated> && is<decltype(io::open<float, 3>("")(0)), float, 2, Generated>);

// Random numbers: Generated, or stored under a tag.
static_assert(is<decltype(random::uniform<float>({2, 3}, 1)), float, 2, Generated>);
static_assert(is<decltype(random::normal<double>({2}, split<0>, 1)), double, 1, Split<0>>);
static_assert(is<decltype(random::integers<std::uint8_t>(0, 9, {2, 3}, replicated, 1)), std::uint8_t, 2, Replicated>);
template <class T>
concept Drawn = requires { random::uniform<T>(Shape<1>{3}, 1); };
static_assert(Drawn<float> && Drawn<double> && !Drawn<int> && !Drawn<bool> && !Drawn<std::complex<double>>);
static_assert(is<decltype(random::gamma<float>(2, 1, {2, 3}, 1)), float, 2, Generated> && is<decltype(random::poisson<int>(3, {2}, split<0>, 1)), int, 1, Split<0>>);
static_assert(is<decltype(random::poisson<int>(a<Array<float, 2, Split<1>>>(), 1)), int, 2, Split<1>>);
static_assert(is<decltype(random::permutation(9, 1)), Size, 1, Generated> && is<decltype(random::permutation(a<Array<int, 2>>(), 1)), int, 2, Replicated>);
static_assert(is<decltype(random::permutation(a<Array<int, 2, Split<0>>>(), 1)), int, 2, Split<0>>);
static_assert(is<decltype(random::permutation(a<Array<int, 2, Split<1>>>(), 1)), int, 2, Split<1>>);
static_assert(is<decltype(random::choice(a<Array<int, 2, Split<0>>>(), {3}, 1)), int, 2, Replicated>);
static_assert(is<decltype(random::choice(a<Array<int, 2, Split<0>>>(), {3}, split<0>, 1)), int, 2, Split<0>>);
static_assert(is<decltype(random::choice(a<Array<int, 2, Split<1>>>(), {3}, random::without_replacement, 1)), int, 2, Split<1>>);

// Elements written out.
static_assert(is<decltype(array({1, 2})), int, 1, Replicated> && is<decltype(array<float>({{1, 2}, {3, 4}}, split<1>)), float, 2, Split<1>>);

// Streams: what one rank can print alone (E12).
template <class X>
concept Streamed = requires(std::ostream& out, const X& x) { out << x; };
static_assert(Streamed<Array<float, 2>> && Streamed<decltype(2 * a<Array<float, 2>>() + 1)> && Streamed<decltype(arange<int>(3))> && Streamed<Local<float, 2>>);
static_assert(!Streamed<Array<float, 2, Split<0>>> && !Streamed<decltype(sum(a<Array<float, 1, Split<0>>>()))>);
static_assert(!Streamed<decltype(redistribute(a<Array<float, 1, Split<0>>>(), replicated))>);

// vmap of a kernel with several results: a tuple of lazy ones.
struct Kernel {
  template <class X>
  auto operator()(const X& x) const { return std::tuple(2 * x, astype<double>(x(0)), 7); }
};
using Results = decltype(vmap(Kernel{}, a<Array<float, 2, Split<0>>>()));
static_assert(std::tuple_size_v<Results> == 3 && is<std::tuple_element_t<0, Results>, float, 2, Split<0>>);
static_assert(is<std::tuple_element_t<1, Results>, double, 1, Split<0>> && is<std::tuple_element_t<2, Results>, int, 1, Split<0>>);
static_assert(is<std::tuple_element_t<0, decltype(vmap(Kernel{}, a<Array<float, 2>>()))>, float, 2, Replicated>);

}  // namespace
