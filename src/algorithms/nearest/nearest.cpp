// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Keeps the nearest samples of each row, and shares the search for them among threads.
#include <priel/algorithms/detail/nearest.hpp>
#include <priel/algorithms/detail/series.hpp>
#include <priel/first_error.hpp>

#include "task.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <utility>

namespace priel::detail {
namespace {

const NearestKernels& kernels() {
  static const NearestKernels chosen = [] {
#if defined(PRIEL_X86_KERNELS)
    if (instruction_set_in_use() == InstructionSet::avx512) return avx512::nearest_kernels();
    if (instruction_set_in_use() == InstructionSet::avx2) return avx2::nearest_kernels();
#endif
    return baseline::nearest_kernels();
  }();
  return chosen;
}

struct Release {
  void operator()(void* memory) const { ::operator delete(memory, std::align_val_t{64}); }
};

template <class T>
void run(const NearestTask<T>& task) {
  const NearestEntry<T>& kernel = kernels();
  const std::unique_ptr<void, Release> scratch(::operator new(static_cast<std::size_t>(kernel.scratch(task)), std::align_val_t{64}));
  kernel.run(task, scratch.get());
}

constexpr std::size_t at(Size i) { return static_cast<std::size_t>(i); }

}  // namespace

template <class T>
NearestSoFar<T>::NearestSoFar(Size n, Size k, Size first, bool coinciding)
    : n_(n), k_(k), first_(first), coinciding_(coinciding), distance_(at(n * k)), index_(at(n * k)), held_(at(n)), tied_(at(n)) {}

// The largest measure that may belong to a neighbour.
template <class T>
T NearestSoFar<T>::limit(Size row, Metric metric) const {
  constexpr T most = std::numeric_limits<T>::max();
  if (held_[at(row)] < k_) return most;
  const T last = distance_[at(row * k_ + k_ - 1)];
  if (last == T{} && !coinciding_) return T(-1);
  if (metric != Metric::euclidean) return last;
  // All squares whose roots are no larger; the roots decide.
  const T square = last * last * (1 + 8 * std::numeric_limits<T>::epsilon()) + std::numeric_limits<T>::min();
  return square < most ? square : most;
}

template <class T>
void NearestSoFar<T>::accept(Size row, T distance, Size index) {
  T* const best = distance_.data() + row * k_;
  Size* const ids = index_.data() + row * k_;
  Size& held = held_[at(row)];
  std::vector<Size>& tied = tied_[at(row)];
  if (held == k_) {
    if (!(distance <= best[k_ - 1])) return;
    if (distance == best[k_ - 1]) {
      if (coinciding_ || distance > T{}) tied.push_back(index);
      return;
    }
    if (k_ > 1 && best[k_ - 2] == best[k_ - 1]) tied.push_back(ids[k_ - 1]);   // the one that is pushed out still ties
    else tied.clear();
    --held;
  }
  Size place = held++;
  for (; place > 0 && best[place - 1] > distance; --place) {
    best[place] = best[place - 1];
    ids[place] = ids[place - 1];
  }
  best[place] = distance;
  ids[place] = index;
  if (held == k_ && best[k_ - 1] == T{} && !coinciding_) tied.clear();
}

// What the kernels give back their findings to.
template <class T>
struct NearestSoFar<T>::Offer {
  NearestSoFar& into;
  Metric metric;
  Size rows, columns, from;   // the first row of the task; that of y, if it is one of these samples too; the index of the first row of y
  T* x_limit;
  T* y_limit;

  static void take(void* offer, std::int64_t i, std::int64_t j, T measure, bool for_x, bool for_y) {
    const Offer& self = *static_cast<const Offer*>(offer);
    NearestSoFar& into = self.into;
    const Size mine = self.rows + i, index = self.from + j;
    if (into.first_ >= 0 && index == into.first_ + mine) return;
    const T distance = self.metric == Metric::euclidean ? std::sqrt(measure) : measure;
    if (for_x) {
      into.accept(mine, distance, index);
      self.x_limit[i] = into.limit(mine, self.metric);
    }
    if (for_y) {
      into.accept(self.columns + j, distance, into.first_ + mine);
      self.y_limit[j] = into.limit(self.columns + j, self.metric);
    }
  }
};

template <class T>
std::vector<T> NearestSoFar<T>::limits(const Block& rows, Metric metric) const {
  std::vector<T> result;
  for (Size row = 0; row < rows.extent; ++row) result.push_back(limit(rows.lower + row, metric));
  return result;
}

template <class T>
void NearestSoFar<T>::offer(Metric metric, Size d, const T* x, const T* y, Size m, Size from) {
  constexpr Size most = Size{1} << 11;   // rows at a time
  const int threads = omp_in_parallel() ? 1 : omp_get_max_threads();
  const Size blocks = std::max<Size>((n_ + most - 1) / most, std::min<Size>(4 * threads, n_ / 64 + 1));
  const int measured = static_cast<int>(metric == Metric::euclidean ? Metric::squared : metric);
  const auto block = [&](Size b) { return Block{n_ * b / blocks, n_ * (b + 1) / blocks - n_ * b / blocks}; };
  FirstError failed;
  if (first_ == from && m == n_ && x == y) {
    // Pairs within these samples serve both. In a round, no block is in two pairs of blocks.
    for (Size round = 0; round < blocks; ++round) {
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
      for (Size b = 0; b < blocks; ++b)
        failed.guard(b, [&] {
          const Size other = (round + blocks - b) % blocks;
          if (other < b) return;
          const Block rows = block(b), columns = block(other);
          std::vector<T> x_limit = limits(rows, metric), y_limit = limits(columns, metric);
          Offer offer{*this, metric, rows.lower, columns.lower, from + columns.lower, x_limit.data(), y_limit.data()};
          run(NearestTask<T>{rows.extent, columns.extent, d, x + rows.lower * d, y + columns.lower * d, measured, x_limit.data(),
                             other == b ? nullptr : y_limit.data(), &offer, Offer::take});
        });
      failed.rethrow();
    }
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size b = 0; b < blocks; ++b)
    failed.guard(b, [&] {
      const Block rows = block(b);
      std::vector<T> x_limit = limits(rows, metric);
      Offer offer{*this, metric, rows.lower, 0, from, x_limit.data(), nullptr};
      run(NearestTask<T>{rows.extent, m, d, x + rows.lower * d, y, measured, x_limit.data(), nullptr, &offer, Offer::take});
    });
  failed.rethrow();
}

template <class T>
Size NearestSoFar<T>::width() const {
  Size most = k_;
  for (const auto& more : tied_) most = std::max(most, k_ + static_cast<Size>(more.size()));
  return most;
}

template <class T>
void NearestSoFar<T>::write(Size width, Size* index, T* distance) const {
  FirstError failed;
#pragma omp parallel for schedule(dynamic, 256) if (!omp_in_parallel() && n_ > 1024)
  for (Size row = 0; row < n_; ++row)
    failed.guard(row, [&] {
      Size* const ids = index + row * width;
      T* const to = distance + row * width;
      const bool complete = held_[at(row)] == k_;
      std::vector<std::pair<T, Size>> all;
      for (Size r = 0; complete && r < k_; ++r) all.emplace_back(distance_[at(row * k_ + r)], index_[at(row * k_ + r)]);
      for (const Size other : tied_[at(row)]) all.emplace_back(distance_[at(row * k_ + k_ - 1)], other);
      std::sort(all.begin(), all.end());
      for (Size r = 0; r < width; ++r) {
        const bool found = r < static_cast<Size>(all.size());
        ids[r] = found ? all[at(r)].second : first_ < 0 ? 0 : first_ + row;
        to[r] = found ? all[at(r)].first : complete ? std::numeric_limits<T>::infinity() : std::numeric_limits<T>::quiet_NaN();
      }
    });
  failed.rethrow();
}

template class NearestSoFar<float>;
template class NearestSoFar<double>;

}  // namespace priel::detail
