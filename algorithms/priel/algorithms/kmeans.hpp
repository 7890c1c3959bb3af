// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// KMeans: Lloyd's algorithm; samples R or S<0>, labels of the samples' policy, centroids R; one message for each iteration.
#pragma once

#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/detail/clusters.hpp>
#include <priel/algorithms/detail/starts.hpp>

namespace priel {

// After an iteration: the sum of squared distances of the samples from the centroids that they were assigned to, and the sum of squared moves
// of the centroids thereafter.
struct KMeansStep {
  Size iteration;   // from 1
  double inertia;
  double shift;
};

// What KMeans::fit finds.
template <class T, class Policy, class Backend>
struct KMeansModel {
  Array<T, 2, Replicated, Backend> centroids;   // (clusters, d)
  Array<Size, 1, Policy, Backend> labels;       // (n), the nearest centroid's: predict(x)
  double inertia = 0;                           // of these
  Size iterations = 0;
  bool converged = false;                       // before the iterations were used up

  // The nearest centroid of each sample of y (m, d), the first of those that are as near; -1 for a sample that is not finite. Policy of y, R or
  // S<0>; nothing is sent. ShapeError if y has other features.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto predict(const Y& y) const {
    detail::check_fitted("KMeans", centroids.shape()[1], y.shape());
    const auto samples = detail::samples_as<T>(y);
    Array<Size, 1, policy_of<decltype(samples)>, Backend> nearest(Shape<1>{y.shape()[0]}, samples.comm());
    detail::assign_samples_of<Backend, T>(samples.lshape()[0], centroids.shape()[1], centroids.shape()[0], samples.local().data(),
                                          centroids.local().data(), nearest.local_mut().data(), nullptr, nullptr);
    return nearest;
  }

  // Distances of samples y (m, d) from all centroids, (m, clusters): lazy, of y's policy; nothing is sent.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto transform(const Y& y) const { return cdist(detail::samples_as<T>(y), centroids); }
};

// scikit-learn's: n_clusters, init, max_iter, tol, random_state; one start (n_init = 1).
struct KMeans {
  Size clusters = 8;
  Start start = Start::plus_plus;
  Size iterations = 300;
  double tolerance = 1e-4;   // of `shift`, relative to the mean variance of the features
  std::uint64_t seed = 0;

  // Lloyd 1982, "Least squares quantization in PCM", method I: every sample to the nearest centroid, every centroid to the mean of its samples,
  // until no label changes, or the centroids hardly move. An empty cluster gets the sample that is farthest from its centroid.
  // x (n, d): any expression, R or S<0>, integers in double. Calls watch(KMeansStep), on every rank alike, after each iteration.
  // Sends, where x is S<0>: one Allreduce of 24 d bytes (variances), then one of 8 (clusters (d + 1) + 2) bytes in each iteration (sums, counts,
  // inertia, how many labels changed) and one in the end, unless no label changed; where a cluster is empty, one Allgather of as many samples.
  // Before that, k-means++ sends an Allreduce of 16 bytes and a Broadcast of one sample for each centroid; a random start one Allgather.
  // The start is the same for every number of ranks, bit for bit; the rest is equal to rounding, and the same each time.
  // InputError for fewer samples than clusters, values that are not finite, parameters out of range.
  template <Expression X, class Watch = detail::NoWatch>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x, Watch&& watch = {}) const {
    check(x.shape());
    const auto samples = detail::samples_of(x);
    const double least = detail::least_shift("KMeans", samples, tolerance);
    return lloyd(samples, start == Start::random ? detail::random_start(samples, clusters, seed) : detail::plus_plus(samples, clusters, seed), least, watch);
  }

  // The same from given centroids (clusters, d), R. ShapeError if their extents are others.
  template <Expression X, Expression C, class Watch = detail::NoWatch>
    requires(rank_of<X> == 2 && rank_of<C> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit_from(const X& x, const C& centroids, Watch&& watch = {}) const {
    check(x.shape());
    const auto samples = detail::samples_of(x);
    const auto first = detail::given_start("KMeans", clusters, samples, centroids);
    return lloyd(samples, first, detail::least_shift("KMeans", samples, tolerance), watch);
  }

 private:
  template <class T, class Policy, class Backend, class Watch>
  auto lloyd(const Array<T, 2, Policy, Backend>& x, Array<T, 2, Replicated, Backend> start_at, double least, Watch& watch) const {
    KMeansModel<T, Policy, Backend> model;
    model.centroids = std::move(start_at);
    model.labels = detail::no_labels(x);
    bool settled = false;
    while (!model.converged && model.iterations < iterations) {
      auto totals = detail::assign_to_nearest(x, model.centroids, model.labels);
      if (totals.assigned() != static_cast<double>(x.shape()[0])) detail::refuse_not_finite("KMeans", "x", x);
      const double shift = detail::move_to_means(x, model.labels, totals, model.centroids);
      model.inertia = totals.inertia();
      settled = totals.changed() == 0;
      model.converged = settled || shift <= least;
      watch(KMeansStep{++model.iterations, model.inertia, shift});
    }
    if (!settled) model.inertia = detail::assign_to_nearest(x, model.centroids, model.labels).inertia();
    return model;
  }

  void check(const Shape<2>& x) const { detail::check_clusters("KMeans", clusters, iterations, tolerance, x); }
};

}  // namespace priel
