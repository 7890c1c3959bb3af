// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// median, quantile, percentile: exact, S<k> -> S<k'> along another axis without a message, along the split one or over all -> R.
#pragma once

#include <priel/algorithms/order.hpp>

#include <cmath>

namespace priel {

namespace detail::order {

// Where a quantile lies among n sorted elements: `rest` of the way from `below` to the next.
struct Position {
  Size below;
  double rest;
};
inline Position position_among(Size n, double q) {
  const double exact = q * static_cast<double>(n - 1);
  const Size below = static_cast<Size>(exact);
  return {below, exact - static_cast<double>(below)};
}

// NumPy's linear interpolation, which is exact at both ends; equal neighbours, infinite ones too, are the value.
PRIEL_DEVICE inline double between(const Adjacent& found, double rest) {
  if (found.largest != found.largest) return found.largest;
  if (rest == 0 || found.at == found.next) return found.at;
  const double step = found.next - found.at;
  return rest >= 0.5 ? found.next - step * (1 - rest) : found.at + step * rest;
}
PRIEL_DEVICE inline double middle(const Adjacent& found, double rest) {
  if (found.largest != found.largest) return found.largest;
  return rest == 0 ? found.at : (found.at + found.next) / 2;
}
template <bool Median>
struct Interpolated {
  double rest;
  PRIEL_DEVICE double operator()(const Adjacent& found) const { return Median ? middle(found, rest) : between(found, rest); }
};

// `adjacent` of values in the backend's memory, which it overwrites.
template <class T, class Backend>
std::vector<Adjacent> adjacent_in(Buffer<T, Backend>& values, const Lines& lines, Size held, Size position) {
  if constexpr (Backend::host_memory) return adjacent(values.data(), format_of<T>, lines, held, position);
  else return LocalOrder<Backend>::adjacent(values.data(), lines, held, position);
}

// The median (`Median`) or the q-quantile of E's last axis, or of all elements (`All`).
template <class E, bool All, bool Median>
struct Quantile {
  using Along = Reduced<E, All>;
  using value_type = floating_type<value_of<E>>;
  using policy_type = typename Along::policy;
  using backend_type = typename Along::backend;
  static constexpr int rank = Along::rank;
  static constexpr Collectives collectives = Along::across ? Collectives(Collective::all_reduce) : Collectives{};
  double q;

  Shape<rank> shape(const E& e) const {
    if (!(q >= 0 && q <= 1)) throw InputError("a quantile lies between 0 and 1, a percentile between 0 and 100");
    if (!Median && Along::length(e) == 0) throw ShapeError("a percentile of zero elements: the operand has shape " + to_string(e.shape()));
    return Along::shape(e);
  }

  using Result = Array<value_type, rank, policy_type, backend_type>;
  Result operator()(const E& e) const {
    using T = value_of<E>;
    const Comm comm = comm_or_world(e.comm());
    e.prepare();
    const auto part = held(e, *comm);
    Lines lines{1, Along::length(e), Along::across ? comm.get() : nullptr};
    if constexpr (!All) lines.lines = Last<E>::count(part.extent);
    const Position position = position_among(lines.n, q);
    const Interpolated<Median> value{position.rest};
    std::vector<double> results(static_cast<std::size_t>(lines.lines), std::numeric_limits<double>::quiet_NaN());
    if (lines.n > 0) {
      Buffer<T, backend_type> values(part.size());
      evaluate<backend_type>(e, part, values.data());
      if constexpr (!backend_type::host_memory) {
        if (lines.ranks() == 1) {
          Result result(shape(e), comm);
          const auto lease = result.local_mut();
          LocalOrder<backend_type>::each_adjacent(values.data(), lines.lines, lines.n, position.below, value, lease.data());
          return result;
        }
      }
      const auto found = adjacent_in(values, lines, All ? part.size() : lines.held().extent, position.below);
      for (std::size_t i = 0; i < results.size(); ++i) results[i] = value(found[i]);
    }
    return array_from_host<Result>(shape(e), comm, results);
  }

  void plan(Plan& plan, const E& e) const {
    const Size n = Along::length(e), lines = n == 0 ? 0 : e.shape().size() / n;
    plan_loop(plan, Median ? "median" : "percentile", e);
    if (Along::across && n > 0) plan_adjacent(plan, lines, static_cast<int>(sizeof(value_of<E>)));
  }
};

template <bool Median, int... A, class X>
auto quantile_of(X&& x, double q) {
  return with_reduced<A...>(std::forward<X>(x), [q]<class E>(E e, auto all) {
    return computed(Quantile<E, decltype(all)::value, Median>{q}, std::move(e));
  });
}

}  // namespace detail::order

// Over one axis, or over all elements (rank 0) if none is named; float stays float, integers give double. Exact, by selection:
// the same bits for any number of ranks. NaN where there is one among the elements. Along another axis than the split one nothing
// is sent; along it, or over all elements of a split array, the result is replicated, and found by counting: for every 8 bits of
// an element an Allreduce of 256 counts a line (for every 4 bits of 16, if there are more than 64 lines), and one of 3 elements.

// The value with as many elements below as above, the mean of the two middle ones for an even number; NaN over zero elements.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto median(X&& x, Axes<A...> = {}) { return detail::order::quantile_of<true, A...>(std::forward<X>(x), 0.5); }

// With q (0 <= q <= 1) of the elements below, interpolated linearly between neighbours (NumPy's default; Hyndman, Fan 1996,
// definition 7). InputError for another q, ShapeError over zero elements.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto quantile(X&& x, double q, Axes<A...> = {}) { return detail::order::quantile_of<false, A...>(std::forward<X>(x), q); }

// quantile(x, q / 100).
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto percentile(X&& x, double q, Axes<A...> = {}) { return detail::order::quantile_of<false, A...>(std::forward<X>(x), q / 100); }

// percentile over the finite elements only, any policy -> a number; NaN if nothing is finite. The same bits on any number of ranks.
// Sends counts as `percentile` does. Throws InputError for another q than 0 <= q <= 100.
template <Expression X>
  requires std::is_same_v<value_of<X>, float>
double finite_percentile(const X& x, double q) {
  if (!(q >= 0 && q <= 100)) throw InputError("a percentile lies between 0 and 100; found " + std::to_string(q));
  using namespace detail::order;
  const auto e = eval(x);
  using Backend = backend_of<decltype(e)>;
  const Size n = item(sum(isfinite(e)));
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  // Negative infinities come before all finite elements.
  const Size before = item(sum(e == -std::numeric_limits<float>::infinity()));
  const Position position = position_among(n, q / 100);
  constexpr bool across = !std::is_same_v<policy_of<decltype(e)>, Replicated>;
  const Lines lines{1, e.size(), across ? e.comm().get() : nullptr};
  const Size held = e.part().size();
  detail::Buffer<float, Backend> values(held);
  Backend::copy(values.data(), e.local().data(), held * static_cast<Size>(sizeof(float)));
  const Adjacent found = adjacent_in(values, lines, held, before + position.below).front();
  return position.rest == 0 ? found.at : found.at + position.rest * (found.next - found.at);
}

}  // namespace priel
