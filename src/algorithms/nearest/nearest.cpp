// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Keeps the nearest samples of each row, and shares the search for them among threads.
#include <priel/algorithms/detail/nearest.hpp>
#include <priel/first_error.hpp>

#include "entry.hpp"

#include <utility>

namespace priel::detail {

constexpr Size rows_of_a_small_cell = 256;   // of those that are searched one way only

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
  return measure_within(last, metric);
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

// In cells of near ones where that pays, each row's nearest cells first.
template <class T>
void NearestSoFar<T>::offer(Metric metric, Size d, const T* x, const T* y, Size m, Size from) {
  if (first_ == from && m == n_ && x == y) return offer_mutually(metric, d, x, {0, n_}, *this, x);
  if (n_ == 0 || m == 0) return;
  const int threads = threads_here();
  const bool many = std::min(n_, m) >= 4 * rows_of_a_small_cell;
  const auto in_cells = [&](Size rows) { return many ? std::max(blocks_of(rows, threads), rows / rows_of_a_small_cell) : blocks_of(rows, threads); };
  const Cells<T> mine(x, n_, d, in_cells(n_)), theirs(y, m, d, many ? in_cells(m) : 1);
  std::vector<Size> x_index(mine.order), y_index(theirs.order);
  for (Size& index : x_index) index = first_ < 0 ? std::numeric_limits<Size>::min() / 2 : first_ + index;
  for (Size& index : y_index) index += from;
  reorder(0, mine.order, false);
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size a = 0; a < mine.count(); ++a)
    failed.guard(a, [&] {
      const Block i = mine.rows(a);
      if (i.extent == 0) return;
      std::vector<std::pair<double, Size>> near;
      for (Size b = 0; b < theirs.count(); ++b) near.emplace_back(distance_of(measured(metric), mine, a, theirs, b), b);
      std::sort(near.begin(), near.end());
      std::vector<T> x_limit(at(i.extent));
      limits(metric, i, x_limit.data());
      Offer offer{*this, nullptr, metric, {i.lower, x_index.data() + i.lower, 0, x_limit.data()}, {0, nullptr, from, nullptr}};
      for (const auto& [apart, b] : near) {
        if (apart > static_cast<double>(*std::max_element(x_limit.begin(), x_limit.end()))) return;
        const Block j = theirs.rows(b);
        offer.y.index = y_index.data() + j.lower;
        run(NearestTask<T>{i.extent, j.extent, d, mine.samples.data() + i.lower * d, theirs.samples.data() + j.lower * d,
                           static_cast<int>(measured(metric)), x_limit.data(), nullptr, &offer, Offer::take});
      }
    });
  failed.rethrow();
  reorder(0, mine.order, true);
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
