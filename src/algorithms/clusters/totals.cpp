// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What is done with the totals of clusters: their sum over ranks, means, and samples for those that are empty.
#include <priel/algorithms/detail/clusters.hpp>

#include <numeric>

namespace priel::detail {

void ClusterTotals::sum_over(const Communicator& comm) {
  comm.all_reduce(values_.data(), static_cast<Size>(values_.size()), sizeof(double), [](void* into, const void* from, Size count) {
    for (Size e = 0; e < count; ++e) static_cast<double*>(into)[e] += static_cast<const double*>(from)[e];
  });
}

double ClusterTotals::assigned() const {
  double sum = 0;
  for (Size j = 0; j < k_; ++j) sum += count(j);
  return sum;
}

Size ClusterTotals::empty() const {
  Size number = 0;
  for (Size j = 0; j < k_; ++j) number += count(j) == 0 ? 1 : 0;
  return number;
}

std::vector<double> ClusterTotals::counts() const {
  std::vector<double> all;
  for (Size j = 0; j < k_; ++j) all.push_back(count(j));
  return all;
}

template <class T>
double ClusterTotals::moved(const std::vector<double>& weight, T* centroids) const {
  double shift = 0;
  for (Size j = 0; j < k_; ++j)
    for (Size f = 0; f < d_ && weight[at(j)] > 0; ++f) {
      T& value = centroids[j * d_ + f];
      const T before = value;
      value = static_cast<T>(static_cast<double>(before) + values_[at(j * (d_ + 1) + f)] / weight[at(j)]);
      const double by = static_cast<double>(value) - static_cast<double>(before);
      shift += by * by;
    }
  return shift;
}

namespace {

// What is said of an empty cluster: to where the largest one's centroid is.
template <class T>
double join_largest(Size d, const std::vector<double>& counts, T* centroids) {
  const Size largest = std::max_element(counts.begin(), counts.end()) - counts.begin();
  double shift = 0;
  for (std::size_t j = 0; j < counts.size(); ++j)
    for (Size f = 0; f < d && counts[j] == 0; ++f) {
      T& value = centroids[static_cast<Size>(j) * d + f];
      const double by = static_cast<double>(centroids[largest * d + f]) - static_cast<double>(value);
      value = centroids[largest * d + f];
      shift += by * by;
    }
  return shift;
}

std::vector<double>& add(std::vector<double>& seen, const std::vector<double>& more) {
  for (std::size_t j = 0; j < seen.size(); ++j) seen[j] += more[j];
  return seen;
}

}  // namespace

double ClusterTotals::move(float* centroids) const {
  const double shift = moved(counts(), centroids);
  return shift + join_largest(d_, counts(), centroids);
}
double ClusterTotals::move(double* centroids) const {
  const double shift = moved(counts(), centroids);
  return shift + join_largest(d_, counts(), centroids);
}
double ClusterTotals::learn(std::vector<double>& seen, float* centroids) const { return moved(add(seen, counts()), centroids); }
double ClusterTotals::learn(std::vector<double>& seen, double* centroids) const { return moved(add(seen, counts()), centroids); }

template <class T>
void ClusterTotals::filled(const Communicator* comm, Size total, Size first, Size n, const T* x, const Size* labels, const T* distance, const T* centroids) {
  const Size wanted = std::min(empty(), total), width = d_ + 3;   // of a candidate: distance, index, label, features
  std::vector<Size> order(at(n));
  std::iota(order.begin(), order.end(), Size{0});
  const Size mine = std::min(wanted, n);
  std::partial_sort(order.begin(), order.begin() + mine, order.end(),
                    [&](Size a, Size b) { return distance[a] != distance[b] ? distance[a] > distance[b] : a < b; });
  std::vector<double> own;
  for (Size r = 0; r < mine; ++r) {
    const Size i = order[at(r)];
    own.insert(own.end(), {static_cast<double>(distance[i]), static_cast<double>(first + i), static_cast<double>(labels[i])});
    own.insert(own.end(), x + i * d_, x + (i + 1) * d_);
  }
  std::vector<double> all = own;
  if (comm != nullptr) {
    std::vector<Size> bytes;
    for (int r = 0; r < comm->size(); ++r) bytes.push_back(std::min(wanted, block_of(total, comm->size(), r).extent) * width * static_cast<Size>(sizeof(double)));
    all.resize(at(std::accumulate(bytes.begin(), bytes.end(), Size{0})) / sizeof(double));
    comm->all_gather(own.data(), all.data(), bytes);
  }
  std::vector<const double*> farthest;
  for (std::size_t e = 0; e < all.size(); e += at(width)) farthest.push_back(all.data() + e);
  std::sort(farthest.begin(), farthest.end(), [](const double* a, const double* b) { return a[0] != b[0] ? a[0] > b[0] : a[1] < b[1]; });
  if (farthest.empty() || !(farthest.front()[0] > 0)) return;
  auto next = farthest.begin();
  std::vector<Size> vacant;
  for (Size j = 0; j < k_; ++j)
    if (count(j) == 0) vacant.push_back(j);
  for (const Size j : vacant) {
    if (next == farthest.end()) return;
    const double* sample = *next++;
    const Size old = static_cast<Size>(sample[2]);
    for (Size f = 0; f < d_; ++f) {
      values_[at(old * (d_ + 1) + f)] -= sample[3 + f] - static_cast<double>(centroids[old * d_ + f]);
      values_[at(j * (d_ + 1) + f)] = sample[3 + f] - static_cast<double>(centroids[j * d_ + f]);
    }
    values_[at(old * (d_ + 1) + d_)] -= 1;
    values_[at(j * (d_ + 1) + d_)] = 1;
  }
}
void ClusterTotals::fill_empty(const Communicator* comm, Size total, Size first, Size n, const float* x, const Size* labels, const float* distance,
                               const float* centroids) {
  filled(comm, total, first, n, x, labels, distance, centroids);
}
void ClusterTotals::fill_empty(const Communicator* comm, Size total, Size first, Size n, const double* x, const Size* labels, const double* distance,
                               const double* centroids) {
  filled(comm, total, first, n, x, labels, distance, centroids);
}

}  // namespace priel::detail
