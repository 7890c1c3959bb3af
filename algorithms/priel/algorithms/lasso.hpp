// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Lasso: linear regression with few coefficients that are not 0, x R or S<0> -> R, by one message in all.
#pragma once

#include <priel/algorithms/detail/feature_blocks.hpp>

#include <cmath>

namespace priel {

// With column0 the first coefficient is the intercept, and `intercept` is 0.
template <class T, class Backend>
struct LassoModel : LinearModel<T, Backend> {
  Size iterations = 0;      // sweeps: n_iter_
  double gap = 0;           // the objective is at most this above the least possible one: dual_gap_
  bool converged = false;   // the gap is at most tolerance * |y|^2 / n, or no coefficient changes any more
};

// Of k values of lambda, falling.
template <class T, class Backend>
struct LassoPath {
  Array<double, 1, Replicated, Backend> lambdas;      // (k)
  Array<T, 2, Replicated, Backend> coefficients;      // (k, d)
  Array<double, 1, Replicated, Backend> intercepts;   // (k)
  Array<double, 1, Replicated, Backend> gaps;         // (k)
  std::vector<Size> iterations;                       // (k)
  std::vector<bool> converged;                        // (k)
};

// Minimises |y - x w - b|^2 / (2 n) + lambda |w|_1 over coefficients w and the intercept b (Tibshirani 1996), as scikit-learn and glmnet do, by
// cyclic coordinate descent, until the duality gap is at most tolerance * |y|^2 / n (y less its mean, where there is an intercept), as scikit-learn.
struct Lasso {
  double lambda = 0.1;
  Intercept intercept = Intercept::add;
  Size iterations = 1000;
  double tolerance = 1e-6;

  // x (n, d), samples by features, R or S<0>; y (n), best of the same policy (another is redistributed); the model is R. Sends the Gram matrix of
  // x and y: one Allreduce of 4 d^2 + 20 d + 32 bytes; the sweeps send nothing, every rank does the same ones. Of more than 4096 features: one
  // for each block of 256, and in each sweep 2 KiB for each block, and 8 bytes (the residual's square); once more 2 KiB where the gap is known, at
  // least in every eighth sweep. `watch` is called after each, on every rank alike. InputError for no samples, values that are not finite,
  // parameters out of range, and a column0 that is not constant; ShapeError if the rows differ.
  template <Expression X, Expression Y>
    requires(rank_of<X> == 2 && rank_of<Y> == 1 && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex)
  auto fit(const X& x, const Y& y, const LassoWatch& watch = {}) const
      -> LassoModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    using Model = LassoModel<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>>;
    check(lambda);
    const auto samples = detail::samples_of(x);
    return with_descents(samples, y, [&](auto&& descents) {
      detail::Descent descent;
      descents.descend({lambda, iterations, tolerance}, descent, watch);
      const double constant = detail::completed(intercept, descent.weights, descents.means(), descents.offset());
      return Model{{stored<decltype(Model::coefficients)>(samples, {x.shape()[1]}, descent.weights), constant},
                   descent.iterations, descent.gap, descent.converged};
    });
  }

  // The models for many values of lambda (without any: 100 from the least that leaves no coefficient down to a thousandth of it, evenly on a
  // logarithmic scale), largest first, each descent beginning where the one before ended. Messages and errors as those of fit: one Gram matrix
  // for all.
  template <Expression X, Expression Y>
    requires(rank_of<X> == 2 && rank_of<Y> == 1 && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex)
  auto path(const X& x, const Y& y, std::vector<double> lambdas = {}) const
      -> LassoPath<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>> {
    using Path = LassoPath<detail::sample_type<X>, detail::backend_or_default<backend_of<X>>>;
    using Row = decltype(Path::lambdas);
    for (const double each : lambdas) check(each);
    check(lambda);
    const auto samples = detail::samples_of(x);
    return with_descents(samples, y, [&](auto&& descents) {
      detail::order_lambdas(lambdas, descents.steepest() / static_cast<double>(x.shape()[0]));
      detail::Descent descent;
      std::vector<double> coefficients, intercepts, gaps;
      std::vector<Size> sweeps;
      std::vector<bool> converged;
      for (const double each : lambdas) {
        descents.descend({each, iterations, tolerance}, descent, {});
        auto weights = descent.weights;
        intercepts.push_back(detail::completed(intercept, weights, descents.means(), descents.offset()));
        coefficients.insert(coefficients.end(), weights.begin(), weights.end());
        gaps.push_back(descent.gap);
        sweeps.push_back(descent.iterations);
        converged.push_back(descent.converged);
      }
      const Size k = static_cast<Size>(lambdas.size());
      return Path{stored<Row>(samples, {k}, lambdas), stored<decltype(Path::coefficients)>(samples, {k, x.shape()[1]}, coefficients),
                  stored<Row>(samples, {k}, intercepts), stored<Row>(samples, {k}, gaps), std::move(sweeps), std::move(converged)};
    });
  }

 private:
  static constexpr Size whole = 4096, width = 256;   // features that have one Gram matrix; of a block of more

  void check(double wished) const {
    detail::check_parameter(wished >= 0 && std::isfinite(wished), "Lasso", "lambda", wished, "finite and at least 0");
    detail::check_parameter(iterations >= 1, "Lasso", "iterations", static_cast<double>(iterations), "at least 1");
    detail::check_parameter(tolerance >= 0, "Lasso", "tolerance", tolerance, "at least 0");
  }
  template <class Samples, class Y, class F>
  auto with_descents(const Samples& samples, const Y& y, F&& f) const {
    if (samples.shape()[1] <= whole) return f(detail::WholeGram("Lasso", samples, y, intercept));
    return f(detail::FeatureBlocks("Lasso", samples, y, intercept, width));
  }
  template <class A, class Samples>
  static A stored(const Samples& samples, const Shape<A::rank>& shape, const std::vector<double>& values) {
    return detail::array_from_host<A>(shape, samples.comm(), values);
  }
};

}  // namespace priel
