// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Basic slicing, x(range(0, 10, 2), all, 3): views, S<k> -> S<k'> without a message; on the split axis an integer gives R, a range
// a window of k, from<a> and until<b> again S<k>.
#pragma once

#include <priel/halo.hpp>
#include <priel/reduce.hpp>
#include <priel/slab.hpp>
#include <priel/view.hpp>

#include <optional>

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
inline constexpr bool is_inner = false;
template <int First, int Last>
inline constexpr bool is_inner<Inner<First, Last>> = true;

template <class S>
concept SliceSpec = is_all<S> || is_integer<S> || is_inner<S> || std::is_same_v<S, Range> || std::is_same_v<S, NewAxis> || std::is_same_v<S, Ellipsis>;

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
  // A constant window of a stored policy keeps it (by a halo); of a window it is a range as others are.
  static constexpr bool ranged = std::is_same_v<Spec, Range> || (is_inner<Spec> && is_window<P>);
  static constexpr bool windowed = requires { typename propagate<RangeOfAxis<Axis>, P>::type; };
  static constexpr auto next_policy() {
    if constexpr (ranged && across() && windowed) return std::type_identity<typename propagate<RangeOfAxis<Axis>, P>::type>{};
    else if constexpr (integer && !across()) return std::type_identity<propagated<RemoveAxis<Axis>, P>>{};
    else if constexpr (integer) return std::type_identity<Replicated>{};
    else if constexpr (added) return std::type_identity<propagated<InsertAxis<Axis>, P>>{};
    else return std::type_identity<P>{};
  }
  using next = SlicedWalk<typename decltype(next_policy())::type, Axis + (integer ? 0 : rest ? Rest : 1), Rest, Specs...>;
  static constexpr bool integer_across = (integer && across()) || next::integer_across;
  static constexpr bool range_across = (ranged && across() && !windowed) || next::range_across;
  using type = typename next::type;
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
  const Size span = back ? first - last : last - first, steps = span > 0 ? (span - 1) / range.step : 0;
  if (steps == 0) return {first, back ? -1 : 1, span > 0 ? 1 : 0};   // a step that is not taken may be too large to compute with
  return {first, range.step, (back ? -steps : steps) + 1};
}

template <int First, int Last>
Selection inner_selection(const Inner<First, Last>&, Size n) { return {First, 1, n > First + Last ? n - First - Last : 0}; }

template <class Spec>
Selection selected(const Spec& spec, Size n, int axis) {
  if constexpr (is_integer<Spec>) {
    const Size i = static_cast<Size>(spec) < 0 ? static_cast<Size>(spec) + n : static_cast<Size>(spec);
    if (i < 0 || i >= n)
      throw ShapeError("index " + std::to_string(spec) + " is outside axis " + std::to_string(axis) + " of extent " + std::to_string(n));
    return {i, 0, 1};
  } else if constexpr (is_inner<Spec>) return inner_selection(spec, n);
  else if constexpr (std::is_same_v<Spec, Range>) return select_range(spec, n);
  else return {0, 1, n};
}

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
    ((at++ == spec ? void(selection = selected(specs, shape[operand], operand)) : void()), ...);
    axes[operand] = {selection, result};
  });
  return Result(std::move(e), axes);
}

template <int Axis, class E, int First, int Last>
auto halo_of(E e, const Inner<First, Last>&) { return Halo<E, Axis, First, Last>(std::move(e)); }

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
      ((at++ == spec ? void(index = selected(specs, e.shape()[Axis], Axis).first) : void()), ...);
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

// Operand axes that are distributed and meet a constant window: each becomes a Halo and `all`.
template <int Axis, class E, class... Specs>
auto pull_halos(E e, const Specs&... specs) {
  if constexpr (Axis >= rank_of<E> || !StoredPolicy<policy_of<E>, rank_of<E>>) return pull_slabs<0>(std::move(e), specs...);
  else {
    constexpr int spec = [] {
      constexpr bool inner[] = {is_inner<Specs>..., false};
      int found = -1;
      SlicePlan<rank_of<E>, Specs...>::walk([&](int s, int operand, int) { found = operand == Axis && s >= 0 && inner[s] ? s : found; });
      return found;
    }();
    if constexpr (spec >= 0 && distributes<policy_of<E>, rank_of<E>>(Axis)) {
      const auto replaced = []<std::size_t I>(std::integral_constant<std::size_t, I>, const auto& s) {
        if constexpr (I == spec) return AllRange{};
        else return s;
      };
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return pull_halos<Axis + 1>(halo_of<Axis>(std::move(e), std::get<static_cast<std::size_t>(spec)>(std::tie(specs...))),
                                    replaced(std::integral_constant<std::size_t, I>{}, specs)...);
      }(std::index_sequence_for<Specs...>{});
    } else return pull_halos<Axis + 1>(std::move(e), specs...);
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

// What x(specs...) is. Integers, range, from, until, between, all, newaxis, one ellipsis; missing ones are `all`. ShapeError for an
// index outside. Sent: the slab of an integer on the split axis, the halo of a constant window on it; nothing otherwise.
template <Expression E, class... Specs>
  requires(detail::can_slice<policy_of<E>, rank_of<E>, Specs...>::value && !detail::can_slice<policy_of<E>, rank_of<E>, Specs...>::range_across)
auto slice(const E& e, const Specs&... specs) {
  using Kid = std::remove_cvref_t<decltype(finished(std::declval<E>()))>;
  return detail::pull_halos<0>(Kid(finished(e)), specs...);
}

}  // namespace priel
