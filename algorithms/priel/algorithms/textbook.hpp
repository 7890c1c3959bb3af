// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// textbook::Lof, textbook::Loop: the definitions written plainly in the language, as kernels for vmap: R -> R.
#pragma once

#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/sort.hpp>
#include <priel/algorithms/sweep.hpp>
#include <priel/assign.hpp>
#include <priel/create.hpp>
#include <priel/functions.hpp>
#include <priel/place.hpp>
#include <priel/reduce.hpp>

#include <cmath>
#include <limits>

// What lof(k) and loop(k) compute, with nothing that makes it fast: all distances, and for every k a mask of who is near whom, O(n² |k|).
// To read, to begin a kernel of one's own from, and to test the tuned kernels against.
namespace priel::textbook {

// The distances of the samples x (n, d) and, for each k, the inclusive neighbourhoods. Nobody is his own neighbour, nor anybody's whose
// values are not all finite.
template <class X>
struct Neighbours {
  using T = value_of<X>;
  using Numbers = Array<T, 1, Replicated, backend_of<X>>;
  using Flags = Array<bool, 1, Replicated, backend_of<X>>;
  using Matrix = Array<T, 2, Replicated, backend_of<X>>;

  explicit Neighbours(const X& x) : valid(all(isfinite(x), axis<1>)), count(item(sum(astype<Size>(valid)))) {
    const Size n = x.shape()[0];
    const auto number = arange<Size>(n);
    const auto itself = number(priel::all, newaxis) == number(newaxis, priel::all);
    const auto infinite = std::numeric_limits<T>::infinity();
    distance = where(valid(priel::all, newaxis) & valid(newaxis, priel::all) & !itself, cdist(x, x), infinite);
    sorted = sort(distance, axis<1>);
  }
  // Definitions 3 and 4 of Breunig et al. (2000).
  Numbers k_distance(int k) const { return sorted(priel::all, k - 1); }
  auto near(int k) const { return eval(distance <= k_distance(k)(priel::all, newaxis)); }

  Flags valid;
  Size count;
  Matrix distance, sorted;
};

// What each sample's neighbours have in the mean; values (n), or (n, n) for what depends on both.
template <class Near, class Values>
auto mean_over(const Near& near, const Values& values) {
  using T = value_of<Values>;
  const auto size = eval(astype<T>(sum(astype<Size>(near), axis<1>)));
  if constexpr (rank_of<Values> == 1) return eval(sum(where(near, values(newaxis, all), T(0)), axis<1>) / size);
  else return eval(sum(where(near, values, T(0)), axis<1>) / size);
}

// score(neighbours, k) for every k of the sweep, aggregated; NaN for samples that are left out, and for all if they are too few.
template <class X, class Score>
auto over_sweep(const X& x, const Sweep& sweep, const Score& score) {
  using T = value_of<X>;
  const Neighbours<X> neighbours(x);
  typename Neighbours<X>::Matrix scores(Shape<2>{x.shape()[0], sweep.count()});
  for (int i = 0; i < sweep.count(); ++i) {
    if (neighbours.count > sweep.largest()) scores(all, i) = score(neighbours, sweep.k(i));
    else scores(all, i) = priel::nan;
  }
  const Size drop = sweep.dropped(), end = sweep.count() - drop;
  const auto taken = eval(sort(where(neighbours.valid(all, newaxis), scores, static_cast<T>(priel::nan)), axis<1>));
  if (sweep.aggregate == Aggregate::max) return eval(taken(all, sweep.count() - 1));
  return eval(sum(taken(all, range(drop, end)), axis<1>) / static_cast<T>(end - drop));
}

// LOF of Breunig, Kriegel, Ng, Sander (2000), definitions 5 to 7: of one series (n, d) -> (n).
struct Lof {
  Sweep k;

  template <Expression X>
  auto operator()(const X& x) const {
    return over_sweep(eval(x), k, [](const auto& neighbours, int size) {
      const auto near = neighbours.near(size);
      const auto reach = eval(maximum(neighbours.k_distance(size)(newaxis, all), neighbours.distance));   // of row x from column y
      const auto density = eval(1 / mean_over(near, reach));
      return eval(where(isinf(density), 1, mean_over(near, density) / density));
    });
  }
};

// LoOP of Kriegel, Kröger, Schubert, Zimek (2009), equations 5 to 9: of one series (n, d) -> (n).
struct Loop {
  Sweep k;
  double lambda = 3;
  Norm norm = Norm::global;

  template <Expression X>
  auto operator()(const X& x) const {
    return over_sweep(eval(x), k, [this](const auto& neighbours, int size) {
      using T = value_of<X>;
      const auto near = neighbours.near(size);
      const auto sigma = eval(sqrt(mean_over(near, eval(square(neighbours.distance)))));
      const auto expected = mean_over(near, sigma);
      const auto ratio = eval(where(expected == 0, T(0), sigma / expected - 1));
      const auto plof = eval(where(abs(ratio) < 8 * std::numeric_limits<T>::epsilon(), T(0), ratio));   // rounding is no deviation
      const auto alone = eval((expected == 0) & (sigma > 0));
      const auto counts = eval(neighbours.valid & !alone);
      const auto squares = eval(where(counts, square(plof), T(0)));
      const auto nplof = eval(lambda * sqrt(norm == Norm::global ? mean_of_all(squares, counts) : mean_of_near(near, squares, counts)));
      const T without = norm == Norm::local ? T(1) : T(0);
      const auto probability = maximum(erf(plof / (nplof * std::sqrt(2.0))), 0);
      return eval(where(alone, T(1), where(nplof == 0, where(plof > 0, without, T(0)), probability)));
    });
  }

 private:
  template <class Numbers, class Flags>
  static Numbers mean_of_all(const Numbers& squares, const Flags& counts) {
    return squares * 0 + item(sum(squares)) / static_cast<double>(item(sum(astype<Size>(counts))));
  }
  template <class Near, class Numbers, class Flags>
  static Numbers mean_of_near(const Near& near, const Numbers& squares, const Flags& counts) {
    const auto counted = eval(near & counts(newaxis, all));
    return sum(where(counted, squares(newaxis, all), 0), axis<1>) / maximum(sum(astype<Size>(counted), axis<1>), 1);
  }
};

}  // namespace priel::textbook
