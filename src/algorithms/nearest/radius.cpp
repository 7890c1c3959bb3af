// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The search for all samples within a radius: cells of near samples whose boxes are no farther apart are measured against each other.
#include <priel/algorithms/detail/radius.hpp>
#include <priel/first_error.hpp>

#include "entry.hpp"

namespace priel::detail {
namespace {

// Which samples the places of some cells hold.
template <class T>
std::vector<Size> indices_of(const Cells<T>& cells, Size first) {
  std::vector<Size> result(cells.order);
  for (Size& index : result) index += first;
  return result;
}

}  // namespace

template <class T>
FoundRows<T> in_rows(FoundLists<T>&& found) {
  FoundRows<T> rows;
  rows.begin.push_back(0);
  for (const auto& list : found) rows.begin.push_back(rows.begin.back() + static_cast<Size>(list.size()));
  rows.index.reserve(at(rows.begin.back()));
  rows.distance.reserve(at(rows.begin.back()));
  for (auto& held : found) {
    auto list = std::move(held);   // its memory goes as the rows' comes
    std::sort(list.begin(), list.end());
    for (const auto& [distance, index] : list) {
      rows.distance.push_back(distance);
      rows.index.push_back(index);
    }
  }
  return rows;
}

template <class T>
WithinRadius<T>::WithinRadius(Metric metric, T radius, Size n, Size d, const T* x, Size first)
    : metric_(metric), radius_(radius), d_(d), first_(first), x_(x), cells_(new Cells<T>(x, n, d, cells_of(n, d, threads_here()))), found_(at(n)) {}

template <class T>
WithinRadius<T>::~WithinRadius() = default;

template <class T>
FoundRows<T> WithinRadius<T>::rows() && { return in_rows(std::move(found_)); }

// What the kernels give back their findings to.
template <class T>
struct WithinRadius<T>::Offer {
  WithinRadius& into;
  const Size* x;         // the places in found_ of the rows of x
  const Size* y;         // those of y, or null
  const Size* y_index;   // which samples those are

  static void take(void* offer, std::int64_t i, std::int64_t j, T measure, bool for_x, bool for_y) {
    const Offer& self = *static_cast<const Offer*>(offer);
    WithinRadius& into = self.into;
    const Size mine = self.x[i], theirs = self.y_index[j];
    if (into.first_ >= 0 && into.first_ + mine == theirs) return;
    const T distance = into.metric_ == Metric::euclidean ? std::sqrt(measure) : measure;
    if (!(distance <= into.radius_)) return;
    if (for_x) into.found_[at(mine)].emplace_back(distance, theirs);
    if (for_y && self.y) into.found_[at(self.y[j])].emplace_back(distance, into.first_ + mine);
  }
};

template <class T>
void WithinRadius<T>::offer(const T* y, Size m, Size from) {
  if (cells_->order.empty() || m == 0) return;
  if (y == x_ && from == first_ && m == static_cast<Size>(found_.size())) return offer_own();
  const int threads = threads_here();
  const Cells<T> theirs(y, m, d_, cells_of(m, d_, threads));
  const std::vector<Size> index = indices_of(theirs, from);
  const T limit = measure_within(radius_, metric_);
  FirstError failed;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (Size a = 0; a < cells_->count(); ++a)
    failed.guard(a, [&] {
      const Block i = cells_->rows(a);
      const std::vector<T> limits(at(i.extent), limit);
      for (Size b = 0; b < theirs.count(); ++b) {
        const Block j = theirs.rows(b);
        if (distance_of(measured(metric_), *cells_, a, theirs, b) > static_cast<double>(limit)) continue;
        Offer offer{*this, cells_->order.data() + i.lower, nullptr, index.data() + j.lower};
        run(NearestTask<T>{i.extent, j.extent, d_, cells_->samples.data() + i.lower * d_, theirs.samples.data() + j.lower * d_,
                           static_cast<int>(measured(metric_)), limits.data(), nullptr, &offer, Offer::take});
      }
    });
  failed.rethrow();
}

// In a round, no cell is in two pairs.
template <class T>
void WithinRadius<T>::offer_own() {
  const int threads = threads_here();
  const Cells<T>& cells = *cells_;
  const std::vector<Size> index = indices_of(cells, first_);
  const T limit = measure_within(radius_, metric_);
  FirstError failed;
  for (Size round = 0; round < cells.count(); ++round) {
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
    for (Size a = 0; a < cells.count(); ++a)
      failed.guard(a, [&] {
        const Size b = a ^ round;
        if (b < a || distance_of(measured(metric_), cells, a, cells, b) > static_cast<double>(limit)) return;
        const Block i = cells.rows(a), j = cells.rows(b);
        const std::vector<T> limits(at(std::max(i.extent, j.extent)), limit);
        Offer offer{*this, cells.order.data() + i.lower, cells.order.data() + j.lower, index.data() + j.lower};
        run(NearestTask<T>{i.extent, j.extent, d_, cells.samples.data() + i.lower * d_, cells.samples.data() + j.lower * d_,
                           static_cast<int>(measured(metric_)), limits.data(), a == b ? nullptr : limits.data(), &offer, Offer::take});
      });
    failed.rethrow();
  }
}

template FoundRows<float> in_rows(FoundLists<float>&&);
template FoundRows<double> in_rows(FoundLists<double>&&);
template class WithinRadius<float>;
template class WithinRadius<double>;

}  // namespace priel::detail
