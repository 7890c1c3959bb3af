// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Basic slicing and transposes: views, S<k> -> S<k'> without a message; an integer on the split axis -> R by a broadcast of the slab.
#pragma once

#include <priel/redistribute.hpp>
#include <priel/reduce.hpp>

#include <optional>
#include <tuple>

namespace priel {

// x(range(first, last, step)): as Python's x[first:last:step]; negative indices count from the end, too large ones are cut.
struct Range {
  std::optional<Size> first, last;
  Size step = 1;
};
inline Range range(Size last) { return {std::nullopt, last, 1}; }
inline Range range(std::optional<Size> first, std::optional<Size> last, Size step = 1) { return {first, last, step}; }

struct NewAxis {};
inline constexpr NewAxis newaxis{};
struct Ellipsis {};
inline constexpr Ellipsis ellipsis{};

namespace detail {

template <class S>
inline constexpr bool is_all = std::is_same_v<S, AllRange>;
template <class S>
inline constexpr bool is_integer = std::is_integral_v<S>;

template <class S>
concept SliceSpec = is_all<S> || is_integer<S> || std::is_same_v<S, Range> || std::is_same_v<S, NewAxis> || std::is_same_v<S, Ellipsis>;

// What a list of specs does to the axes, known from types: operand axis -> result axis (-1 if dropped).
template <int Rank, class... Specs>
struct SlicePlan {
  static constexpr int named = (0 + ... + (std::is_same_v<Specs, NewAxis> || std::is_same_v<Specs, Ellipsis> ? 0 : 1));
  static constexpr int dropped = (0 + ... + (is_integer<Specs> ? 1 : 0));
  static constexpr int added = (0 + ... + (std::is_same_v<Specs, NewAxis> ? 1 : 0));
  static constexpr int ellipses = (0 + ... + (std::is_same_v<Specs, Ellipsis> ? 1 : 0));
  static constexpr int rank = Rank - dropped + added;

  // Calls f(spec index, operand axis or -1, result axis or -1) in order; axes no spec names come with spec index -1.
  template <class F>
  static constexpr void walk(F&& f) {
    constexpr bool integer[] = {is_integer<Specs>..., false};
    constexpr bool added_axis[] = {std::is_same_v<Specs, NewAxis>..., false};
    constexpr bool rest[] = {std::is_same_v<Specs, Ellipsis>..., false};
    int operand = 0, result = 0;
    for (int s = 0; s < static_cast<int>(sizeof...(Specs)); ++s) {
      if (rest[s]) for (int n = Rank - named; n > 0; --n) f(-1, operand++, result++);
      else if (added_axis[s]) f(s, -1, result++);
      else if (integer[s]) f(s, operand++, -1);
      else f(s, operand++, result++);
    }
    if (ellipses == 0) while (operand < Rank) f(-1, operand++, result++);
  }
  static constexpr bool valid = named <= Rank && ellipses <= 1;
};

// The policy after the specs, one at a time from the left: a dropped axis removes, a new one inserts.
template <class P, int Axis, int Rest, class... Specs>
struct SlicedWalk {
  using type = P;
  static constexpr bool integer_across = false, range_across = false;
};
template <class P, int Axis, int Rest, class Spec, class... Specs>
struct SlicedWalk<P, Axis, Rest, Spec, Specs...> {
  static constexpr bool integer = is_integer<Spec>, added = std::is_same_v<Spec, NewAxis>, rest = std::is_same_v<Spec, Ellipsis>;
  static constexpr bool across() {
    if constexpr (added || rest) return false;
    else return Propagated<RemoveAxis<Axis>, P>::across;
  }
  static constexpr auto next_policy() {
    if constexpr (integer && !across()) return std::type_identity<propagated<RemoveAxis<Axis>, P>>{};
    else if constexpr (integer) return std::type_identity<Replicated>{};
    else if constexpr (added) return std::type_identity<propagated<InsertAxis<Axis>, P>>{};
    else return std::type_identity<P>{};
  }
  using next = SlicedWalk<typename decltype(next_policy())::type, Axis + (integer ? 0 : rest ? Rest : 1), Rest, Specs...>;
  static constexpr bool integer_across = (integer && across()) || next::integer_across;
  static constexpr bool range_across = (std::is_same_v<Spec, Range> && across()) || next::range_across;
  using type = typename next::type;
};

// First index, step and count of a spec on an axis of extent n.
struct Selection {
  Size first = 0, step = 1, count = 0;
};

inline Selection select_range(const Range& range, Size n) {
  if (range.step == 0) throw ShapeError("range(first, last, 0): the step of a slice is not 0");
  const bool back = range.step < 0;
  const auto limit = [&](std::optional<Size> value, Size missing) {
    if (!value) return missing;
    Size v = *value < 0 ? *value + n : *value;
    const Size low = back ? -1 : 0, high = back ? n - 1 : n;
    return v < low ? low : v > high ? high : v;
  };
  const Size first = limit(range.first, back ? n - 1 : 0), last = limit(range.last, back ? -1 : n);
  const Size span = back ? first - last : last - first, step = back ? -range.step : range.step;
  return {first, range.step, span > 0 ? (span + step - 1) / step : 0};
}

template <class Spec>
Selection select(const Spec& spec, Size n, int axis) {
  if constexpr (is_integer<Spec>) {
    const Size i = static_cast<Size>(spec) < 0 ? static_cast<Size>(spec) + n : static_cast<Size>(spec);
    if (i < 0 || i >= n)
      throw ShapeError("index " + std::to_string(spec) + " is outside axis " + std::to_string(axis) + " of extent " + std::to_string(n));
    return {i, 0, 1};
  } else if constexpr (std::is_same_v<Spec, Range>) return select_range(spec, n);
  else return {0, 1, n};
}

}  // namespace detail

// A view of an expression: which operand index a result index reads, axis by axis.
template <Expression E, int Rank, class Policy>
class View : public Node<View<E, Rank, Policy>, value_of<E>, Rank, Policy, backend_of<E>> {
 public:
  // For every operand axis: selection, and the result axis that walks it (-1: none).
  struct Axis {
    detail::Selection selection;
    int result = -1;
  };
  View(E operand, const Axis (&axes)[rank_of<E> == 0 ? 1 : rank_of<E>]) : operand_(std::move(operand)) {
    for (int r = 0; r < Rank; ++r) shape_[r] = 1;
    for (int a = 0; a < rank_of<E>; ++a) {
      axes_[a] = axes[a];
      if (axes[a].result >= 0) shape_[axes[a].result] = axes[a].selection.count;
    }
  }

  Shape<Rank> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  void prepare() const { operand_.prepare(); }
  int readers(const void*) const { return 0; }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope& scope) const {
    Frame<Root, rank_of<E>> below{frame.extent, {}, {}, {}};
    for (int a = 0; a < rank_of<E>; ++a) {
      const auto& [selection, r] = axes_[a];
      below.offset[a] = selection.first + (r >= 0 ? selection.step * frame.offset[r] : 0);
      below.step[a] = r >= 0 ? selection.step * frame.step[r] : 0;
      below.source[a] = r >= 0 ? frame.source[r] : -1;
    }
    return operand_.lower(below, scope);
  }

 private:
  E operand_;
  Axis axes_[rank_of<E> == 0 ? 1 : rank_of<E>];
  Shape<Rank> shape_;
};

// The slab at one index of a distributed axis, on every rank: its owners send it to all.
template <Expression E, int Axis>
class Slab : public Node<Slab<E, Axis>, value_of<E>, rank_of<E>, Replicated, detail::backend_or_default<backend_of<E>>> {
  using Backend = detail::backend_or_default<backend_of<E>>;
  using Result = Array<value_of<E>, rank_of<E>, Replicated, Backend>;

 public:
  Slab(E operand, Size index) : operand_(std::move(operand)), index_(index), shape_(operand_.shape()) { shape_[Axis] = 1; }

  Shape<rank_of<E>> shape() const { return shape_; }
  const Comm& comm() const { return operand_.comm(); }
  int readers(const void*) const { return 0; }
  void prepare() const {
    cell_.fill([&] {
      operand_.prepare();
      Result result(shape_, comm());
      const auto global = operand_.shape();
      auto slab = whole(global);
      slab.lower[Axis] = index_;
      slab.extent[Axis] = 1;
      const auto lease = result.local_mut();
      exchange_boxes<Backend>(operand_, *comm(),
                              [&](int r) { return intersect(policy_of<E>::part(global, comm()->size(), r), slab); },
                              [&](int) { return slab; }, lease.data());
      return result;
    });
  }
  template <int Root>
  auto lower(const Frame<Root, rank_of<E>>& frame, Scope& scope) const { return cell_.value().lower(frame, scope); }

 private:
  E operand_;
  Size index_;
  Shape<rank_of<E>> shape_;
  detail::ResultCell<value_of<E>, rank_of<E>, Replicated, Backend> cell_;
};

namespace detail {

template <class E, class... Specs>
auto make_view(E e, const Specs&... specs) {
  using Plan = SlicePlan<rank_of<E>, Specs...>;
  using Policy = typename SlicedWalk<policy_of<E>, 0, rank_of<E> - Plan::named, Specs...>::type;
  using Result = View<E, Plan::rank, Policy>;
  const auto shape = e.shape();
  typename Result::Axis axes[rank_of<E> == 0 ? 1 : rank_of<E>];
  Plan::walk([&](int spec, int operand, int result) {
    if (operand < 0) return;
    Selection selection{0, 1, shape[operand]};
    int at = 0;
    ((at++ == spec ? void(selection = select(specs, shape[operand], operand)) : void()), ...);
    axes[operand] = {selection, result};
  });
  return Result(std::move(e), axes);
}

// Operand axes that are distributed and meet an integer, from the left: each becomes a Slab and the integer 0.
template <int Axis, class E, class... Specs>
auto pull_slabs(E e, const Specs&... specs) {
  if constexpr (Axis >= rank_of<E>) return make_view(std::move(e), specs...);
  else {
    using Plan = SlicePlan<rank_of<E>, Specs...>;
    constexpr int spec = [] {
      int found = -1;
      Plan::walk([&](int s, int operand, int result) { found = operand == Axis && result < 0 ? s : found; });
      return found;
    }();
    if constexpr (spec >= 0 && distributes<policy_of<E>, rank_of<E>>(Axis)) {
      Size index = 0;
      int at = 0;
      ((at++ == spec ? void(index = select(specs, e.shape()[Axis], Axis).first) : void()), ...);
      const auto zeroed = [](int i, const auto& s) {
        if constexpr (is_integer<std::remove_cvref_t<decltype(s)>>) return i == spec ? Size{0} : static_cast<Size>(s);
        else return s;
      };
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return pull_slabs<Axis + 1>(Slab<E, Axis>(std::move(e), index), zeroed(static_cast<int>(I), specs)...);
      }(std::index_sequence_for<Specs...>{});
    } else return pull_slabs<Axis + 1>(std::move(e), specs...);
  }
}

template <class Policy, int Rank, class... Specs>
struct can_slice {
  static constexpr bool range_across = [] {
    if constexpr ((SliceSpec<Specs> && ...))
      return SlicedWalk<finished_policy<Policy>, 0, Rank - SlicePlan<Rank, Specs...>::named, Specs...>::range_across;
    else return false;
  }();
  static constexpr bool value = [] {
    if constexpr ((SliceSpec<Specs> && ...)) return SlicePlan<Rank, Specs...>::valid;
    else return false;
  }();
};

}  // namespace detail

// What x(specs...) is. Integers, range, all, newaxis, one ellipsis; missing ones are `all`. ShapeError for an index outside.
template <Expression E, class... Specs>
  requires(detail::can_slice<policy_of<E>, rank_of<E>, Specs...>::value && !detail::can_slice<policy_of<E>, rank_of<E>, Specs...>::range_across)
auto slice(const E& e, const Specs&... specs) {
  using Kid = std::remove_cvref_t<decltype(finished(std::declval<E>()))>;
  return detail::pull_slabs<0>(Kid(finished(e)), specs...);
}

// Result axis i is operand axis Axes[i]. S<k> -> S<position of k>; nothing is sent.
template <int... Axes, Expression E>
  requires(sizeof...(Axes) == rank_of<E>)
auto permute(E&& e) {
  using Kid = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  using Result = View<Kid, rank_of<E>, detail::propagated<PermuteAxes<Axes...>, policy_of<Kid>>>;
  const auto shape = e.shape();
  typename Result::Axis axes[rank_of<E> == 0 ? 1 : rank_of<E>];
  int result = 0;
  ((axes[Axes] = {detail::Selection{0, 1, shape[Axes]}, result++}), ...);
  return Result(Kid(finished(std::forward<E>(e))), axes);
}

// The axes in reverse order.
template <Expression E>
auto transpose(E&& e) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return permute<(rank_of<E> - 1 - I)...>(std::forward<E>(e));
  }(std::make_integer_sequence<int, rank_of<E>>{});
}

}  // namespace priel
