// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// DBSCAN's search: cells of near samples are measured against each other until all of a cell is known, or is together.
#include <priel/algorithms/detail/density.hpp>
#include <priel/first_error.hpp>

#include "../nearest/entry.hpp"

#include <utility>

namespace priel::detail {
namespace {

constexpr Size rows_of_a_cell = 256, neighbours_kept = 8;

template <class T>
std::unique_ptr<const Cells<T>> cells_of_near(const T* x, Size n, Size d) {
  return std::make_unique<const Cells<T>>(x, n, d, std::max<Size>(1, n / rows_of_a_cell));
}

// The cells that may have something within the radius, nearest first.
template <class T>
std::vector<Size> near_cells(Metric metric, T radius, const Cells<T>& cells, Size a, const Cells<T>& others, Size first) {
  const auto limit = static_cast<double>(measure_within(radius, metric));
  std::vector<std::pair<double, Size>> found;
  for (Size b = first; b < others.count(); ++b)
    if (const double apart = distance_of(measured(metric), cells, a, others, b); apart <= limit) found.emplace_back(apart, b);
  std::sort(found.begin(), found.end());
  std::vector<Size> result;
  for (const auto& [apart, b] : found) result.push_back(b);
  return result;
}

template <class T>
T distance_from(Metric metric, T measure) { return metric == Metric::euclidean ? std::sqrt(measure) : measure; }

}  // namespace

template <class T>
DensityRows<T>::DensityRows(Metric metric, T radius, Size least, Size n, Size d, const T* x, Size first)
    : metric_(metric), radius_(radius), least_(least), d_(d), first_(first), x_(x), cells_(cells_of_near(x, n, d)), near_(at(n)), count_(at(n), 1) {}

template <class T>
DensityRows<T>::~DensityRows() = default;

// Those of a cell that are not known to be core, one behind the other; what the kernels give back their findings to.
template <class T>
struct DensityRows<T>::Found {
  DensityRows& into;
  std::vector<Size> row;
  std::vector<T> x, limit;
  const Size* y_index;
  Size y_first, left;

  Found(DensityRows& rows, Block places) : into(rows), y_index(nullptr), y_first(0), left(0) {
    for (Size i = places.lower; i < places.lower + places.extent; ++i)
      if (into.count_[at(into.cells_->order[at(i)])] < into.least_) row.push_back(into.cells_->order[at(i)]);
    pack();
  }
  void pack() {
    std::erase_if(row, [&](Size i) { return into.count_[at(i)] >= into.least_; });
    left = static_cast<Size>(row.size());
    x.clear();
    for (const Size i : row) x.insert(x.end(), into.x_ + i * into.d_, into.x_ + (i + 1) * into.d_);
    limit.assign(row.size(), measure_within(into.radius_, into.metric_));
  }
  static void take(void* found, std::int64_t i, std::int64_t j, T measure, bool, bool) {
    Found& self = *static_cast<Found*>(found);
    DensityRows& into = self.into;
    const Size mine = self.row[at(i)], theirs = self.y_first + self.y_index[j];
    Size& count = into.count_[at(mine)];
    if (into.first_ + mine == theirs || count >= into.least_ || !(distance_from(into.metric_, measure) <= into.radius_)) return;
    std::vector<Size>& near = into.near_[at(mine)];
    if (++count < into.least_) near.push_back(theirs);
    else {
      self.limit[at(i)] = T(-1);
      --self.left;
      if (static_cast<Size>(near.size()) > neighbours_kept) near = std::vector<Size>(near.begin(), near.begin() + neighbours_kept);
    }
  }
};

template <class T>
void DensityRows<T>::count(const T* y, Size m, Size from) {
  if (cells_->order.empty() || m == 0) return;
  const bool own = y == x_ && from == first_;
  const std::unique_ptr<const Cells<T>> visiting = own ? nullptr : cells_of_near(y, m, d_);
  const Cells<T>& theirs = own ? *cells_ : *visiting;
  const int threads = threads_here();
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size a = 0; a < cells_->count(); ++a)
    failed.guard(a, [&] {
      Found found(*this, cells_->rows(a));
      if (found.left == 0) return;
      for (const Size b : near_cells(metric_, radius_, *cells_, a, theirs, 0)) {
        if (4 * found.left < 3 * static_cast<Size>(found.row.size())) found.pack();
        if (found.left == 0) return;
        const Block j = theirs.rows(b);
        found.y_index = theirs.order.data() + j.lower;
        found.y_first = from;
        run(NearestTask<T>{static_cast<Size>(found.row.size()), j.extent, d_, found.x.data(), theirs.samples.data() + j.lower * d_,
                           static_cast<int>(measured(metric_)), found.limit.data(), nullptr, &found, Found::take});
      }
    });
  failed.rethrow();
}

template <class T>
void DensityRows<T>::roles(Role* to) const {
  for (std::size_t row = 0; row < count_.size(); ++row) {
    const T* const x = x_ + static_cast<Size>(row) * d_;
    const bool finite = std::all_of(x, x + d_, [](T value) { return value - value == T{}; });
    to[row] = !finite ? Role::not_finite : count_[row] >= least_ ? Role::core : Role::sparse;
  }
}

// The core samples among the rows of y; index: which samples they are.
template <class T>
std::unique_ptr<const Cells<T>> DensityRows<T>::cells_of_core(const T* y, Size m, Size from, const Role* role, std::vector<Size>& index) const {
  std::vector<T> samples;
  for (Size j = 0; j < m; ++j) {
    if (role[from + j] != Role::core) continue;
    index.push_back(from + j);
    samples.insert(samples.end(), y + j * d_, y + (j + 1) * d_);
  }
  auto cells = cells_of_near(samples.data(), static_cast<Size>(index.size()), d_);
  std::vector<Size> in_cells;
  for (const Size i : cells->order) in_cells.push_back(index[at(i)]);
  index = std::move(in_cells);
  return cells;
}

// Pairs of samples that are to be in one set.
template <class T>
struct DensityRows<T>::Joined {
  const DensityRows& rows;
  Forest& forest;
  const Size* x_index;
  const Size* y_index;
  std::vector<T> limit;
  bool one_will_do;   // all rows of x are in one set and all of y in one

  static void take(void* joined, std::int64_t i, std::int64_t j, T measure, bool, bool) {
    Joined& self = *static_cast<Joined*>(joined);
    if (!(distance_from(self.rows.metric_, measure) <= self.rows.radius_)) return;
    self.forest.unite(self.x_index[i], self.y_index[j]);
    if (self.one_will_do) std::fill(self.limit.begin(), self.limit.end(), T(-1));
  }
};

template <class T>
void DensityRows<T>::connect(const T* y, Size m, Size from, const Role* role, Forest& forest) {
  if (!core_) {
    core_ = cells_of_core(x_, static_cast<Size>(near_.size()), first_, role, core_index_);
    for (std::size_t row = 0; row < near_.size(); ++row)   // most are together by this
      for (const Size other : near_[row])
        if (role[first_ + static_cast<Size>(row)] == Role::core && role[other] == Role::core) forest.unite(first_ + static_cast<Size>(row), other);
  }
  const bool own = y == x_ && from == first_;
  std::vector<Size> visiting_index;
  const std::unique_ptr<const Cells<T>> visiting = own ? nullptr : cells_of_core(y, m, from, role, visiting_index);
  const Cells<T>&mine = *core_, &theirs = own ? mine : *visiting;
  const std::vector<Size>& index = own ? core_index_ : visiting_index;
  // The set that all of these are in, or -1.
  const auto set_of = [&](const std::vector<Size>& samples, const Block& rows) {
    const Size set = rows.extent > 0 ? forest.root(samples[at(rows.lower)]) : -1;
    for (Size i = 1; i < rows.extent; ++i)
      if (forest.root(samples[at(rows.lower + i)]) != set) return Size{-1};
    return set;
  };
  const int threads = threads_here();
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size a = 0; a < mine.count(); ++a)
    failed.guard(a, [&] {
      const Block i = mine.rows(a);
      for (const Size b : near_cells(metric_, radius_, mine, a, theirs, own ? a : 0)) {
        const Block j = theirs.rows(b);
        const Size of_x = set_of(core_index_, i), of_y = set_of(index, j);
        if (of_x >= 0 && of_x == of_y) continue;
        Joined joined{*this, forest, core_index_.data() + i.lower, index.data() + j.lower, std::vector<T>(at(i.extent), measure_within(radius_, metric_)),
                      of_x >= 0 && of_y >= 0};
        run(NearestTask<T>{i.extent, j.extent, d_, mine.samples.data() + i.lower * d_, theirs.samples.data() + j.lower * d_,
                           static_cast<int>(measured(metric_)), joined.limit.data(), nullptr, &joined, Joined::take});
      }
    });
  failed.rethrow();
}

template class DensityRows<float>;
template class DensityRows<double>;

}  // namespace priel::detail
