// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// One pass of k-means: each sample to the nearest centroid, sums of what belongs to each; compiled kernels on Host, functors elsewhere.
#pragma once

#include <priel/algorithms/detail/samples.hpp>
#include <priel/create.hpp>
#include <priel/reduce.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace priel {

namespace kernel {

// Sample i's nearest centroid, and how far it is; -1 if no distance is finite.
template <class T>
struct AssignSample {
  Size d, k;
  const T* x;
  const T* centroids;
  Size* labels;
  T* distance;
  T infinity;

  PRIEL_DEVICE void operator()(Size i) const {
    T least = infinity;
    Size nearest = -1;
    for (Size j = 0; j < k; ++j) {
      T sum{};
      for (Size f = 0; f < d; ++f) sum += (x[i * d + f] - centroids[j * d + f]) * (x[i * d + f] - centroids[j * d + f]);
      if (sum < least) {
        least = sum;
        nearest = j;
      }
    }
    labels[i] = nearest;
    distance[i] = least;
  }
};

// One column of one part's totals (see detail::assign_samples): a feature's sums; the counts; or what is summed over all samples.
template <class T>
struct AddColumn {
  Size n, d, k, parts;
  const T* x;
  const T* centroids;
  const Size* labels;
  const Size* before;
  const T* distance;
  double* totals;   // (parts, k (d + 1) + 2)

  PRIEL_DEVICE void operator()(Size work) const {
    const Size part = work / (d + 2), f = work % (d + 2), begin = n * part / parts, end = n * (part + 1) / parts;
    double* to = totals + part * (k * (d + 1) + 2);
    if (f > d) {
      double inertia = 0, changed = 0;
      for (Size i = begin; i < end; ++i) {
        if (labels[i] >= 0) inertia += static_cast<double>(distance[i]);
        changed += labels[i] != before[i] ? 1 : 0;
      }
      to[k * (d + 1)] = inertia;
      to[k * (d + 1) + 1] = changed;
      return;
    }
    for (Size j = 0; j < k; ++j) to[j * (d + 1) + f] = 0;
    for (Size i = begin; i < end; ++i)
      if (labels[i] >= 0)
        to[labels[i] * (d + 1) + f] += f == d ? 1 : static_cast<double>(x[i * d + f]) - static_cast<double>(centroids[labels[i] * d + f]);
  }
};

// The first part's totals become those of all.
struct AddParts {
  Size parts, length;
  double* totals;
  PRIEL_DEVICE void operator()(Size e) const {
    for (Size part = 1; part < parts; ++part) totals[e] += totals[part * length + e];
  }
};

}  // namespace kernel

namespace detail {

struct NoWatch {
  void operator()(const auto&) const {}
};

// Samples of a model whose elements are T.
template <class T, Expression Y>
auto samples_as(const Y& y) {
  return Array<T, 2, sample_policy<Y>, backend_or_default<backend_of<Y>>>(astype<T>(whole_samples(y)));
}

// Labels of n samples and, if that is not null, their squared distances. If totals are not null, adds to them: (k, d + 1) sums of differences
// from the own centroid and numbers of samples, the sum of squared distances, and how many labels are others than before. By all threads,
// unless within a parallel region; deterministic. Labels do not depend on which samples are given together.
void assign_samples(Size n, Size d, Size k, const float* x, const float* centroids, Size* labels, float* distance, double* totals);
void assign_samples(Size n, Size d, Size k, const double* x, const double* centroids, Size* labels, double* distance, double* totals);

// The same in any backend's memory; the totals are always CPU memory.
template <class Backend, class T>
void assign_samples_of(Size n, Size d, Size k, const T* x, const T* centroids, Size* labels, T* distance, double* totals) {
  if constexpr (std::is_same_v<Backend, Host>) assign_samples(n, d, k, x, centroids, labels, distance, totals);
  else {
    const Size length = k * (d + 1) + 2, parts = std::clamp<Size>(n / 1024, 1, 64);
    Buffer<T, Backend> own(distance ? 0 : n);
    Buffer<Size, Backend> before(n);
    Buffer<double, Backend> sums(totals ? parts * length : 0);
    Backend::copy(before.data(), labels, n * static_cast<Size>(sizeof(Size)));
    if (!distance) distance = own.data();
    Backend::for_each(n, kernel::AssignSample<T>{d, k, x, centroids, labels, distance, std::numeric_limits<T>::infinity()});
    if (!totals) return;
    Backend::for_each(parts * (d + 2), kernel::AddColumn<T>{n, d, k, parts, x, centroids, labels, before.data(), distance, sums.data()});
    Backend::for_each(length, kernel::AddParts{parts, length, sums.data()});
    std::vector<double> all(static_cast<std::size_t>(length));
    Backend::download(all.data(), sums.data(), length * static_cast<Size>(sizeof(double)));
    for (Size e = 0; e < length; ++e) totals[e] += all[static_cast<std::size_t>(e)];
  }
}

// What the samples of all ranks say about the centroids that they were assigned to.
class ClusterTotals {
 public:
  ClusterTotals(Size k, Size d) : k_(k), d_(d), values_(static_cast<std::size_t>(k * (d + 1) + 2)) {}

  double* data() { return values_.data(); }
  // Of this rank's samples becomes that of all: one Allreduce.
  void sum_over(const Communicator& comm);

  double count(Size j) const { return values_[at(j * (d_ + 1) + d_)]; }
  double inertia() const { return values_[at(k_ * (d_ + 1))]; }
  double changed() const { return values_[at(k_ * (d_ + 1) + 1)]; }
  double assigned() const;   // samples
  Size empty() const;        // clusters

  // Every centroid (k, d) to the mean of its samples, an empty cluster's to where the largest one's goes; the sum of squared moves.
  double move(float* centroids) const;
  double move(double* centroids) const;

  // Every centroid to the mean of all samples that it was given so far, of which there were `seen`, and now these; the sum of squared moves.
  double learn(std::vector<double>& seen, float* centroids) const;
  double learn(std::vector<double>& seen, double* centroids) const;

  // Empty clusters get the samples that are farthest from their centroids, which leave their clusters; of two as far the one with the smaller
  // index. Nothing happens if all are at their centroids. This rank's n samples with labels and squared distances, the first one's global index;
  // one Allgather of as many samples as there are empty clusters, unless comm is null.
  void fill_empty(const Communicator* comm, Size total, Size first, Size n, const float* x, const Size* labels, const float* distance, const float* centroids);
  void fill_empty(const Communicator* comm, Size total, Size first, Size n, const double* x, const Size* labels, const double* distance, const double* centroids);

 private:
  static std::size_t at(Size i) { return static_cast<std::size_t>(i); }
  // Each to the sum of its differences over the weight from where it is, if there is a weight.
  template <class T>
  double moved(const std::vector<double>& weight, T* centroids) const;
  std::vector<double> counts() const;
  template <class T>
  void filled(const Communicator* comm, Size total, Size first, Size n, const T* x, const Size* labels, const T* distance, const T* centroids);

  Size k_, d_;
  std::vector<double> values_;
};

// Labels that no sample has.
template <class T, class Policy, class Backend>
Array<Size, 1, Policy, Backend> no_labels(const Array<T, 2, Policy, Backend>& x) {
  Array<Size, 1, Policy, Backend> labels(Shape<1>{x.shape()[0]}, x.comm());
  labels = full<Size>({x.shape()[0]}, Size{-1});
  return labels;
}

// Labels become those of the nearest centroids: one pass over x, and where x is S<0> one Allreduce of 8 (k (d + 1) + 2) bytes.
template <class T, class Policy, class Backend>
ClusterTotals assign_to_nearest(const Array<T, 2, Policy, Backend>& x, const Array<T, 2, Replicated, Backend>& centroids, Array<Size, 1, Policy, Backend>& labels) {
  const Size k = centroids.shape()[0], d = centroids.shape()[1];
  ClusterTotals totals(k, d);
  assign_samples_of<Backend, T>(x.lshape()[0], d, k, x.local().data(), centroids.local().data(), labels.local_mut().data(), nullptr, totals.data());
  if constexpr (!std::is_same_v<Policy, Replicated>) totals.sum_over(*x.comm());
  return totals;
}

// f(centroids in CPU memory) changes them; returns what it returns.
template <class T, class Backend, class F>
double change_centroids(Array<T, 2, Replicated, Backend>& centroids, F&& f) {
  std::vector<T> values(static_cast<std::size_t>(centroids.size()));
  Backend::download(values.data(), centroids.local().data(), centroids.size() * static_cast<Size>(sizeof(T)));
  const double shift = f(values.data());
  fill_on_cpu(centroids, [&](T* to) { std::copy(values.begin(), values.end(), to); });
  return shift;
}

// Centroids become the means of what belongs to them; how far they moved. Sends nothing, but one Allgather if a cluster is empty.
template <class T, class Policy, class Backend>
double move_to_means(const Array<T, 2, Policy, Backend>& x, const Array<Size, 1, Policy, Backend>& labels, ClusterTotals& totals,
                     Array<T, 2, Replicated, Backend>& centroids) {
  const Size k = centroids.shape()[0], d = centroids.shape()[1], n = x.lshape()[0];
  if (totals.empty() > 0) {
    Array<Size, 1, Policy, Backend> again = labels;
    Buffer<T, Backend> distance(n);
    assign_samples_of<Backend, T>(n, d, k, x.local().data(), centroids.local().data(), again.local_mut().data(), distance.data(), nullptr);
    const OnCpu<Backend, T> samples(x.local().data(), n * d), far(distance.data(), n), old(centroids.local().data(), k * d);
    const OnCpu<Backend, Size> own(labels.local().data(), n);
    totals.fill_empty(std::is_same_v<Policy, Replicated> ? nullptr : x.comm().get(), x.shape()[0], x.part().lower[0], n, samples.data(), own.data(),
                      far.data(), old.data());
  }
  return change_centroids(centroids, [&](T* values) { return totals.move(values); });
}

inline void check_clusters(const char* name, Size clusters, Size iterations, double tolerance, const Shape<2>& x) {
  check_parameter(clusters >= 1, name, "clusters", static_cast<double>(clusters), "at least 1");
  check_parameter(iterations >= 1, name, "iterations", static_cast<double>(iterations), "at least 1");
  check_parameter(tolerance >= 0, name, "tolerance", tolerance, "at least 0");
  check_samples(name, x, clusters);
}

// The shift at which centroids count as settled: relative to the mean variance of the features, as scikit-learn's. One Allreduce, where x is S<0>;
// InputError, where a value is not finite.
template <class Samples>
double least_shift(const char* name, const Samples& x, double tolerance) {
  const double variance = static_cast<double>(item(mean(eval(var(x, axis<0>)))));
  if (!std::isfinite(variance)) refuse_not_finite(name, "x", x);
  return tolerance * variance;
}

}  // namespace detail
}  // namespace priel
