// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// gradient and trapz: differences and sums of neighbours on a grid; gradient S<k> -> S<k> with the halo along k, trapz as sum.
#pragma once

#include <priel/algorithms/average.hpp>
#include <priel/algorithms/diff.hpp>
#include <priel/algorithms/pad.hpp>
#include <priel/create.hpp>

namespace priel {

namespace detail {

// j -> j + shift, but for the ends of an axis of n indices, which stay on it.
struct Neighbour {
  Size shift, n;
  PRIEL_DEVICE constexpr Size operator()(Size j) const { return j + shift < 0 ? 0 : j + shift < n ? j + shift : n - 1; }
  constexpr Needed needed(const Block& block) const {
    if (block.extent == 0) return {};
    const Size first = (*this)(block.lower);
    return {{first, (*this)(block.lower + block.extent - 1) - first + 1}, {}};
  }
  constexpr Stretch stretch(Size j) const { return j + shift < 0 || j + shift >= n ? Stretch{} : Stretch{n - j - shift, 1}; }
};

// What divides the difference of an element's neighbours: twice the spacing between two, else the spacing.
template <class T, int Axis>
struct Width {
  T spacing;
  Size n;
  template <int Rank>
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const { return i[Axis] == 0 || i[Axis] == n - 1 ? spacing : 2 * spacing; }
  friend constexpr bool operator==(const Width&, const Width&) = default;
};

template <int Axis, class E>
auto central_differences(const E& e, double spacing) {
  using T = floating_type<value_of<E>>;
  using Read = MapAxis<Axis, Neighbour, E>;
  const Size n = e.shape()[Axis];
  return (astype<T>(Read(e, {1, n}, n, "gradient")) - astype<T>(Read(e, {-1, n}, n, "gradient"))) /
         generate<T>(e.shape(), Width<T, Axis>{static_cast<T>(spacing), n});
}

// Along the distributed axis: every rank gets the neighbours of its part.
template <int Axis, Expression E>
struct GradientAcross {
  using value_type = floating_type<value_of<E>>;
  using policy_type = policy_of<E>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = Collective::exchange;
  double spacing;

  Shape<rank> shape(const E& e) const { return e.shape(); }
  auto needs(const E& e, int ranks) const {
    return [shape = e.shape(), ranks](int q) {
      const Block part = block_on<Axis, policy_type>(shape, ranks, q);
      const Size end = std::min(part.lower + part.extent + 1, shape[Axis]), first = std::max(part.lower - 1, Size{0});
      return part.extent > 0 ? Needed{{first, end - first}, {}} : Needed{};
    };
  }
  auto operator()(const E& e) const {
    const Comm comm = comm_or_world(e.comm());
    Array<value_type, rank, policy_type, backend_type> result(e.shape(), comm);
    const auto near = fetch<Axis, backend_type>(e, comm, needs(e, comm->size()));
    const auto lease = result.local_mut();
    evaluate<backend_type>(central_differences<Axis>(near, spacing), result.part(), lease.data());
    return result;
  }
  void plan(Plan& plan, const E& e) const { plan_fetch<Axis>(plan, "gradient", e, e.shape(), needs(e, plan.ranks())); }
};

// The trapezoidal rule's weights on an even grid; none where there is one point.
template <class T, int Axis>
struct TrapezoidWeight {
  T spacing;
  Size n;
  template <int Rank>
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>& i) const { return i[Axis] == 0 || i[Axis] == n - 1 ? spacing / 2 : spacing; }
  friend constexpr bool operator==(const TrapezoidWeight&, const TrapezoidWeight&) = default;
};

// One point encloses nothing, whatever it is.
template <class T, class X>
auto enclosing(X&& x, Size n) { return where(full<bool>(x.shape(), n > 1), astype<T>(x), T{}); }

}  // namespace detail

// The derivative along an axis (the only one, if none is named) by central differences, of second order inside, of first order at the ends:
// numpy.gradient with one axis and an even spacing. Real elements; integers give double; x's shape and policy. Lazy, nothing is sent; along the
// split axis one row to each neighbour. ShapeError if the axis has fewer than two elements.
template <Expression X, int... A>
  requires(rank_of<X> > 0 && kind_of<value_of<X>> != Kind::boolean)
auto gradient(X&& x, double spacing, Axes<A...>) {
  constexpr int a = detail::one_axis<rank_of<X>, A...>();
  using Kid = detail::settled_t<X>;
  Kid kid(detail::settled(std::forward<X>(x)));
  if (kid.shape()[a] < 2)
    throw ShapeError("gradient: axis " + std::to_string(a) + " of " + to_string(kid.shape()) + " has fewer than two elements");
  if constexpr (detail::distributes<policy_of<Kid>, rank_of<Kid>>(a))
    return detail::computed(detail::GradientAcross<a, Kid>{spacing}, std::move(kid));
  else return detail::central_differences<a>(kid, spacing);
}
template <Expression X, int... A>
  requires(rank_of<X> > 0)
auto gradient(X&& x, Axes<A...> along) { return gradient(std::forward<X>(x), 1, along); }
template <Expression X>
  requires(rank_of<X> == 1)
auto gradient(X&& x, double spacing = 1) { return gradient(std::forward<X>(x), spacing, axis<0>); }

// The integral along an axis (the last, if none is named) by the trapezoidal rule, on points that are `spacing` apart: one weighted sum, with
// the policies and messages of `sum`. Integers give double.
template <Expression Y, int A = -1>
  requires(rank_of<Y> > 0)
auto trapz(Y&& y, double spacing = 1, Axes<A> along = {}) {
  constexpr int a = detail::one_axis<rank_of<Y>, A>();
  using T = floating_type<value_of<Y>>;
  const auto shape = y.shape();
  const detail::TrapezoidWeight<T, a> weight{static_cast<T>(spacing), shape[a]};
  return sum(detail::enclosing<T>(std::forward<Y>(y), shape[a]) * generate<T>(shape, weight), along);
}
// At the points of a line x. ShapeError if it has another length than the axis.
template <Expression Y, Expression X, int A = -1>
  requires(rank_of<Y> > 0 && rank_of<X> == 1)
auto trapz(Y&& y, X&& x, Axes<A> along = {}) {
  constexpr int a = detail::one_axis<rank_of<Y>, A>();
  using T = floating_type<promote<value_of<Y>, value_of<X>>>;
  const Size n = y.shape()[a];
  if (x.shape()[0] != n)
    throw ShapeError("trapz: " + std::to_string(x.shape()[0]) + " points for axis " + std::to_string(a) + " of " + to_string(y.shape()));
  const auto steps = diff(astype<T>(std::forward<X>(x)), axis<0>);
  const auto weights = (pad(steps, {{1, 0}}) + pad(steps, {{0, 1}})) / 2;
  return sum(detail::enclosing<T>(std::forward<Y>(y), n) * detail::along_axis<a, rank_of<Y>>(weights), along);
}

}  // namespace priel
