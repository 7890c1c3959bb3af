// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Window<Axis>: a run-time slice along the axis of a Split<Axis>, whose elements stay where they are; stored, Window<k> -> Split<k>.
#pragma once

#include <priel/exchange.hpp>
#include <priel/held.hpp>
#include <priel/policies/split.hpp>

namespace priel {

template <int Axis>
struct Window {
  static constexpr int axis = Axis;

  template <int Rank>
  static constexpr Box<Rank> held(const Shape<Rank>& shape, const SlicedAxis& window, int size, int rank) {
    Box<Rank> box = whole(shape);
    const Block block = block_of(window.extent, size, rank);
    // Where the slice enters the rank's block and where it leaves it, walking up or down.
    const bool up = window.step > 0;
    const Size step = up ? window.step : -window.step;
    const Size to_first = up ? block.lower - window.first : window.first - (block.lower + block.extent - 1);
    const Size to_end = up ? block.lower + block.extent - window.first : window.first - block.lower + 1;
    const auto index = [&](Size distance) {
      const Size i = distance <= 0 ? 0 : (distance + step - 1) / step;
      return i < shape[Axis] ? i : shape[Axis];
    };
    box.lower[Axis] = index(to_first);
    box.extent[Axis] = block.extent == 0 ? 0 : index(to_end) - box.lower[Axis];
    return box;
  }
};

template <int K>
struct storing<Window<K>> { using type = Split<K>; };

// What the compiler says where a range of a split axis meets the axis itself.
struct write_eval_of_the_range {};
template <class Left, class Right, class Write>
struct error_E08_a_range_of_a_split_axis_stays_where_it_is {};

// Equal windows meet (the extents are compared when the expression is built), as does what every rank holds.
template <int J, int K>
struct join<Window<J>, Window<K>> {
  static constexpr bool ok = J == K;
  using type = Window<J>;
};
template <int K>
struct join<Replicated, Window<K>> {
  static constexpr bool ok = true;
  using type = Window<K>;
};
template <int K>
struct join<Window<K>, Replicated> : join<Replicated, Window<K>> {};
template <int J, int K>
struct join<Window<J>, Split<K>> {
  static constexpr bool ok = false;
  using sentence = error_E08_a_range_of_a_split_axis_stays_where_it_is<Window<J>, Split<K>, write_eval_of_the_range>;
};
template <int J, int K>
struct join<Split<J>, Window<K>> : join<Window<K>, Split<J>> {};

// A range of the split axis itself; any other axis may be sliced where it is.
template <int Axis, int K>
struct propagate<RangeOfAxis<Axis>, Split<K>> {
  static constexpr bool across = Axis == K;
  using type = std::conditional_t<Axis == K, Window<K>, Split<K>>;
};
// Operations on axes do to a window what they do to the split.
template <class Operation, int K>
struct propagate<Operation, Window<K>> {
  static constexpr bool across = propagate<Operation, Split<K>>::across;
  using type = Window<propagate<Operation, Split<K>>::type::axis>;
};

// What changes owner moves, as for any two policies whose parts are boxes.
template <int K, class To>
struct redistribution<Window<K>, To> {
  static constexpr bool ok = true;
  static constexpr bool sends = true;
  static constexpr Collectives collectives = Collective::exchange;

  template <class Backend, Expression E, class T>
  static void run(const E& e, const Communicator& comm, const Box<rank_of<E>>&, T* shard) {
    const auto shape = e.shape();
    exchange_boxes<Backend>(e, comm, [&](int r) { return detail::held_box(e, comm.size(), r); },
                            [&](int r) { return To::part(shape, comm.size(), r); }, shard);
  }
  template <class E>
  static void plan_of(const E& e, Plan& plan, const std::string& what, Size element_bytes) {
    const auto shape = e.shape();
    plan_exchange(plan, what, [&](int r) { return detail::held_box(e, plan.ranks(), r); },
                  [&](int r) { return To::part(shape, plan.ranks(), r); }, element_bytes);
  }
};

}  // namespace priel
