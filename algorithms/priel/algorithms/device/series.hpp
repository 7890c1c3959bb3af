// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LOF and LoOP of many series at once in the memory of a backend that the CPU does not see: what vmap(lof(...), x) runs on Device.
#pragma once

#include <priel/algorithms/device/series_neighbours.hpp>
#include <priel/algorithms/device/series_scores.hpp>
#include <priel/buffer.hpp>

#include <algorithm>
#include <optional>

namespace priel::detail {

// Scores up to `most` series (n, d) -> (n) a call, as many at a time as scratch memory of `bound` bytes has room for, one at least;
// it is allocated once. One loop per stage: over samples for the neighbours, over samples and k for the scores; no thread waits for
// another, and no score depends on which series are scored together. A series of n samples takes about n (12 n + 28 c + 8 d) bytes,
// c being the number of k: 2.1 MiB for n = 363, k = 20 to 60, d = 49. Throws InputError if a k is less than 1.
template <class Backend, class T>
class SeriesBatch {
 public:
  static constexpr Size usual_bound = Size{256} << 20;

  SeriesBatch(Size most, Size n, Size d, const SeriesMethod& method, Size bound = usual_bound) : method_(method) {
    const Sweep& k = method.k;
    check_sweep(k);
    const Size width = kernel::SeriesMemory::width;
    memory_.n = n;
    memory_.d = d;
    memory_.height = (n + width - 1) / width * width;
    memory_.first = k.first;
    memory_.step = k.step;
    memory_.last = k.largest();
    memory_.columns = k.count();
    one_ = lay_out(memory_, 1, nullptr);
    at_once_ = std::clamp<Size>(bound / (one_ * static_cast<Size>(sizeof(double))), 1, std::max<Size>(most, 1));
  }

  // Bytes of scratch memory.
  Size scratch() const { return nothing_to_score() ? 0 : at_once_ * one_ * static_cast<Size>(sizeof(double)); }

  // x (count, n, d) and scores (count, n): memory of the backend. A sample with a value that is not finite is left out and
  // scores NaN; so does every sample of a series in which no more than k.largest() remain.
  void operator()(const T* x, Size count, T* scores) {
    if (count == 0 || memory_.n == 0) return;
    if (nothing_to_score()) return Backend::for_each(count * memory_.n, kernel::NoScore<T>{scores});
    if (!scratch_) scratch_.emplace(at_once_ * one_);
    const Size rounds = (count + at_once_ - 1) / at_once_, share = (count + rounds - 1) / rounds;
    for (Size begin = 0; begin < count; begin += share) {
      const Size series = std::min(share, count - begin);
      lay_out(memory_, series, scratch_->data());
      score(x + begin * memory_.n * memory_.d, series, scores + begin * memory_.n);
    }
  }

 private:
  bool nothing_to_score() const { return memory_.n <= memory_.last; }

  // Places the intermediate results of `count` series at `base`; returns how many doubles they take.
  static Size lay_out(kernel::SeriesMemory& m, Size count, double* base) {
    Size used = 0;
    const auto doubles = [&](Size each) {
      double* here = base == nullptr ? nullptr : base + used;
      used += count * each;
      return here;
    };
    const auto integers = [&](Size each) { return reinterpret_cast<std::int32_t*>(doubles((each + 1) / 2)); };
    m.magnitude = doubles(m.n);
    m.points = doubles(m.d * m.height);
    m.distance = doubles(m.n * m.n);
    for (double** table : {&m.spread, &m.middle, &m.score}) *table = doubles(m.n * m.columns);
    m.normal = doubles(m.columns);
    m.neighbour = integers(m.n * m.n);
    m.length = integers(m.n);
    m.size = integers(m.n * m.columns);
    return used;
  }

  void score(const T* x, Size count, T* scores) const {
    const kernel::SeriesMemory& m = memory_;
    const Size samples = count * m.n, elements = samples * m.columns;
    Backend::for_each(samples, kernel::SeriesMagnitudes<T>{m, x});
    Backend::for_each(samples, kernel::SeriesColumns<T>{m, x});
    Backend::for_each(samples * (m.height / kernel::SeriesMemory::width), kernel::SeriesSquares{m});
    Backend::for_each(samples, kernel::SeriesNearest{m});
    Backend::for_each(elements, kernel::SeriesSpread{m, method_.loop});
    if (method_.loop) {
      const bool local = method_.norm == Norm::local;
      Backend::for_each(elements, kernel::SeriesPlof{m, 4 * static_cast<double>(std::numeric_limits<T>::epsilon())});
      if (!local) Backend::for_each(count * m.columns, kernel::SeriesNormal{m, method_.lambda});
      Backend::for_each(elements, kernel::SeriesRatio{m, method_.lambda, local});
    } else {
      Backend::for_each(elements, kernel::SeriesDensity{m});
      Backend::for_each(elements, kernel::SeriesFactor{m});
    }
    Backend::for_each(samples, kernel::SeriesAggregate<T>{m, scores, method_.k.aggregate, method_.k.dropped(), method_.loop});
  }

  SeriesMethod method_;
  kernel::SeriesMemory memory_{};
  Size one_ = 0, at_once_ = 0;   // doubles for one series; series at a time
  std::optional<Buffer<double, Backend>> scratch_;
};

}  // namespace priel::detail
