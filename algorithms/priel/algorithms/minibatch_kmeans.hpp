// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// MiniBatchKMeans: centroids learnt from a few samples at a time; samples R or S<0>, centroids R; one message for each batch.
#pragma once

#include <priel/algorithms/kmeans.hpp>

namespace priel {

namespace kernel {

// Row i of `out` is row rows[i] of x.
template <class T>
struct GatherRows {
  Size d;
  const T* x;
  const Size* rows;
  T* out;
  PRIEL_DEVICE void operator()(Size e) const { out[e] = x[rows[e / d] * d + e % d]; }
};

}  // namespace kernel

namespace detail {

// The totals of samples drawn with replacement, by their global index, so that they are the same for every number of ranks. Each rank assigns
// those that it holds; one Allreduce where x is S<0>.
template <class T, class Policy, class Backend>
ClusterTotals assign_batch(const Array<T, 2, Policy, Backend>& x, const Array<T, 2, Replicated, Backend>& centroids, Size batch, std::uint64_t seed) {
  const Size k = centroids.shape()[0], d = centroids.shape()[1], first = x.part().lower[0], held = x.lshape()[0];
  const random::detail::Integers<Size, 1> drawn{random::detail::draw(Shape<1>{batch}, seed), 0, static_cast<std::uint64_t>(x.shape()[0])};
  std::vector<Size> rows;
  for (Size i = 0; i < batch; ++i)
    if (const Size row = drawn({{i}}) - first; row >= 0 && row < held) rows.push_back(row);
  const auto n = static_cast<Size>(rows.size());
  Buffer<T, Backend> samples(n * d);
  Buffer<Size, Backend> places(n), labels(n);
  Backend::upload(places.data(), rows.data(), n * static_cast<Size>(sizeof(Size)));
  Backend::upload(labels.data(), rows.data(), n * static_cast<Size>(sizeof(Size)));
  Backend::for_each(n * d, kernel::GatherRows<T>{d, x.local().data(), places.data(), samples.data()});
  ClusterTotals totals(k, d);
  assign_samples_of<Backend, T>(n, d, k, samples.data(), centroids.local().data(), labels.data(), nullptr, totals.data());
  if constexpr (!std::is_same_v<Policy, Replicated>) totals.sum_over(*x.comm());
  return totals;
}

}  // namespace detail

// scikit-learn's: n_clusters, init, max_iter, batch_size, max_no_improvement, random_state; centroids that get few samples are not drawn anew.
struct MiniBatchKMeans {
  Size clusters = 8;
  Start start = Start::plus_plus;
  Size iterations = 100;   // over as many samples as there are
  Size batch = 1024;       // samples; no more than there are
  Size patience = 10;      // batches
  std::uint64_t seed = 0;

  // Sculley 2010, "Web-scale k-means clustering", algorithm 1: samples of a batch go to the nearest centroids, and every centroid becomes the mean
  // of all samples that it was given so far. Ends when the inertia of batches, smoothed as in scikit-learn, has not fallen for `patience` of them.
  // Starts from a part of the samples, 3 batches, that every rank gets. x (n, d): any expression, R or S<0>, integers in double. The model's
  // iterations are batches, its labels and inertia those of all samples. Calls watch(KMeansStep), on every rank alike, after each batch.
  // Sends, where x is S<0>: one Allgather of the samples to start from; for each batch, and for the labels in the end, one Allreduce of
  // 8 (clusters (d + 1) + 2) bytes. The batches are the same for every number of ranks, the centroids equal to rounding.
  // InputError for fewer samples than clusters, values that are not finite, parameters out of range.
  template <Expression X, class Watch = detail::NoWatch>
    requires(rank_of<X> == 2 && kind_of<value_of<X>> != Kind::complex)
  auto fit(const X& x, Watch&& watch = {}) const {
    check(x.shape());
    const auto samples = detail::samples_of(x);
    using Samples = std::remove_const_t<decltype(samples)>;
    const Size n = x.shape()[0], each = std::min(batch, n);
    const auto part = detail::random_start(samples, std::min(n, std::max(3 * each, clusters)), seed);
    KMeansModel<value_of<Samples>, policy_of<Samples>, backend_of<Samples>> model;
    model.centroids = start == Start::random ? detail::random_start(part, clusters, seed) : detail::plus_plus(part, clusters, seed);

    std::vector<double> seen(static_cast<std::size_t>(clusters));
    const double weight = std::min(1.0, 2.0 * static_cast<double>(each) / static_cast<double>(n + 1));
    double smoothed = 0, lowest = std::numeric_limits<double>::infinity();
    Size since = 0;
    const Size most = std::max<Size>(1, iterations * n / each);
    while (!model.converged && model.iterations < most) {
      const auto totals = detail::assign_batch(samples, model.centroids, each, detail::seed_of_draw(seed, clusters + model.iterations));
      if (totals.assigned() != static_cast<double>(each)) detail::refuse_not_finite("MiniBatchKMeans", "x", samples);
      const double shift = detail::change_centroids(model.centroids, [&](auto* centroids) { return totals.learn(seen, centroids); });
      watch(KMeansStep{++model.iterations, totals.inertia(), shift});
      if (model.iterations == 1) continue;   // the inertia is the start's
      smoothed = model.iterations == 2 ? totals.inertia() : smoothed + weight * (totals.inertia() - smoothed);
      since = smoothed < lowest ? 0 : since + 1;
      lowest = std::min(lowest, smoothed);
      model.converged = since >= patience;
    }
    model.labels = detail::no_labels(samples);
    const auto totals = detail::assign_to_nearest(samples, model.centroids, model.labels);
    if (totals.assigned() != static_cast<double>(n)) detail::refuse_not_finite("MiniBatchKMeans", "x", samples);
    model.inertia = totals.inertia();
    return model;
  }

 private:
  void check(const Shape<2>& x) const {
    detail::check_clusters("MiniBatchKMeans", clusters, iterations, 0, x);
    detail::check_parameter(batch >= 1, "MiniBatchKMeans", "batch", static_cast<double>(batch), "at least 1");
    detail::check_parameter(patience >= 1, "MiniBatchKMeans", "patience", static_cast<double>(patience), "at least 1");
  }
};

}  // namespace priel
