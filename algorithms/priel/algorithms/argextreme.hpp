// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// argmin, argmax: S<k> -> S<k'> along another axis without a message, along the split one or over all -> R by pairs (value, index).
#pragma once

#include <priel/algorithms/order.hpp>

namespace priel {

namespace kernel {

// An element and its place; place -1: none yet.
template <class T>
struct Extreme {
  T value;
  Size index;
};

// NaN before all others, then the largest (or smallest), then the smaller index.
template <bool Max, class T>
PRIEL_DEVICE constexpr bool comes_first(const Extreme<T>& a, const Extreme<T>& b) {
  if (a.index < 0 || b.index < 0) return a.index >= 0;
  const bool a_nan = a.value != a.value, b_nan = b.value != b.value;
  if (a_nan != b_nan) return a_nan;
  if (a_nan || a.value == b.value) return a.index < b.index;
  return Max ? a.value > b.value : a.value < b.value;
}

// Some neighbouring lines, over one of the pieces that lines are cut into: runs, or (`Spread`) every pieces-th element. Then
// states[line * pieces + piece] is the extreme and its place on the line.
template <class Kernel, int Root, bool Max, int Width, bool Spread>
struct FindExtreme {
  using State = Extreme<typename Kernel::value_type>;
  Kernel kernel;
  Shape<Root> lines, along;   // extents of the axes that stay and of those that are searched; 1 for the others
  Size pieces;
  State* states;

  PRIEL_DEVICE void operator()(Size work) const {
    const Size count = lines.size(), first = work / pieces * Width, piece = work % pieces, length = along.size();
    const int width = static_cast<int>(count - first < Width ? count - first : Width);
    const Size begin = Spread ? piece : length * piece / pieces, end = Spread ? length : length * (piece + 1) / pieces;
    const Size step = Spread ? pieces : 1;
    const Index<Root> stride = position_of(along, step);
    State best[Width];
    Index<Root> at[Width];
    for (int w = 0; w < width; ++w) {
      best[w] = State{{}, -1};
      at[w] = position_of(lines, first + w);
    }
    Index<Root> inner = position_of(along, begin);
    for (Size i = begin; i < end; i += step) {
      for (int w = 0; w < width; ++w) {
        Index<Root> position = at[w];
        for (int a = 0; a < Root; ++a) position[a] += inner[a];
        const auto value = kernel.at(position);
        const bool better = best[w].index < 0 || (Max ? value > best[w].value : value < best[w].value) ||
                            (value != value && best[w].value == best[w].value);
        if (better) best[w] = State{value, i};
      }
      if (step == 1) advance(along, inner);
      else advance_by(stride, along, inner);
    }
    for (int w = 0; w < width; ++w) states[(first + w) * pieces + piece] = best[w];
  }
};

// Some states of a line become one.
template <class T, bool Max>
struct MergeExtremes {
  const Extreme<T>* states;
  Size pieces, merged;   // states of a line, before and after
  Extreme<T>* out;

  PRIEL_DEVICE void operator()(Size work) const {
    const Extreme<T>* const line = states + work / merged * pieces;
    Extreme<T> best = line[work % merged];
    for (Size piece = work % merged + merged; piece < pieces; piece += merged)
      if (comes_first<Max>(line[piece], best)) best = line[piece];
    out[work] = best;
  }
};

template <class T>
struct PlaceOfExtreme {
  const Extreme<T>* states;
  Size lower;
  Size* out;

  PRIEL_DEVICE void operator()(Size line) const { out[line] = lower + states[line].index; }
};

}  // namespace kernel

namespace detail::order {

// `Inner`: the axis was the last one before it was moved there.
template <class E, bool All, bool Inner, bool Max>
struct ArgExtreme {
  using Along = Reduced<E, All>;
  using value_type = Size;
  using policy_type = typename Along::policy;
  using backend_type = typename Along::backend;
  static constexpr int rank = Along::rank;
  static constexpr Collectives collectives = Along::across ? Collectives(Collective::all_reduce) : Collectives{};
  using State = kernel::Extreme<value_of<E>>;

  Shape<rank> shape(const E& e) const {
    if (Along::length(e) == 0) throw ShapeError("argmin or argmax over zero elements: the operand has shape " + to_string(e.shape()));
    return Along::shape(e);
  }

  Array<Size, rank, policy_type, backend_type> operator()(const E& e) const {
    const Comm comm = comm_or_world(e.comm());
    e.prepare();
    if constexpr (!backend_type::host_memory && !All && !Along::across) return places_of_lines(e, held(e, *comm), comm);
    std::vector<State> found = found_here(e, held(e, *comm));
    if constexpr (Along::across) comm->all_reduce(found.data(), static_cast<Size>(found.size()), sizeof(State), &merge);
    std::vector<Size> indices;
    for (const State& state : found) indices.push_back(state.index);
    return array_from_host<Array<Size, rank, policy_type, backend_type>>(shape(e), comm, indices);
  }

  void plan(Plan& plan, const E& e) const {
    plan_loop(plan, Max ? "argmax" : "argmin", e);
    const Size bytes = Along::shape(e).size() * static_cast<Size>(sizeof(State));
    if (Along::across) plan.message(Collective::all_reduce, "extreme elements and their indices", [&](int) { return bytes; });
  }

 private:
  static void merge(void* into, const void* from, Size count) {
    for (Size i = 0; i < count; ++i) {
      State& mine = static_cast<State*>(into)[i];
      const State& other = static_cast<const State*>(from)[i];
      if (kernel::comes_first<Max>(other, mine)) mine = other;
    }
  }

  // The extremes of what this rank holds, with global indices.
  static std::vector<State> found_here(const E& e, const Box<rank_of<E>>& part) {
    Scope scope;
    Size lines = 1;
    if constexpr (!All) lines = Last<E>::count(part.extent);
    std::vector<State> found(static_cast<std::size_t>(lines), State{{}, -1});
    if (part.size() == 0) return found;
    const auto searched = search(e.lower(frame_of(part), scope), part.extent, lines);
    const Size pieces = searched->size() / lines;
    std::vector<State> states(static_cast<std::size_t>(lines * pieces));
    backend_type::download(states.data(), searched->data(), lines * pieces * static_cast<Size>(sizeof(State)));
    for (Size i = 0; i < lines * pieces; ++i) {
      State& state = states[static_cast<std::size_t>(i)];
      if (state.index < 0) continue;
      if constexpr (All) {
        const Index<rank_of<E>> strides = strides_of(e.shape()), at = position_of(part.extent, state.index);
        state.index = 0;
        for (int a = 0; a < rank_of<E>; ++a) state.index += strides[a] * (part.lower[a] + at[a]);
      } else state.index += part.lower[rank_of<E> - 1];
      merge(&found[static_cast<std::size_t>(i / pieces)], &state, 1);
    }
    return found;
  }

  // Of whole lines: the result stays in the backend's memory.
  static Array<Size, rank, policy_type, backend_type> places_of_lines(const E& e, const Box<rank_of<E>>& part, const Comm& comm) {
    Array<Size, rank, policy_type, backend_type> result(Along::shape(e), comm);
    if (part.size() == 0) return result;
    Scope scope;
    const Size lines = Last<E>::count(part.extent);
    const auto states = search(e.lower(frame_of(part), scope), part.extent, lines);
    const auto lease = result.local_mut();
    backend_type::for_each(lines, kernel::PlaceOfExtreme<value_of<E>>{states->data(), part.lower[rank_of<E> - 1], lease.data()});
    return result;
  }

  // States of the pieces of each line; where memory is not the CPU's, one of a line.
  template <class Kernel>
  static SharedBuffer<State, backend_type> search(const Kernel& kernel, const Shape<rank_of<E>>& extent, Size lines) {
    constexpr bool spread = !backend_type::host_memory;
    constexpr int width = !spread && !Inner ? 64 : 1;   // neighbouring lines are neighbours in memory then
    constexpr Size many = spread ? Size{1} << 17 : 256, least = spread ? 64 : 1024;
    kernel::FindExtreme<Kernel, rank_of<E>, Max, width, spread> task{kernel, extent, extent, 1, nullptr};
    for (int a = 0; a < rank_of<E>; ++a) (All || a + 1 == rank_of<E> ? task.lines : task.along)[a] = 1;
    const Size bundles = (lines + width - 1) / width;
    if (bundles < many) task.pieces = std::clamp(task.along.size() / least, Size{1}, many / bundles);
    auto states = make_buffer<State, backend_type>(lines * task.pieces);
    task.states = states->data();
    backend_type::for_each(bundles * task.pieces, task);
    if constexpr (spread) {
      for (Size pieces = task.pieces; pieces > 1;) {
        const Size merged = (pieces + 63) / 64;
        auto fewer = make_buffer<State, backend_type>(lines * merged);
        backend_type::for_each(lines * merged, kernel::MergeExtremes<value_of<E>, Max>{states->data(), pieces, merged, fewer->data()});
        states = std::move(fewer);
        pieces = merged;
      }
    }
    return states;
  }
};

template <bool Max, int... A, class X>
auto extreme_of(X&& x) {
  constexpr bool inner = sizeof...(A) == 0 || ((A == -1 || A == rank_of<X> - 1) || ...);
  return with_reduced<A...>(std::forward<X>(x), []<class E>(E e, auto all) {
    return computed(ArgExtreme<E, decltype(all)::value, inner, Max>{}, std::move(e));
  });
}

}  // namespace detail::order

// The index of the smallest element along the axis, or in C order over all elements (rank 0) if none is named: int64, global. Of
// equal ones the first; the first NaN, if there is one. Along another axis than the split one nothing is sent; along it, or over all
// elements of a split array, pairs of an element and its index are merged by one Allreduce, and the result is replicated.
// ShapeError over zero elements.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto argmin(X&& x, Axes<A...> = {}) { return detail::order::extreme_of<false, A...>(std::forward<X>(x)); }

// The same for the largest.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto argmax(X&& x, Axes<A...> = {}) { return detail::order::extreme_of<true, A...>(std::forward<X>(x)); }

}  // namespace priel
