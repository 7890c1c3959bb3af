// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// fft: discrete Fourier transforms along axes that are not split, R -> R, S<k> -> S<k>; nothing is sent.
#pragma once

#include <priel/algorithms/detail/fourier.hpp>
#include <priel/algorithms/detail/on_cpu.hpp>
#include <priel/algorithms/detail/product_node.hpp>
#include <priel/algorithms/roll.hpp>
#include <priel/create.hpp>

namespace priel {

template <class Policy, class Write>
struct error_E05_a_transform_needs_whole_lines_on_one_rank {};

namespace detail {

enum class Transform { forward, inverse, of_real, to_real };

// For Computed: the lines of an axis, transformed.
template <Transform Which, int Axis, class E>
struct TransformOf {
  using Real = typename real_part<floating_type<value_of<E>>>::type;
  using From = std::conditional_t<Which == Transform::of_real, Real, std::complex<Real>>;
  using value_type = std::conditional_t<Which == Transform::to_real, Real, std::complex<Real>>;
  using policy_type = stored_policy<policy_of<E>>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives{};
  Size n;

  Shape<rank> shape(const E& e) const {
    if (n < 1 || n > Size{1} << 26)
      throw ShapeError("fft: lines of " + to_string(e.shape()) + " are to have " + std::to_string(n) +
                       " elements; at least 1 expected, at most 2^26");
    auto shape = e.shape();
    shape[Axis] = Which == Transform::of_real ? n / 2 + 1 : n;
    return shape;
  }
  Array<value_type, rank, policy_type, backend_type> operator()(const E& e) const {
    Array<value_type, rank, policy_type, backend_type> result(shape(e), comm_or_world(e.comm()));
    const auto x = operand_part<From, policy_type, backend_type>(e, result.comm());
    const Shape<rank> held = x.lshape();
    const Lines lines{extents(held, 0, Axis), held[Axis], extents(held, Axis + 1, rank - Axis - 1), n};
    const OnCpu<backend_type, From> from(x.local().data(), held.size());
    if (lines.outer * lines.inner > 0) fill_on_cpu(result, [&](value_type* to) {
      if constexpr (Which == Transform::of_real) fourier_of_real(lines, from.data(), to);
      else if constexpr (Which == Transform::to_real) fourier_to_real(lines, from.data(), to);
      else fourier(Which == Transform::inverse, lines, from.data(), to);
    });
    return result;
  }
  void plan(Plan& plan, const E& e) const { plan_operand<From, policy_type>(e, plan); }
};

template <int Rank, int... A>
constexpr bool names_axes = sizeof...(A) > 0 && ((A >= -Rank && A < Rank) && ...);
template <class P, int Rank, int... A>
constexpr bool whole_lines = (!distributes<stored_policy<P>, Rank>(A < 0 ? A + Rank : A) && ...);

template <class X, int... A>
concept Transformable = Expression<X> && names_axes<rank_of<X>, A...> && whole_lines<policy_of<X>, rank_of<X>, A...>;

// Where the lines may be cut instead: the first axis that is not named.
template <int Rank, int... A>
constexpr int other_axis() {
  for (int a = 0; a < Rank; ++a)
    if (((a != (A < 0 ? A + Rank : A)) && ...)) return a;
  return -1;
}
template <int Rank, int... A>
using another_axis = std::conditional_t<(other_axis<Rank, A...>() < 0), Replicated,
                                        Split<(other_axis<Rank, A...>() < 0 ? 0 : other_axis<Rank, A...>())>>;
template <class P, int Rank, int... A>
constexpr bool cuts_lines = names_axes<Rank, A...> && !whole_lines<P, Rank, A...>;

// The axis that the arguments behind an operand name.
template <class... Rest>
inline constexpr int named_axis = -1;
template <class First, class... Rest>
inline constexpr int named_axis<First, Rest...> = named_axis<Rest...>;
template <int A>
inline constexpr int named_axis<Axes<A>> = A;

template <Transform Which, int A, class X>
auto transformed(X&& x, Size n) {
  using E = settled_t<X>;
  constexpr int axis = A < 0 ? A + rank_of<E> : A;
  return computed(TransformOf<Which, axis, E>{n}, E(settled(std::forward<X>(x))));
}
template <int A, class X>
Size extent_along(const X& x) { return x.shape()[A < 0 ? A + rank_of<X> : A]; }

// One axis after the other, the last one first.
template <Transform Which, class X>
auto transformed_along(X&& x, Axes<>) { return std::forward<X>(x); }
template <Transform Which, class X, int First, int... Rest>
auto transformed_along(X&& x, Axes<First, Rest...>) {
  const Size n = extent_along<First>(x);
  return transformed<Which, First>(transformed_along<Which>(std::forward<X>(x), Axes<Rest...>{}), n);
}

template <int Rank>
constexpr auto every_axis() {
  return []<int... A>(std::integer_sequence<int, A...>) { return Axes<A...>{}; }(std::make_integer_sequence<int, Rank>{});
}

struct Frequency {
  Size n;
  double step;
  PRIEL_DEVICE constexpr double operator()(const Index<1>& i) const { return static_cast<double>(i[0] < (n + 1) / 2 ? i[0] : i[0] - n) * step; }
  friend constexpr bool operator==(const Frequency&, const Frequency&) = default;
};

template <int Sign, class X>
auto rolled_by_half(X&& x, Axes<>) { return node_of<X>(std::forward<X>(x)); }
template <int Sign, class X, int First, int... Rest>
auto rolled_by_half(X&& x, Axes<First, Rest...>) {
  const Size shift = Sign * (extent_along<First>(x) / 2);
  return rolled_by_half<Sign>(roll(std::forward<X>(x), shift, axis<First>), Axes<Rest...>{});
}

}  // namespace detail

namespace fft {

// y_k = sum_j x_j exp(-2 pi i j k / n) along axis<a>, the last if none is named: of the first n elements, with zeros behind where there are
// fewer; n is the extent if it is not said. float gives complex<float>, integers and double complex<double>. The axis must not be split
// (error E05). ShapeError if n < 1.
template <class X, int A = -1>
  requires(detail::Transformable<X, A>)
auto fft(X&& x, Size n, Axes<A> = {}) { return detail::transformed<detail::Transform::forward, A>(std::forward<X>(x), n); }
template <class X, int A = -1>
  requires(detail::Transformable<X, A>)
auto fft(X&& x, Axes<A> along = {}) { return fft(std::forward<X>(x), detail::extent_along<A>(x), along); }
template <class P, int M, class B, class... Rest>
  requires(detail::cuts_lines<P, M, detail::named_axis<Rest...>>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, detail::named_axis<Rest...>>>> fft(const operand_tag<P, M, B>&, const Rest&...) = delete;

// The inverse: fft's with + in the exponent, divided by n.
template <class X, int A = -1>
  requires(detail::Transformable<X, A>)
auto ifft(X&& x, Size n, Axes<A> = {}) { return detail::transformed<detail::Transform::inverse, A>(std::forward<X>(x), n); }
template <class X, int A = -1>
  requires(detail::Transformable<X, A>)
auto ifft(X&& x, Axes<A> along = {}) { return ifft(std::forward<X>(x), detail::extent_along<A>(x), along); }
template <class P, int M, class B, class... Rest>
  requires(detail::cuts_lines<P, M, detail::named_axis<Rest...>>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, detail::named_axis<Rest...>>>> ifft(const operand_tag<P, M, B>&, const Rest&...) = delete;

// The first n / 2 + 1 elements of fft(x, n) of real x; the others are their conjugates.
template <class X, int A = -1>
  requires(detail::Transformable<X, A> && kind_of<value_of<X>> != Kind::complex)
auto rfft(X&& x, Size n, Axes<A> = {}) { return detail::transformed<detail::Transform::of_real, A>(std::forward<X>(x), n); }
template <class X, int A = -1>
  requires(detail::Transformable<X, A> && kind_of<value_of<X>> != Kind::complex)
auto rfft(X&& x, Axes<A> along = {}) { return rfft(std::forward<X>(x), detail::extent_along<A>(x), along); }
template <class P, int M, class B, class... Rest>
  requires(detail::cuts_lines<P, M, detail::named_axis<Rest...>>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, detail::named_axis<Rest...>>>> rfft(const operand_tag<P, M, B>&, const Rest&...) = delete;

// The inverse of rfft: n real elements, 2 (extent - 1) if n is not said.
template <class X, int A = -1>
  requires(detail::Transformable<X, A>)
auto irfft(X&& x, Size n, Axes<A> = {}) { return detail::transformed<detail::Transform::to_real, A>(std::forward<X>(x), n); }
template <class X, int A = -1>
  requires(detail::Transformable<X, A>)
auto irfft(X&& x, Axes<A> along = {}) { return irfft(std::forward<X>(x), 2 * (detail::extent_along<A>(x) - 1), along); }
template <class P, int M, class B, class... Rest>
  requires(detail::cuts_lines<P, M, detail::named_axis<Rest...>>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, detail::named_axis<Rest...>>>> irfft(const operand_tag<P, M, B>&, const Rest&...) = delete;

// Along several axes: all of them, or those named; fft2 and its kin: the last two.
template <class X, int... A>
  requires(detail::Transformable<X, A...>)
auto fftn(X&& x, Axes<A...> axes) { return detail::transformed_along<detail::Transform::forward>(std::forward<X>(x), axes); }
template <Expression X>
  requires(rank_of<X> > 0 && requires(X&& x) { fftn(std::forward<X>(x), detail::every_axis<rank_of<X>>()); })
auto fftn(X&& x) { return fftn(std::forward<X>(x), detail::every_axis<rank_of<X>>()); }
template <class P, int M, class B, int... A>
  requires(detail::cuts_lines<P, M, A...>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, A...>>> fftn(const operand_tag<P, M, B>&, Axes<A...>) = delete;
template <class P, int M, class B>
  requires(!std::is_same_v<detail::stored_policy<P>, Replicated>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<Replicated>> fftn(const operand_tag<P, M, B>&) = delete;
template <class X, int... A>
  requires(detail::Transformable<X, A...>)
auto ifftn(X&& x, Axes<A...> axes) { return detail::transformed_along<detail::Transform::inverse>(std::forward<X>(x), axes); }
template <Expression X>
  requires(rank_of<X> > 0 && requires(X&& x) { ifftn(std::forward<X>(x), detail::every_axis<rank_of<X>>()); })
auto ifftn(X&& x) { return ifftn(std::forward<X>(x), detail::every_axis<rank_of<X>>()); }
template <class P, int M, class B, int... A>
  requires(detail::cuts_lines<P, M, A...>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, A...>>> ifftn(const operand_tag<P, M, B>&, Axes<A...>) = delete;
template <class P, int M, class B>
  requires(!std::is_same_v<detail::stored_policy<P>, Replicated>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<Replicated>> ifftn(const operand_tag<P, M, B>&) = delete;

template <class X>
  requires(detail::Transformable<X, -2, -1>)
auto fft2(X&& x) { return fftn(std::forward<X>(x), axis<-2, -1>); }
template <class P, int M, class B>
  requires(detail::cuts_lines<P, M, -2, -1>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, -2, -1>>> fft2(const operand_tag<P, M, B>&) = delete;
template <class X>
  requires(detail::Transformable<X, -2, -1>)
auto ifft2(X&& x) { return ifftn(std::forward<X>(x), axis<-2, -1>); }
template <class P, int M, class B>
  requires(detail::cuts_lines<P, M, -2, -1>)
error_E05_a_transform_needs_whole_lines_on_one_rank<P, write_redistribute_to<detail::another_axis<M, -2, -1>>> ifft2(const operand_tag<P, M, B>&) = delete;
template <class X>
  requires(detail::Transformable<X, -2, -1> && kind_of<value_of<X>> != Kind::complex)
auto rfft2(X&& x) { return fft(rfft(std::forward<X>(x)), axis<-2>); }
template <class X>
  requires(detail::Transformable<X, -2, -1>)
auto irfft2(X&& x) { return irfft(ifft(std::forward<X>(x), axis<-2>)); }

// The frequencies of fft's n elements, in cycles per unit of the spacing d: 0, 1, ..., -2, -1 times 1 / (n d); and of rfft's. Generated.
inline auto fftfreq(Size n, double d = 1) { return generate<double>(Shape<1>{n}, detail::Frequency{n, 1 / (static_cast<double>(n) * d)}); }
inline auto rfftfreq(Size n, double d = 1) {
  return generate<double>(Shape<1>{n / 2 + 1}, detail::Frequency{n + 2, 1 / (static_cast<double>(n) * d)});
}

// The zero frequency in the middle: rolled by half of each named axis, all if none is named; and back. Sends what roll does.
template <Expression X, int... A>
auto fftshift(X&& x, Axes<A...> axes) { return detail::rolled_by_half<1>(std::forward<X>(x), axes); }
template <Expression X>
  requires(rank_of<X> > 0)
auto fftshift(X&& x) { return fftshift(std::forward<X>(x), detail::every_axis<rank_of<X>>()); }
template <Expression X, int... A>
auto ifftshift(X&& x, Axes<A...> axes) { return detail::rolled_by_half<-1>(std::forward<X>(x), axes); }
template <Expression X>
  requires(rank_of<X> > 0)
auto ifftshift(X&& x) { return ifftshift(std::forward<X>(x), detail::every_axis<rank_of<X>>()); }

}  // namespace fft
}  // namespace priel
