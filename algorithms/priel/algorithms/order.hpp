// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What sort, topk, percentile and unique share: lines of values in CPU memory, and the compiled functions that order them.
#pragma once

#include <priel/algorithms/detail/keys.hpp>
#include <priel/computed.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

#include <vector>

namespace priel {

namespace kernel {

// On by a number of places, C order, that is given as a position itself.
template <int Rank>
PRIEL_DEVICE constexpr void advance_by(const Index<Rank>& step, const Shape<Rank>& extent, Index<Rank>& index) {
  Size carry = 0;
  for (int a = Rank - 1; a >= 0; --a) {
    index[a] += step[a] + carry;
    carry = a > 0 && index[a] >= extent[a] ? 1 : 0;
    if (carry > 0) index[a] -= extent[a];
  }
}

}  // namespace kernel

namespace detail::order {

// Lines of n elements, C order. Where they lie across the ranks of `across`, rank r holds block_of(n, size, r) of every line;
// without it this rank holds all of them.
struct Lines {
  Size lines, n;
  const Communicator* across = nullptr;

  int ranks() const { return across ? across->size() : 1; }
  Block held() const { return block_of(n, ranks(), across ? across->rank() : 0); }
  Size size() const { return lines * held().extent; }
};

// In place; of a line across ranks, each rank is left with its block of the sorted line.
void sort(void* values, Format format, const Lines& lines);
// Where the elements of the sorted line come from: indices on the line. Equal elements stay in order.
void argsort(const void* values, Format format, const Lines& lines, Size* indices);
// The k largest of each line, largest first, of equal ones the smaller index; on every rank. Either result may be null.
void top(const void* values, Format format, const Lines& lines, Size k, void* largest, Size* indices);

// Elements of a sorted line: the one with `position` others before it, the one after that, and the last.
struct Adjacent {
  double at, next, largest;
};
// Overwrites the values. `across` need not hold blocks: any disjoint shares of one line will do, `held` of it here.
std::vector<Adjacent> adjacent(void* values, Format format, const Lines& lines, Size held, Size position);
// At a position of each line's own.
std::vector<Adjacent> adjacent(void* values, Format format, const Lines& lines, Size held, const std::vector<Size>& positions);

// What a rank holds of the lines, for a search by counting. `at` is the key of each line's element as far as it is known.
class Share {
 public:
  virtual ~Share() = default;
  // counts[(line << bits) + d]: keys that agree with at[line] above the digit at `shift`, and whose digit is d. Highest digit first.
  virtual void count(const std::uint64_t* at, int shift, int bits, Size* counts) = 0;
  // Of each line the smallest key above at[line] (none: the largest integer of the key's width) and the largest key (none: 0).
  virtual void beyond(const std::uint64_t* at, std::uint64_t* next, std::uint64_t* largest) = 0;
};
std::vector<Adjacent> adjacent(Share& share, Format format, const Lines& lines, Size position);
std::vector<Adjacent> adjacent(Share& share, Format format, const Lines& lines, const std::vector<Size>& positions);

// The different values among `count`, sorted, in place: returns how many. Zeros of both signs are one value, NaN another.
Size unique(void* values, Format format, Size count);
// The same over all ranks, when each has called `unique`: every rank gets the values of a range of its own, in rank order.
std::vector<std::byte> unique_across(const void* values, Format format, Size count, const Communicator& comm);

// How a rank sorts keys where the compiled functions do not: lines of n unsigned integers of some bytes in CPU memory, equal
// ones in the order in which they come. With indices, those of one line go where their keys go; of several lines they are the places
// that the keys come from, and the keys themselves are not wanted.
using KeySort = void (*)(void* keys, int bytes, Size lines, Size n, Size* indices);
void sort(void* values, Format format, const Lines& lines, KeySort local);
void argsort(const void* values, Format format, const Lines& lines, Size* indices, KeySort local);
std::vector<std::byte> unique_across(const void* values, Format format, Size count, const Communicator& comm, KeySort local);
// `top`, where every rank has found the keys (reversed: the largest element has the smallest) and the indices of its own.
void merge_top(const void* keys, const Size* places, Format format, const Lines& lines, Size k, void* largest, Size* indices);

// The local steps of a backend whose memory the CPU does not read, in place of the functions above: for Device in device/order.hpp.
template <class Backend>
struct LocalOrder;

// The messages of these functions. Bytes of an exchange whose pieces depend on the data are its upper bound.
void plan_sort(Plan& plan, Size lines, Size n, Size element, int key_bytes);
void plan_argsort(Plan& plan, Size lines, Size n, Size element, int key_bytes);
void plan_top(Plan& plan, Size lines, Size n, Size k);
void plan_adjacent(Plan& plan, Size lines, int key_bytes);

// The box of e that this rank can compute.
template <class E>
Box<rank_of<E>> held(const E& e, const Communicator& comm) { return held_box(e, comm.size(), comm.rank()); }

// A pending reduction finished, as an operand whose elements may lie anywhere.
template <class X>
using finished_t = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<X>>()))>;

// The axis of `axis<A>`, counted from the front.
template <int Rank, int A>
inline constexpr int front_axis = [] {
  static_assert(A >= -Rank && A < Rank, "the axis does not exist: axis<a> needs -rank <= a < rank");
  return A < 0 ? A + Rank : A;
}();

// The operand, settled, with one axis moved to the end; and back.
template <int Axis, class X>
auto axis_last(X&& x) {
  settled_t<X> e(settled(std::forward<X>(x)));
  constexpr int rank = rank_of<X>;
  if constexpr (Axis == rank - 1) return e;
  else
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return permute<(I == rank - 1 ? Axis : I < Axis ? I : I + 1)...>(std::move(e));
    }(std::make_integer_sequence<int, rank>{});
}
template <int Axis, class E>
auto axis_back(E e) {
  constexpr int rank = rank_of<E>;
  if constexpr (Axis == rank - 1) return e;
  else
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return permute<(I == Axis ? rank - 1 : I < Axis ? I : I - 1)...>(std::move(e));
    }(std::make_integer_sequence<int, rank>{});
}

// An operand whose last axis is to be ordered.
template <class E>
struct Last {
  static constexpr int rank = rank_of<E>;
  using policy = stored_policy<policy_of<E>>;
  using backend = backend_or_default<backend_of<E>>;
  static constexpr bool across = distributes<policy_of<E>, rank>(rank - 1);
  static_assert(!across || std::is_same_v<policy, Split<rank - 1>>, "along this axis of this policy: write redistribute(x, split<a>)");

  static Size length(const Shape<rank>& shape) { return shape[rank - 1]; }
  static Size count(const Shape<rank>& shape) {
    Size lines = 1;
    for (int a = 0; a + 1 < rank; ++a) lines *= shape[a];
    return lines;
  }
  static Lines lines(const E& e, const Communicator& comm) {
    return {count(held(e, comm).extent), length(e.shape()), across ? &comm : nullptr};
  }
};

// An operand whose last axis (or, with All, all axes) a function of elements in order reduces.
template <class E, bool All>
struct Reduced {
  using stored = stored_policy<policy_of<E>>;
  static constexpr int rank = All ? 0 : rank_of<E> - 1;
  static constexpr bool across = All ? !std::is_same_v<stored, Replicated> : distributes<policy_of<E>, rank_of<E>>(rank_of<E> - 1);
  static constexpr auto result_policy() {
    if constexpr (All || across) return Replicated{};
    else return propagated<RemoveAxis<rank_of<E> - 1>, stored>{};
  }
  using policy = decltype(result_policy());
  using backend = backend_or_default<backend_of<E>>;

  // Elements on a line.
  static Size length(const E& e) {
    if constexpr (All) return e.shape().size();
    else return e.shape()[rank_of<E> - 1];
  }
  static Shape<rank> shape(const E& e) {
    const auto full = e.shape();
    Shape<rank> shape;
    for (int a = 0; a < rank; ++a) shape[a] = full[a];
    return shape;
  }
};

// A loop of its own that evaluates e.
template <class E>
void plan_loop(Plan& plan, const char* what, const E& e) {
  Size most = 0;
  for (int r = 0; r < plan.ranks(); ++r) most = std::max(most, held_box(e, plan.ranks(), r).size());
  plan.loop(what, most, [&] {
    plan_node(e, plan);
    plan.fused(what);
  });
}

// f(operand, whether all axes are meant): no axis named: the operand as it lies, settled with the one axis last else.
template <int... A, class X, class F>
auto with_reduced(X&& x, F&& f) {
  static_assert(sizeof...(A) <= 1, "one axis, or none for all elements");
  if constexpr (sizeof...(A) == 0) return f(finished_t<X>(finished(std::forward<X>(x))), std::true_type{});
  else return f(axis_last<front_axis<rank_of<X>, A...>>(std::forward<X>(x)), std::false_type{});
}

}  // namespace detail::order
}  // namespace priel
