// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Keeps the nearest samples of each row, and shares the search for them among threads.
#include <priel/algorithms/detail/nearest.hpp>
#include <priel/algorithms/detail/series.hpp>
#include <priel/first_error.hpp>

#include "cells.hpp"
#include "task.hpp"

#include <omp.h>

#include <algorithm>
#include <bit>
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

template <class Task>
void run(const Task& task) {
  const NearestEntry<Task>& kernel = kernels();
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
  if (held_[at(row)] < k_) return seed_.empty() ? most : seed_[at(row)];
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

// What the kernels give back their findings to: the rows of x belong to `into`, those of y to `other`, if they are to find anything.
template <class T>
struct NearestSoFar<T>::Offer {
  struct Rows {
    Size first;           // the place of the first one
    const Size* index;    // which samples they are; null: from, from + 1, ...
    Size from;
    T* limit;
    Size operator[](Size i) const { return index ? index[i] : from + i; }
  };
  NearestSoFar& into;
  NearestSoFar* other;
  Metric metric;
  Rows x, y;

  static void take(void* offer, std::int64_t i, std::int64_t j, T measure, bool for_x, bool for_y) {
    const Offer& self = *static_cast<const Offer*>(offer);
    const Size mine = self.x[i], theirs = self.y[j];
    if (mine == theirs) return;
    const T distance = self.metric == Metric::euclidean ? std::sqrt(measure) : measure;
    if (for_x) {
      self.into.accept(self.x.first + i, distance, theirs);
      self.x.limit[i] = self.into.limit(self.x.first + i, self.metric);
    }
    if (for_y) {
      self.other->accept(self.y.first + j, distance, mine);
      self.y.limit[j] = self.other->limit(self.y.first + j, self.metric);
    }
  }
};

// Places lower, lower + 1, ... take over what is at lower + order[0], lower + order[1], ..., or the other way round.
template <class T>
void NearestSoFar<T>::reorder(Size lower, const std::vector<Size>& order, bool back) {
  const auto moved = [&](auto& all, Size width) {
    if (all.empty()) return;
    auto here = all.begin() + lower * width;
    std::remove_reference_t<decltype(all)> copy(std::make_move_iterator(here), std::make_move_iterator(here + static_cast<Size>(order.size()) * width));
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Size from = back ? static_cast<Size>(i) : order[i], to = back ? order[i] : static_cast<Size>(i);
      std::move(copy.begin() + from * width, copy.begin() + (from + 1) * width, here + to * width);
    }
  };
  moved(distance_, k_);
  moved(index_, k_);
  moved(held_, 1);
  moved(seed_, 1);
  moved(tied_, 1);
}

// How near the k-th neighbours are at most, as the cell of each sample tells: a limit while there are not k.
template <class T>
void NearestSoFar<T>::seed(Metric metric, Size d, const Cells<T>& cells, int threads) {
  constexpr T most = std::numeric_limits<T>::max(), epsilon = std::numeric_limits<T>::epsilon();
  seed_.assign(at(n_), most);
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size b = 0; b < cells.count(); ++b)
    failed.guard(b, [&] {
      const Block rows = cells.rows(b);
      const T* const x = cells.samples.data() + rows.lower * d;
      std::vector<T> limit(at(rows.extent));
      run(SeedTask<T>{rows.extent, rows.extent, d, x, x, static_cast<int>(metric), k_, limit.data()});
      for (Size i = 0; i < rows.extent; ++i)   // and more than any rounding
        seed_[at(rows.lower + i)] = std::min(most, limit[at(i)] * (1 + 2 * static_cast<T>(d + 8) * epsilon) + std::numeric_limits<T>::min());
    });
  failed.rethrow();
}

namespace {

constexpr Size rows_at_a_time = Size{1} << 12, rows_of_few_features = Size{1} << 10;   // cells of few features are far from most others
Size blocks_of(Size n, int threads) { return std::max<Size>((n + rows_at_a_time - 1) / rows_at_a_time, std::min<Size>(4 * threads, n / 64 + 1)); }
// A power of two, so that the cells of each part can be matched.
Size cells_of(Size n, Size d, int threads) {
  return static_cast<Size>(std::bit_ceil(static_cast<std::size_t>(std::max(blocks_of(n, threads), d > 8 ? 0 : n / rows_of_few_features))));
}
int threads_here() { return omp_in_parallel() ? 1 : omp_get_max_threads(); }
Metric measured(Metric metric) { return metric == Metric::euclidean ? Metric::squared : metric; }

template <class T>
double distance_of(Metric metric, const Cells<T>& x, Size a, const Cells<T>& y, Size b) {
  return x.apart(a, y, b, [&](double sum, double gap) {
    return metric == Metric::squared ? sum + gap * gap : metric == Metric::manhattan ? sum + gap : std::max(sum, gap);
  });
}

}  // namespace

template <class T>
void NearestSoFar<T>::offer_mutually(Metric metric, Size d, const T* x, Block rows, NearestSoFar& other, const T* y) {
  const int threads = threads_here();
  const bool alone = &other == this;
  const Size m = alone ? rows.extent : other.n_;
  if (rows.extent == 0 || m == 0) return;
  const Cells<T> mine(x, rows.extent, d, cells_of(rows.extent, d, threads));
  const std::unique_ptr<const Cells<T>> visiting(alone ? nullptr : new Cells<T>(y, m, d, cells_of(m, d, threads)));
  const Cells<T>& theirs = alone ? mine : *visiting;

  reorder(rows.lower, mine.order, false);
  if (!alone) other.reorder(0, theirs.order, false);
  if (alone && seed_.empty()) seed(measured(metric), d, mine, threads);
  const auto indices = [](const Cells<T>& cells, Size first) {
    std::vector<Size> result(cells.order);
    for (Size& index : result) index += first;
    return result;
  };
  const std::vector<Size> x_index = indices(mine, first_ + rows.lower), y_index = indices(theirs, other.first_);
  // The largest limit of each cell, of both.
  const auto reaches = [&](const NearestSoFar& state, const Cells<T>& cells, Size first) {
    std::vector<T> result(at(cells.count()), T(-1));
    for (Size cell = 0; cell < cells.count(); ++cell)
      for (Size i = 0; i < cells.rows(cell).extent; ++i) result[at(cell)] = std::max(result[at(cell)], state.limit(first + cells.rows(cell).lower + i, metric));
    return result;
  };
  std::vector<T> x_reach = reaches(*this, mine, rows.lower), other_reach = alone ? std::vector<T>() : reaches(other, theirs, 0);
  std::vector<T>& y_reach = alone ? x_reach : other_reach;
  const auto pair = [&](Size a, Size b) {
    if (distance_of(measured(metric), mine, a, theirs, b) > static_cast<double>(std::max(x_reach[at(a)], y_reach[at(b)]))) return;
    const Block i = mine.rows(a), j = theirs.rows(b);
    std::vector<T> x_limit(at(i.extent)), y_limit(at(j.extent));
    limits(metric, {rows.lower + i.lower, i.extent}, x_limit.data());
    other.limits(metric, j, y_limit.data());
    Offer offer{*this, &other, metric, {rows.lower + i.lower, x_index.data() + i.lower, 0, x_limit.data()}, {j.lower, y_index.data() + j.lower, 0, y_limit.data()}};
    run(NearestTask<T>{i.extent, j.extent, d, mine.samples.data() + i.lower * d, theirs.samples.data() + j.lower * d, static_cast<int>(measured(metric)),
                       x_limit.data(), alone && a == b ? nullptr : y_limit.data(), &offer, Offer::take});
    if (i.extent > 0) x_reach[at(a)] = *std::max_element(x_limit.begin(), x_limit.end());
    if (j.extent > 0 && !(alone && a == b)) y_reach[at(b)] = *std::max_element(y_limit.begin(), y_limit.end());
  };
  // In a round, no cell is in two pairs.
  const Size rounds = std::max(mine.count(), theirs.count());
  FirstError failed;
  for (Size round = 0; round < rounds; ++round) {
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
    for (Size b = 0; b < mine.count(); ++b)
      failed.guard(b, [&] {
        const Size partner = b ^ round;   // near cells first
        if (partner < theirs.count() && (partner >= b || !alone)) pair(b, partner);
      });
    failed.rethrow();
  }
  reorder(rows.lower, mine.order, true);
  if (!alone) other.reorder(0, theirs.order, true);
}

template <class T>
void NearestSoFar<T>::offer(Metric metric, Size d, const T* x, const T* y, Size m, Size from) {
  if (first_ == from && m == n_ && x == y) return offer_mutually(metric, d, x, {0, n_}, *this, x);
  const int threads = threads_here();
  const Size blocks = blocks_of(n_, threads);
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size b = 0; b < blocks; ++b)
    failed.guard(b, [&] {
      const Size lower = n_ * b / blocks, rows = n_ * (b + 1) / blocks - lower;
      std::vector<T> x_limit(at(rows));
      limits(metric, {lower, rows}, x_limit.data());
      constexpr Size no_member = std::numeric_limits<Size>::min() / 2;
      Offer offer{*this, nullptr, metric, {lower, nullptr, first_ < 0 ? no_member : first_ + lower, x_limit.data()}, {0, nullptr, from, nullptr}};
      run(NearestTask<T>{rows, m, d, x + lower * d, y, static_cast<int>(measured(metric)), x_limit.data(), nullptr, &offer, Offer::take});
    });
  failed.rethrow();
}

template <class T>
void NearestSoFar<T>::limits(Metric metric, const Block& rows, T* to) const {
  for (Size row = 0; row < rows.extent; ++row) to[row] = limit(rows.lower + row, metric);
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
