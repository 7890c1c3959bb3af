// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Medians of clusters over all ranks, by counting.
#include <priel/algorithms/detail/medians.hpp>
#include <priel/algorithms/detail/dense.hpp>
#include <priel/algorithms/detail/keys.hpp>
#include <priel/first_error.hpp>

#include <omp.h>

#include <algorithm>
#include <bit>
#include <limits>

namespace priel::detail {
namespace {

constexpr std::size_t at(Size i) { return static_cast<std::size_t>(i); }
int threads() { return omp_in_parallel() ? 1 : omp_get_max_threads(); }

template <class T>
using Key = order::key_type<T>;
template <class T>
std::uint64_t key_of(T value) { return order::key_of_bits<Key<T>>(std::bit_cast<Key<T>>(value), order::format_of<T>, true); }
template <class T>
T value_of_key(std::uint64_t key) { return order::element_of_key<T>(static_cast<Key<T>>(key)); }

void add_up(const Communicator* comm, std::vector<double>& values) {
  if (comm == nullptr) return;
  comm->all_reduce(values.data(), static_cast<Size>(values.size()), sizeof(double), [](void* into, const void* from, Size count) {
    for (Size e = 0; e < count; ++e) static_cast<double*>(into)[e] += static_cast<const double*>(from)[e];
  });
}

// f(a thread's features) for all features: counters of different features are different memory.
template <class F>
void by_features(Size d, F&& f) {
  const int parts = static_cast<int>(std::min<Size>(threads(), d));
#pragma omp parallel for num_threads(parts) schedule(static, 1) if (parts > 1)
  for (int t = 0; t < parts; ++t) f(block_of(d, parts, t));
}

}  // namespace

template <class T>
int ClusterMedians<T>::digit_bits(Size medians) {
  int bits = 8;
  while (bits > 1 && medians > (Size{1} << (20 - bits))) bits /= 2;
  return bits;
}

template <class T>
ClusterMedians<T>::ClusterMedians(const Communicator* comm, Size n, Size d, Size k, const T* x)
    : comm_(comm), n_(n), d_(d), k_(k), x_(x), bits_(digit_bits(k * d)), counters_((at(k * d) << bits_) + 2), key_(at(k * d)),
      before_(at(k * d)), alike_(at(k * d)) {}

// This rank's.
template <class T>
void ClusterMedians<T>::nearest(const T* centroids, Size* labels) {
  constexpr Size rows = 256;
  const Size blocks = (n_ + rows - 1) / rows;
  std::vector<double> inertia(at(blocks)), changed(at(blocks));
  FirstError failed;
#pragma omp parallel for num_threads(threads())
  for (Size b = 0; b < blocks; ++b)
    failed.guard(b, [&] {
      const Size first = b * rows, count = std::min(rows, n_ - first);
      std::vector<T> distance(at(count * k_));
      pair_distances(Metric::manhattan, count, k_, d_, x_ + first * d_, centroids, distance.data(), k_);
      for (Size i = 0; i < count; ++i) {
        const T* row = distance.data() + i * k_;
        const Size label = std::min_element(row, row + k_) - row;
        inertia[at(b)] += static_cast<double>(row[label]);
        changed[at(b)] += labels[first + i] != label ? 1 : 0;
        labels[first + i] = label;
      }
    });
  failed.rethrow();
  inertia_ = changed_ = 0;
  for (Size b = 0; b < blocks; ++b) {
    inertia_ += inertia[at(b)];
    changed_ += changed[at(b)];
  }
}

// The counters of a digit of this rank's features, the first digit being 0.
template <class T>
void ClusterMedians<T>::count(int digit, const Size* labels) {
  std::fill(counters_.begin(), counters_.end(), 0);
  const int below = static_cast<int>(8 * sizeof(T)) - (digit + 1) * bits_;
  const std::uint64_t mask = (std::uint64_t{1} << bits_) - 1;
  by_features(d_, [&](const Block& features) {
    for (Size i = 0; i < n_; ++i)
      for (Size f = features.lower; f < features.lower + features.extent; ++f) {
        const std::size_t median = at(labels[i] * d_ + f);
        const std::uint64_t known = key_of(x_[i * d_ + f]) >> below;
        if (known >> bits_ == key_[median]) counters_[(median << bits_) + (known & mask)] += 1;
      }
  });
}

// The digit that each wanted one has.
template <class T>
void ClusterMedians<T>::choose() {
  for (std::size_t median = 0; median < key_.size(); ++median) {
    const double* counter = counters_.data() + (median << bits_);
    std::uint64_t digit = 0;
    const std::uint64_t last = (std::uint64_t{1} << bits_) - 1;
    for (; digit < last && before_[median] >= counter[digit]; ++digit) before_[median] -= counter[digit];
    key_[median] = key_[median] << bits_ | digit;
    alike_[median] = counter[digit];
  }
}

template <class T>
void ClusterMedians<T>::assign(const T* centroids, Size* labels) {
  nearest(centroids, labels);
  std::fill(key_.begin(), key_.end(), 0);
  count(0, labels);
  double* const last = counters_.data() + (key_.size() << bits_);
  last[0] = inertia_;
  last[1] = changed_;
  add_up(comm_, counters_);
  inertia_ = last[0];
  changed_ = last[1];
}

// The smallest keys above those that are known.
template <class T>
std::vector<std::uint64_t> ClusterMedians<T>::next_keys(const Size* labels) const {
  std::vector<std::uint64_t> next(key_.size(), std::numeric_limits<std::uint64_t>::max());
  by_features(d_, [&](const Block& features) {
    for (Size i = 0; i < n_; ++i)
      for (Size f = features.lower; f < features.lower + features.extent; ++f) {
        const std::size_t median = at(labels[i] * d_ + f);
        const std::uint64_t key = key_of(x_[i * d_ + f]);
        if (key > key_[median] && key < next[median]) next[median] = key;
      }
  });
  if (comm_ != nullptr)
    comm_->all_reduce(next.data(), static_cast<Size>(next.size()), sizeof(std::uint64_t), [](void* into, const void* from, Size count) {
      auto* least = static_cast<std::uint64_t*>(into);
      for (Size e = 0; e < count; ++e) least[e] = std::min(least[e], static_cast<const std::uint64_t*>(from)[e]);
    });
  return next;
}

template <class T>
double ClusterMedians<T>::move(const Size* labels, T* centroids) {
  std::vector<double> size(key_.size());
  bool even = false;
  for (std::size_t median = 0; median < key_.size(); ++median) {
    for (std::size_t digit = 0; digit >> bits_ == 0; ++digit) size[median] += counters_[(median << bits_) + digit];
    const auto members = static_cast<Size>(size[median]);
    even = even || (members > 0 && members % 2 == 0);
    before_[median] = static_cast<double>((members - 1) / 2);
  }
  choose();
  for (int digit = 1; digit * bits_ < static_cast<int>(8 * sizeof(T)); ++digit) {
    count(digit, labels);
    add_up(comm_, counters_);
    choose();
  }
  const std::vector<std::uint64_t> next = even ? next_keys(labels) : key_;
  double shift = 0;
  for (std::size_t median = 0; median < key_.size(); ++median) {
    if (size[median] == 0) continue;
    T value = value_of_key<T>(key_[median]);
    if (static_cast<Size>(size[median]) % 2 == 0 && before_[median] + 1 >= alike_[median]) {
      const T upper = value_of_key<T>(next[median]);
      value = value / 2 + upper / 2;
    }
    const double by = static_cast<double>(value) - static_cast<double>(centroids[median]);
    centroids[median] = value;
    shift += by * by;
  }
  return shift;
}

template class ClusterMedians<float>;
template class ClusterMedians<double>;

}  // namespace priel::detail
