// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// put, trim_zeros: assignment to elements that indices name, and the elements between the first and the last that is not zero.
#pragma once

#include <priel/algorithms/gather.hpp>

namespace priel {

namespace kernel {

template <class T>
struct PutValues {
  T* target;
  const T* values;
  const Size* pairs;   // a place in the target and one among the values

  PRIEL_DEVICE void operator()(Size i) const { target[pairs[2 * i]] = values[pairs[2 * i + 1]]; }
};

}  // namespace kernel

namespace detail {

// The pairs (place, value) of what this rank is to write from element `first` on: of equal places the last one.
inline std::vector<Size> pairs_to_put(std::vector<Size> places, Size values, Size first, Size count) {
  std::vector<Size> order(places.size()), pairs;
  std::iota(order.begin(), order.end(), Size{0});
  std::sort(order.begin(), order.end(), [&](Size a, Size b) {
    const Size left = places[static_cast<std::size_t>(a)], right = places[static_cast<std::size_t>(b)];
    return left != right ? left < right : a < b;
  });
  for (std::size_t j = 0; j < order.size(); ++j) {
    const Size place = places[static_cast<std::size_t>(order[j])];
    if (place < first || place >= first + count || (j + 1 < order.size() && places[static_cast<std::size_t>(order[j + 1])] == place)) continue;
    pairs.push_back(place - first);
    pairs.push_back(order[j] % values);
  }
  return pairs;
}

}  // namespace detail

// x's elements at these places of the C order become the values, in their order, from the first again where there are fewer; of equal
// places the last one counts. x R or S<0>; places and values, a number or an array, are what every rank has: nothing is sent. ShapeError
// for a place outside. Negative ones count from the end.
template <class T, int Rank, class P, class Backend, Expression I, Operand V>
  requires(Rank > 0 && kind_of<value_of<I>> == Kind::integer)
void put(Array<T, Rank, P, Backend>& x, const I& indices, const V& values) {
  using namespace detail;
  using Node = node_of<V>;
  static_assert(has_C_order<P>, "error E03: the elements of a rank are not contiguous in C order; put needs x under split<0> or replicated");
  static_assert(on_every_rank<stored_policy<policy_of<I>>> && on_every_rank<stored_policy<policy_of<Node>>>,
                "error E01: put needs indices and values on every rank; write redistribute(indices, replicated)");
  static_assert(Assignable<value_of<Node>, T>, "error E10: the assignment narrows; write astype of the values");
  const Array<value_of<I>, rank_of<I>, Replicated, Backend> stored(indices);
  const Array<T, rank_of<Node>, Replicated, Backend> given(as_node(values));
  std::vector<Size> places = places_of<Backend>(stored, x.size(), 0, "put");
  if (places.empty() || given.size() == 0) return;
  const auto& part = x.part();
  const Size row = x.size() / x.shape()[0];
  const std::vector<Size> pairs = pairs_to_put(std::move(places), given.size(), part.lower[0] * row, part.size());
  const auto bytes = static_cast<Size>(pairs.size() * sizeof(Size));
  const auto memory = make_buffer<Size, Backend>(static_cast<Size>(pairs.size()));
  Backend::upload(memory->data(), pairs.data(), bytes);
  const auto lease = x.local_mut();
  Backend::for_each(static_cast<Size>(pairs.size()) / 2, kernel::PutValues<T>{lease.data(), given.local().data(), memory->data()});
}

// A vector without the zeros at both ends: R -> R, S<0> -> S<0>. Runs when called; sends what nonzero and the storing of a range do.
template <Expression X>
  requires(rank_of<X> == 1)
auto trim_zeros(const X& x) {
  const auto places = flatnonzero(x);
  const Size n = places.size(), first = n > 0 ? item(places(0)) : 0, last = n > 0 ? item(places(-1)) + 1 : 0;
  return eval(x(range(first, last)));
}

}  // namespace priel
