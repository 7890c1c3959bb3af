// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Functions that only say which operand index a result index reads along one axis: the maps, and the lazy node that reads by one.
#pragma once

#include <priel/algorithms/detail/rows.hpp>
#include <priel/array.hpp>
#include <priel/plan.hpp>
#include <priel/reduce.hpp>
#include <priel/view.hpp>

namespace priel {

namespace detail {

// What a block of result indices reads of the operand: at most two runs of its axis, in ascending order; the second may be empty.
struct Needed {
  Block first, second;

  PRIEL_DEVICE constexpr Size count() const { return first.extent + second.extent; }
  constexpr Block hull() const {
    if (second.extent == 0) return first;
    return {first.lower, second.lower + second.extent - first.lower};
  }
};

inline constexpr Size no_end = Size{1} << 62;

// From some result index on, `count` of them read operand indices `step` apart.
struct Stretch {
  Size count = 1, step = 0;
};

// A map is a trivially copyable functor from a result index to an operand index, with `needed(block)` for what a block reads and
// `stretch(j)` for how it goes on from j.

// j -> j + shift: a part of the axis.
struct Shifted {
  Size shift = 0;
  PRIEL_DEVICE constexpr Size operator()(Size j) const { return j + shift; }
  constexpr Needed needed(const Block& block) const { return {{block.lower + shift, block.extent}, {}}; }
  constexpr Stretch stretch(Size) const { return {no_end, 1}; }
};

// j -> j + shift, round an axis of n indices: roll, tile.
struct Cyclic {
  Size shift = 0, n = 0;   // 0 <= shift < n, or both 0
  PRIEL_DEVICE constexpr Size operator()(Size j) const { return (j + shift) % n; }
  constexpr Needed needed(const Block& block) const {
    if (block.extent == 0) return {};
    if (block.extent >= n) return {{0, n}, {}};
    const Size start = (*this)(block.lower), end = start + block.extent;
    if (end <= n) return {{start, block.extent}, {}};
    return {{0, end - n}, {start, n - start}};
  }
  constexpr Stretch stretch(Size j) const { return {n - (*this)(j), 1}; }
};

// j -> n - 1 - j: flip.
struct Reversed {
  Size n = 0;
  PRIEL_DEVICE constexpr Size operator()(Size j) const { return n - 1 - j; }
  constexpr Needed needed(const Block& block) const { return {{n - block.lower - block.extent, block.extent}, {}}; }
  constexpr Stretch stretch(Size) const { return {no_end, -1}; }
};

// j -> j / times: repeat.
struct Repeated {
  Size times = 1;
  PRIEL_DEVICE constexpr Size operator()(Size j) const { return j / times; }
  constexpr Needed needed(const Block& block) const {
    if (block.extent == 0) return {};
    const Size first = (*this)(block.lower);
    return {{first, (*this)(block.lower + block.extent - 1) - first + 1}, {}};
  }
  constexpr Stretch stretch(Size j) const { return {times - j % times, 0}; }
};

}  // namespace detail

namespace kernel {

// Reads a source, which was lowered over a box that begins at `lower`, at the index that the map says.
template <class T, int Root, int Rank, int Axis, class Map, class Source>
struct MappedAxis {
  using value_type = T;
  Source source;
  Frame<Root, Rank> frame;
  Index<Rank> lower;
  Map map;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const {
    Index<Rank> index = frame.at(i);
    index[Axis] = map(index[Axis]);
    for (int a = 0; a < Rank; ++a) index[a] -= lower[a];
    return source.at(index);
  }

  template <class Out>
  void copy(const Index<Root>& first, const Shape<Root>& extent, int n, Out* out) const { copy_rows(*this, first, extent, n, out); }
  template <class Out>
  void row(const Index<Root>& first, const Index<Root>& step, Size count, Out* out) const {
    const Index<Rank> steps = steps_of(frame, step), start = frame.at(first), index = moved_by(start, lower, -1);
    for (Size at = 0, run = 0; at < count; at += run) {
      const Size j = start[Axis] + at * steps[Axis];
      const detail::Stretch stretch = map.stretch(j);
      const Size left = count - at, regular = steps[Axis] == 0 ? left : steps[Axis] == 1 ? stretch.count : 1;
      run = left < regular ? left : regular;
      Index<Rank> from = moved_by(index, steps, at), by = steps;
      from[Axis] = map(j) - lower[Axis];
      by[Axis] = steps[Axis] * stretch.step;
      copy_row(source, from, by, run, out + at);
    }
  }
};

}  // namespace kernel

// The operand with one axis read through a map. Nothing is sent: every rank has all of that axis. Has the operand's policy.
template <int Axis, class Map, Expression E>
class MapAxis : public Node<MapAxis<Axis, Map, E>, value_of<E>, rank_of<E>, policy_of<E>, backend_of<E>> {
 public:
  static constexpr int rank = rank_of<E>;
  static constexpr Collectives collectives = detail::collectives_of_node<E>();
  static constexpr int statistics = detail::statistics_in<E>();
  auto pending_statistics() const { return detail::statistics_of(operand_); }

  MapAxis(E operand, const Map& map, Size extent, const char* name)
      : operand_(std::move(operand)), map_(map), shape_(operand_.shape()), name_(name) { shape_[Axis] = extent; }

  Shape<rank> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  void prepare() const { operand_.prepare(); }
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, rank>& frame, Scope& scope) const {
    Box<rank> box = frame.box();
    const Block read = map_.needed({box.lower[Axis], box.extent[Axis]}).hull();
    box.lower[Axis] = read.lower;
    box.extent[Axis] = read.extent;
    return make(operand_.lower(frame_of(box), scope), frame, box.lower);
  }
  void plan(Plan& plan) const {
    detail::plan_node(operand_, plan);
    plan.fused(name_);
  }

 private:
  template <int Root, class Source>
  auto make(const Source& source, const Frame<Root, rank>& frame, const Index<rank>& lower) const {
    return kernel::MappedAxis<value_of<E>, Root, rank, Axis, Map, Source>{source, frame, lower, map_};
  }

  E operand_;
  Map map_;
  Shape<rank> shape_;
  const char* name_;
};

namespace detail {

// The one axis of axis<a>, counted from the front.
template <int Rank, int... A>
consteval int one_axis() {
  static_assert(sizeof...(A) == 1, "one axis is to be named: axis<a>");
  static_assert(NormalAxes<Rank, A...>::valid, "the axis does not exist: axis<a> needs -rank <= a < rank");
  return ((A < 0 ? A + Rank : A) + ...);
}

// Axis At of e: count indices from first on, in steps. A view of the same policy, for axes that are not distributed.
template <int At, class E>
auto view_along(E e, const Selection& selection) {
  using Result = View<E, rank_of<E>, policy_of<E>>;
  const auto shape = e.shape();
  typename Result::Axis axes[rank_of<E>];
  for (int a = 0; a < rank_of<E>; ++a) axes[a] = {a == At ? selection : Selection{0, 1, shape[a]}, a};
  return Result(std::move(e), axes);
}

}  // namespace detail
}  // namespace priel
