// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// median, quantile, percentile: exact, S<k> -> S<k'> along another axis without a message, along the split one or over all -> R.
#pragma once

#include <priel/algorithms/order.hpp>
#include <priel/reduce.hpp>

#include <cmath>

namespace priel {

// How a quantile that falls between two elements is made of them (NumPy's `method`): a weighted mean, the smaller, the larger, the nearer one
// (of two equally near the one at an even place), or their mean.
enum class QuantileMethod { linear, lower, higher, nearest, midpoint };

namespace detail::order {

// Where a quantile lies among n sorted elements: `rest` of the way from `below` to the next.
struct Position {
  Size below;
  double rest;
};
inline Position position_among(Size n, double q, QuantileMethod method = QuantileMethod::linear) {
  const double exact = q * static_cast<double>(n - 1);
  const Size below = static_cast<Size>(exact);
  const double rest = exact - static_cast<double>(below);
  if (rest == 0 || method == QuantileMethod::linear) return {below, rest};
  if (method == QuantileMethod::midpoint) return {below, 0.5};
  const bool up = method == QuantileMethod::higher || (method == QuantileMethod::nearest && (rest > 0.5 || (rest == 0.5 && below % 2 != 0)));
  return {below + (up ? 1 : 0), 0};
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

// `adjacent` of values in the backend's memory, which it overwrites; the position is one for all lines, or a vector of theirs.
template <class Backend, class T, class Positions>
std::vector<Adjacent> adjacent_in(T* values, const Lines& lines, Size held, const Positions& position) {
  if constexpr (Backend::host_memory) return adjacent(values, format_of<T>, lines, held, position);
  else return LocalOrder<Backend>::adjacent(values, lines, held, position);
}

// How many elements of each line that this rank holds are numbers.
template <bool All, class E>
auto numbers_on(const E& e) {
  if constexpr (All) return eval(count_nonzero(e == e));
  else return eval(count_nonzero(e == e, axis<-1>));
}

// The median (`Median`), the q-quantile, or several (`Several`: along a new first axis), of E's last axis, or of all elements (`All`); those
// that are no numbers left out (`Numbers`).
template <class E, bool All, bool Median, bool Several, bool Numbers>
struct Quantile {
  using Along = Reduced<E, All>;
  using value_type = floating_type<value_of<E>>;
  using policy_of_one = typename Along::policy;
  using policy_type = typename std::conditional_t<Several, Propagated<InsertAxis<0>, policy_of_one>, std::type_identity<policy_of_one>>::type;
  using backend_type = typename Along::backend;
  static constexpr int rank = Along::rank + (Several ? 1 : 0);
  static constexpr Collectives collectives = Along::across ? Collectives(Collective::all_reduce) : Collectives{};
  std::vector<double> qs;
  QuantileMethod method = QuantileMethod::linear;

  Shape<rank> shape(const E& e) const {
    for (const double q : qs)
      if (!(q >= 0 && q <= 1)) throw InputError("a quantile lies between 0 and 1, a percentile between 0 and 100");
    if (!Median && !Numbers && Along::length(e) == 0)
      throw ShapeError("a percentile of zero elements: the operand has shape " + to_string(e.shape()));
    const auto of_one = Along::shape(e);
    if constexpr (!Several) return of_one;
    else {
      Shape<rank> shape;
      shape[0] = static_cast<Size>(qs.size());
      for (int a = 1; a < rank; ++a) shape[a] = of_one[a - 1];
      return shape;
    }
  }

  using Result = Array<value_type, rank, policy_type, backend_type>;
  Result operator()(const E& e) const {
    using T = value_of<E>;
    const Comm comm = comm_or_world(e.comm());
    e.prepare();
    const auto part = held(e, *comm);
    Lines lines{1, Along::length(e), Along::across ? comm.get() : nullptr};
    if constexpr (!All) lines.lines = Last<E>::count(part.extent);
    const auto count = static_cast<std::size_t>(lines.lines);
    std::vector<double> results(qs.size() * count, std::numeric_limits<double>::quiet_NaN());
    if (lines.n > 0) {
      Buffer<T, backend_type> values(part.size()), copy(qs.size() > 1 ? part.size() : 0);
      evaluate<backend_type>(e, part, values.data());
      // The search overwrites what it is given.
      const auto given = [&](std::size_t i) -> T* {
        if (i + 1 == qs.size()) return values.data();
        backend_type::copy(copy.data(), values.data(), part.size() * static_cast<Size>(sizeof(T)));
        return copy.data();
      };
      if constexpr (Numbers) {
        const auto counted = numbers_on<All>(e);
        std::vector<Size> numbers(count), positions(count);
        backend_type::download(numbers.data(), counted.local().data(), lines.lines * static_cast<Size>(sizeof(Size)));
        for (std::size_t i = 0; i < qs.size(); ++i) {
          for (std::size_t line = 0; line < count; ++line) positions[line] = position_among(std::max(numbers[line], Size{1}), qs[i], method).below;
          const auto found = adjacent_in<backend_type>(given(i), lines, All ? part.size() : lines.held().extent, positions);
          for (std::size_t line = 0; line < count; ++line) {
            const Adjacent& at = found[line];   // NaN, where there is nothing else
            const double rest = position_among(std::max(numbers[line], Size{1}), qs[i], method).rest;
            results[i * count + line] = Interpolated<Median>{rest}({at.at, at.next, at.at});
          }
        }
        return array_from_host<Result>(shape(e), comm, results);
      }
      if constexpr (!backend_type::host_memory) {
        if (lines.ranks() == 1) {
          Result result(shape(e), comm);
          const auto lease = result.local_mut();
          for (std::size_t i = 0; i < qs.size(); ++i) {
            const Position position = position_among(lines.n, qs[i], method);
            LocalOrder<backend_type>::each_adjacent(given(i), lines.lines, lines.n, position.below, Interpolated<Median>{position.rest},
                                                    lease.data() + static_cast<Size>(i) * lines.lines);
          }
          return result;
        }
      }
      for (std::size_t i = 0; i < qs.size(); ++i) {
        const Position position = position_among(lines.n, qs[i], method);
        const Interpolated<Median> value{position.rest};
        const auto found = adjacent_in<backend_type>(given(i), lines, All ? part.size() : lines.held().extent, position.below);
        for (std::size_t line = 0; line < count; ++line) results[i * count + line] = value(found[line]);
      }
    }
    return array_from_host<Result>(shape(e), comm, results);
  }

  void plan(Plan& plan, const E& e) const {
    const Size n = Along::length(e), lines = n == 0 ? 0 : e.shape().size() / n;
    plan_loop(plan, Median ? "median" : "percentile", e);
    if (Numbers && Along::across && n > 0)
      plan.message(Collective::all_reduce, "numbers", [&](int) { return lines * static_cast<Size>(sizeof(Size)); });
    for (std::size_t i = 0; i < qs.size(); ++i)
      if (Along::across && n > 0) plan_adjacent(plan, lines, static_cast<int>(sizeof(value_of<E>)));
  }
};

template <bool Median, bool Several, bool Numbers, int... A, class X>
auto quantile_of(X&& x, std::vector<double> qs, QuantileMethod method = QuantileMethod::linear) {
  return with_reduced<A...>(std::forward<X>(x), [&]<class E>(E e, auto of_all) {
    return computed(Quantile<E, decltype(of_all)::value, Median, Several, Numbers>{std::move(qs), method}, std::move(e));
  });
}
inline std::vector<double> percents(std::vector<double> qs) {
  for (double& q : qs) q /= 100;
  return qs;
}

}  // namespace detail::order

// Over one axis, or over all elements (rank 0) if none is named; float stays float, integers give double. Exact, by selection:
// the same bits for any number of ranks. NaN where there is one among the elements. Along another axis than the split one nothing
// is sent; along it, or over all elements of a split array, the result is replicated, and found by counting: for every 8 bits of
// an element an Allreduce of 256 counts a line (for every 4 bits of 16, if there are more than 64 lines), and one of 3 elements.

// The value with as many elements below as above, the mean of the two middle ones for an even number; NaN over zero elements.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto median(X&& x, Axes<A...> = {}) { return detail::order::quantile_of<true, false, false, A...>(std::forward<X>(x), {0.5}); }

// With q (0 <= q <= 1) of the elements below; between neighbours interpolated linearly (NumPy's default; Hyndman, Fan 1996, definition 7)
// or as `method` says. InputError for another q, ShapeError over zero elements.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto quantile(X&& x, double q, Axes<A...> = {}, QuantileMethod method = QuantileMethod::linear) {
  return detail::order::quantile_of<false, false, false, A...>(std::forward<X>(x), {q}, method);
}
template <Expression X>
  requires(Ordered<value_of<X>>)
auto quantile(X&& x, double q, QuantileMethod method) { return quantile(std::forward<X>(x), q, Axes<>{}, method); }

// Several at once, `quantile(x, {0.25, 0.5, 0.75}, axis<0>)`, along a new first axis of the result, which is never split.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto quantile(X&& x, std::vector<double> qs, Axes<A...> = {}, QuantileMethod method = QuantileMethod::linear) {
  return detail::order::quantile_of<false, true, false, A...>(std::forward<X>(x), std::move(qs), method);
}

// quantile(x, q / 100).
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto percentile(X&& x, double q, Axes<A...> along = {}, QuantileMethod method = QuantileMethod::linear) {
  return quantile(std::forward<X>(x), q / 100, along, method);
}
template <Expression X>
  requires(Ordered<value_of<X>>)
auto percentile(X&& x, double q, QuantileMethod method) { return quantile(std::forward<X>(x), q / 100, Axes<>{}, method); }
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto percentile(X&& x, std::vector<double> qs, Axes<A...> along = {}, QuantileMethod method = QuantileMethod::linear) {
  return quantile(std::forward<X>(x), detail::order::percents(std::move(qs)), along, method);
}

// The same over the elements that are not NaN, as NumPy's; NaN where there are none. Along the split axis, or over all elements of a split
// array, an Allreduce of a count a line comes before the others.
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanmedian(X&& x, Axes<A...> = {}) { return detail::order::quantile_of<true, false, true, A...>(std::forward<X>(x), {0.5}); }
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanquantile(X&& x, double q, Axes<A...> = {}, QuantileMethod method = QuantileMethod::linear) {
  return detail::order::quantile_of<false, false, true, A...>(std::forward<X>(x), {q}, method);
}
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanquantile(X&& x, std::vector<double> qs, Axes<A...> = {}, QuantileMethod method = QuantileMethod::linear) {
  return detail::order::quantile_of<false, true, true, A...>(std::forward<X>(x), std::move(qs), method);
}
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanpercentile(X&& x, double q, Axes<A...> along = {}, QuantileMethod method = QuantileMethod::linear) {
  return nanquantile(std::forward<X>(x), q / 100, along, method);
}
template <Expression X, int... A>
  requires(Ordered<value_of<X>>)
auto nanpercentile(X&& x, std::vector<double> qs, Axes<A...> along = {}, QuantileMethod method = QuantileMethod::linear) {
  return nanquantile(std::forward<X>(x), detail::order::percents(std::move(qs)), along, method);
}

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
  const Adjacent found = adjacent_in<Backend>(values.data(), lines, held, before + position.below).front();
  return position.rest == 0 ? found.at : found.at + position.rest * (found.next - found.at);
}

}  // namespace priel
