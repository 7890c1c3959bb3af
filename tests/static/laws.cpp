// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The rule tables, proven for small shapes and numbers of ranks by ranks that exist at compile time only.
#include <priel/policies/redistributions.hpp>

#include <tuple>

namespace {

using namespace priel;

// f(shape) for shapes with extents 0, 1, 2 and 5 (rank 3: 1 and 5); whether all of them, or one of them, is so.
template <int Rank, class F>
constexpr bool for_all_shapes(F&& f) {
  constexpr Size many[] = {0, 1, 2, 5}, few[] = {1, 5};
  const Size* const extents = Rank < 3 ? many : few;
  const Size choices = Rank < 3 ? 4 : 2;
  Shape<Rank> digits;
  for (int a = 0; a < Rank; ++a) digits[a] = choices;
  Index<Rank> at;
  for (Size n = digits.size(); n > 0; --n, advance(digits, at)) {
    Shape<Rank> shape;
    for (int a = 0; a < Rank; ++a) shape[a] = extents[at[a]];
    if (!f(shape)) return false;
  }
  return true;
}
template <int Rank, class F>
constexpr bool for_some_shape(F&& f) { return !for_all_shapes<Rank>([&](const Shape<Rank>& shape) { return !f(shape); }); }

// f(p, r) for every rank r of 1 to 4.
template <class F>
constexpr bool for_all_ranks(F&& f) {
  for (int p = 1; p <= 4; ++p)
    for (int r = 0; r < p; ++r)
      if (!f(p, r)) return false;
  return true;
}

template <int Rank>
constexpr bool within(const Box<Rank>& inner, const Box<Rank>& outer) { return inner.size() == 0 || intersect(inner, outer) == inner; }

// Boxes with elements are equal; those without have equal extents.
template <int Rank>
constexpr bool equal(const Box<Rank>& a, const Box<Rank>& b) { return a.size() == 0 ? a.extent == b.extent : a == b; }

// f.operator()<P>() for the policies of arrays of this rank.
template <int Rank, class F>
constexpr bool for_all_policies(F&& f) {
  return f.template operator()<Replicated>() && [&]<int... K>(std::integer_sequence<int, K...>) {
    return (f.template operator()<Split<K>>() && ...);
  }(std::make_integer_sequence<int, Rank>{});
}

// ---- Point-wise: what the joined policy has a rank compute, the rank has the operands of.

// The trailing axes of a box; `stretched` says which have extent 1 in the operand.
template <int To, int Rank>
constexpr Box<To> trailing(const Box<Rank>& box, unsigned stretched) {
  Box<To> result;
  for (int a = 0; a < To; ++a) {
    const int b = a + Rank - To;
    const bool one = (stretched >> a) & 1u;
    result.lower[a] = one ? 0 : box.lower[b];
    result.extent[a] = one ? (box.extent[b] > 0 ? 1 : 0) : box.extent[b];
  }
  return result;
}

// Whole, and with each one axis stretched that the operand's policy does not distribute.
template <class P, int M, class J, int Rank>
constexpr bool operand_is_there(const Shape<Rank>& shape) {
  const Shape<M> extents = trailing<M>(whole(shape), 0).extent;
  return for_all_ranks([&](int p, int r) {
    const Box<Rank> computed = J::part(shape, p, r);
    for (int axis = -1; axis < M; ++axis) {
      if (axis >= 0 && detail::distributes<P, M>(axis)) continue;
      Shape<M> operand = extents;
      if (axis >= 0) operand[axis] = 1;
      if (!within(trailing<M>(computed, axis < 0 ? 0 : 1u << axis), P::part(operand, p, r))) return false;
    }
    return true;
  });
}

// Whether there is an element whose operands no rank holds together.
template <class P, int M, class Q, int N>
constexpr bool some_element_is_nowhere() {
  constexpr int rank = M > N ? M : N;
  return for_some_shape<rank>([](const Shape<rank>& shape) {
    const auto left = trailing<M>(whole(shape), 0).extent;
    const auto right = trailing<N>(whole(shape), 0).extent;
    for (int p = 2; p <= 4; ++p) {
      Index<rank> i;
      for (Size n = shape.size(); n > 0; --n, advance(shape, i)) {
        Box<rank> element{i, {}};
        for (int a = 0; a < rank; ++a) element.extent[a] = 1;
        bool somewhere = false;
        for (int r = 0; r < p; ++r)
          somewhere = somewhere || (within(trailing<M>(element, 0), P::part(left, p, r)) && within(trailing<N>(element, 0), Q::part(right, p, r)));
        if (!somewhere) return true;
      }
    }
    return false;
  });
}

template <class P, int M, class Q, int N>
constexpr bool join_law() {
  constexpr int rank = M > N ? M : N;
  using rule = detail::Joined<P, M, Q, N>;
  if constexpr (!rule::ok) return some_element_is_nowhere<P, M, Q, N>();
  else {
    using J = typename rule::type;
    return for_all_shapes<rank>([](const Shape<rank>& shape) {
      return operand_is_there<P, M, J>(shape) && operand_is_there<Q, N, J>(shape);
    });
  }
}

template <int M, int N>
constexpr bool join_laws() {
  return for_all_policies<M>([]<class P>() {
    return for_all_policies<N>([]<class Q>() {
      static_assert(join_law<P, M, Q, N>());
      return true;
    });
  });
}
// The lower rank on the right; the combination is commutative (join.cpp).
static_assert(join_laws<1, 1>() && join_laws<2, 1>() && join_laws<2, 2>() && join_laws<3, 1>() && join_laws<3, 2>() && join_laws<3, 3>());
static_assert(join_laws<1, 2>());

// ---- Shape: the propagated policy's boxes are the images of the operand's.

template <int Result, int Rank>
constexpr Box<Result> image(const Box<Rank>& box, const int (&from)[Result]) {   // from -1: a new axis
  Box<Result> result;
  for (int a = 0; a < Result; ++a) {
    result.lower[a] = from[a] < 0 ? 0 : box.lower[from[a]];
    result.extent[a] = from[a] < 0 ? 1 : box.extent[from[a]];
  }
  return result;
}

// Under an operation whose result axis i is operand axis from[i].
template <class Operation, class P, int Rank, int Result>
constexpr bool image_law(const int (&from)[Result]) {
  using Q = detail::propagated<Operation, P>;
  return for_all_shapes<Rank>([&](const Shape<Rank>& shape) {
    return for_all_ranks([&](int p, int r) {
      return equal(Q::part(image(whole(shape), from).extent, p, r), image(P::part(shape, p, r), from));
    });
  });
}

static_assert(for_all_policies<3>([]<class P>() {
  return image_law<PermuteAxes<0, 2, 1>, P, 3, 3>({0, 2, 1}) && image_law<PermuteAxes<1, 0, 2>, P, 3, 3>({1, 0, 2}) &&
      image_law<PermuteAxes<1, 2, 0>, P, 3, 3>({1, 2, 0}) && image_law<PermuteAxes<2, 0, 1>, P, 3, 3>({2, 0, 1}) &&
      image_law<PermuteAxes<2, 1, 0>, P, 3, 3>({2, 1, 0});
}));
static_assert(for_all_policies<2>([]<class P>() {
  return image_law<InsertAxis<0>, P, 2, 3>({-1, 0, 1}) && image_law<InsertAxis<1>, P, 2, 3>({0, -1, 1}) && image_law<InsertAxis<2>, P, 2, 3>({0, 1, -1});
}));
static_assert(for_all_policies<1>([]<class P>() {
  return image_law<Lift<1>, P, 1, 2>({-1, 0}) && image_law<Lift<2>, P, 1, 3>({-1, -1, 0}) && image_law<Lift<0>, P, 1, 1>({0});
}));

// ---- Reductions and integer indices: removing an axis.

// `across` exactly where some rank has not all of that axis; elsewhere the boxes stay aligned, with keepdims too.
template <class P, int Axis, int Rank>
constexpr bool removal_law() {
  using rule = detail::Propagated<RemoveAxis<Axis>, P>;
  const bool lacks = for_some_shape<Rank>([](const Shape<Rank>& shape) {
    return !for_all_ranks([&](int p, int r) { return P::part(shape, p, r).extent[Axis] == shape[Axis]; });
  });
  if constexpr (rule::across) return lacks;
  else {
    int from[Rank - 1] = {};
    for (int a = 0; a < Rank - 1; ++a) from[a] = a < Axis ? a : a + 1;
    const bool kept = std::is_same_v<detail::propagated<InsertAxis<Axis>, typename rule::type>, P>;
    return !lacks && kept && image_law<RemoveAxis<Axis>, P, Rank, Rank - 1>(from);
  }
}
static_assert(for_all_policies<2>([]<class P>() { return removal_law<P, 0, 2>() && removal_law<P, 1, 2>(); }));
static_assert(for_all_policies<3>([]<class P>() { return removal_law<P, 0, 3>() && removal_law<P, 1, 3>() && removal_law<P, 2, 3>(); }));

// ---- Redistributions: what a rank is to hold comes from others once, element by element.

template <class From, class To, int Rank>
constexpr bool redistribution_law() {
  using rule = redistribution<From, To>;
  static_assert(rule::ok);
  return for_all_shapes<Rank>([](const Shape<Rank>& shape) {
    return for_all_ranks([&](int p, int r) {
      const auto wanted = To::part(shape, p, r);
      if constexpr (!rule::sends) return within(wanted, From::part(shape, p, r));
      Size arrives = 0;
      for (int q = 0; q < p; ++q) {
        arrives += intersect(From::part(shape, p, q), wanted).size();
        for (int other = 0; other < q; ++other)
          if (intersect(From::part(shape, p, q), From::part(shape, p, other)).size() > 0) return false;
      }
      return arrives == wanted.size();
    });
  });
}

template <int Rank>
constexpr bool redistribution_laws() {
  return for_all_policies<Rank>([]<class From>() {
    return for_all_policies<Rank>([]<class To>() {
      if constexpr (!std::is_same_v<From, To>) static_assert(redistribution_law<From, To, Rank>());
      return true;
    });
  });
}
static_assert(redistribution_laws<1>() && redistribution_laws<2>() && redistribution_laws<3>());

}  // namespace
