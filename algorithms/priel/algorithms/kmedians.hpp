// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// KMedians: clusters by sums of absolute differences; samples R or S<0>, labels of the samples' policy, centroids R.
#pragma once

#include <priel/algorithms/detail/medians.hpp>
#include <priel/algorithms/kmeans.hpp>

namespace priel {

// What KMedians::fit finds.
template <class T, class Policy, class Backend>
struct KMediansModel {
  Array<T, 2, Replicated, Backend> centroids;   // (clusters, d)
  Array<Size, 1, Policy, Backend> labels;       // (n), the nearest centroid's
  double inertia = 0;                           // the sum of absolute differences from these
  Size iterations = 0;
  bool converged = false;                       // before the iterations were used up

  // The nearest centroid of each sample of y (m, d), the first of those that are as near. Policy of y, R or S<0>; nothing is sent. ShapeError if y
  // has other features.
  template <Expression Y>
    requires(rank_of<Y> == 2)
  auto predict(const Y& y) const {
    detail::check_fitted("KMedians", centroids.shape()[1], y.shape());
    const auto samples = detail::samples_as<T>(y);
    return Array<Size, 1, policy_of<decltype(samples)>, Backend>(argmin(cdist(samples, centroids, metric::manhattan), axis<1>));
  }
};

// Heat's KMedians. Parameters as KMeans'.
struct KMedians {
  Size clusters = 8;
  Start start = Start::plus_plus;
  Size iterations = 300;
  double tolerance = 1e-4;
  std::uint64_t seed = 0;

  // Every sample to the centroid with the least sum of absolute differences, every centroid to the medians of its samples, feature by feature
  // (Bradley, Mangasarian and Street 1997, "Clustering via concave minimization", algorithm 2), until no label changes or the centroids hardly
  // move. A centroid without samples stays. x (n, d): any expression, R or S<0>, integers in double. On every backend the CPU does the work.
  // Exact medians over ranks are no sums: they are found byte by byte, by counting. Sends, where x is S<0>: the start and the variances of
  // KMeans; then in each iteration for float 4, for double 8 Allreduces of 2048 bytes for each median, clusters * d of them (of more than 4096
  // medians twice as many messages of 128 bytes each, of more than 65536 four times as many of 32), and one of 8 bytes each if a cluster has an
  // even number of samples; in the last iteration, which changes no label, only the first. Results are the same for every number of ranks, but
  // for the rounding of inertia. Calls watch(KMeansStep) after each iteration. Throws as KMeans.
  template <Expression X, class Watch = detail::NoWatch>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x, Watch&& watch = {}) const {
    check(x.shape());
    const auto samples = detail::samples_of(x);
    const double least = detail::least_shift("KMedians", samples, tolerance);
    return improve(samples, start == Start::random ? detail::random_start(samples, clusters, seed) : detail::plus_plus(samples, clusters, seed), least, watch);
  }

  // The same from given centroids (clusters, d), R. ShapeError if their extents are others.
  template <Expression X, Expression C, class Watch = detail::NoWatch>
    requires(rank_of<X> == 2 && rank_of<C> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit_from(const X& x, const C& centroids, Watch&& watch = {}) const {
    check(x.shape());
    const auto samples = detail::samples_of(x);
    const auto first = detail::given_start("KMedians", clusters, samples, centroids);
    return improve(samples, first, detail::least_shift("KMedians", samples, tolerance), watch);
  }

 private:
  template <class T, class Policy, class Backend, class Watch>
  auto improve(const Array<T, 2, Policy, Backend>& x, Array<T, 2, Replicated, Backend> start_at, double least, Watch& watch) const {
    KMediansModel<T, Policy, Backend> model;
    model.centroids = std::move(start_at);
    const detail::OnCpu<Backend, T> samples(x.local().data(), x.lshape().size());
    std::vector<Size> labels(static_cast<std::size_t>(x.lshape()[0]), -1);
    detail::ClusterMedians<T> medians(std::is_same_v<Policy, Replicated> ? nullptr : x.comm().get(), x.lshape()[0], x.shape()[1], clusters, samples.data());
    bool settled = false;
    detail::change_centroids(model.centroids, [&](T* centroids) {
      while (!model.converged && model.iterations < iterations) {
        medians.assign(centroids, labels.data());
        settled = medians.changed() == 0;
        const double shift = settled ? 0 : medians.move(labels.data(), centroids);
        model.converged = settled || shift <= least;
        watch(KMeansStep{++model.iterations, medians.inertia(), shift});
      }
      if (!settled) medians.assign(centroids, labels.data());
      return 0.0;
    });
    model.inertia = medians.inertia();
    model.labels = detail::no_labels(x);
    detail::fill_on_cpu(model.labels, [&](Size* to) { std::copy(labels.begin(), labels.end(), to); });
    return model;
  }

  void check(const Shape<2>& x) const { detail::check_clusters("KMedians", clusters, iterations, tolerance, x); }
};

}  // namespace priel
