// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The search for nearest samples in any backend's memory, block by block: compiled kernels on Host, a functor elsewhere.
#pragma once

#include <priel/algorithms/detail/nearest.hpp>
#include <priel/algorithms/ring.hpp>
#include <priel/algorithms/detail/pairs.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace priel {

namespace kernel {

// The nearest of each of some samples: `width` places a sample, the first `count` of them (if so many) sorted by distance, then index.
// More than `width` are counted but not kept.
template <class T>
struct NearestRows {
  Size width;
  T* distance;
  Size* index;
  Size* count;
};

// What was found, and the rows of y (m, d) as more to choose from.
template <class M, class T>
struct OfferRows {
  NearestRows<T> from, to;
  Size k, d, m;
  const T* x;
  const T* y;
  Size first, own;   // the index of the first row of y; that of the first row of x, or negative where these are no members
  bool coinciding;

  PRIEL_DEVICE void operator()(Size row) const {
    T* best = to.distance + row * to.width;
    Size* ids = to.index + row * to.width;
    Size count = from.count[row];
    for (Size r = 0; r < count; ++r) {
      best[r] = from.distance[row * from.width + r];
      ids[r] = from.index[row * from.width + r];
    }
    for (Size j = 0; j < m; ++j) {
      T sum{};
      for (Size f = 0; f < d; ++f) sum = M::add(sum, x[row * d + f] - y[j * d + f]);
      const T value = M::finish(sum);
      if (!(value - value == T{}) || (own >= 0 && first + j == own + row)) continue;   // not finite: one of the two is left out
      if (count < k) insert(best, ids, count++, value, first + j);
      else {
        const T last = best[k - 1];
        if (!(value <= last) || (last == T{} && !coinciding)) continue;
        insert(best, ids, count < to.width ? count : to.width, value, first + j);
        count = best[k - 1] < last ? k : count + 1;
      }
      if (count >= k && best[k - 1] == T{} && !coinciding) count = k;
    }
    to.count[row] = count;
  }

 private:
  PRIEL_DEVICE void insert(T* best, Size* ids, Size held, T value, Size id) const {
    Size at = held;
    for (; at > 0 && (best[at - 1] > value || (best[at - 1] == value && ids[at - 1] > id)); --at)
      if (at < to.width) {
        best[at] = best[at - 1];
        ids[at] = ids[at - 1];
      }
    if (at == to.width) return;
    best[at] = value;
    ids[at] = id;
  }
};

// As NearestSoFar::write.
template <class T>
struct WriteNearest {
  NearestRows<T> from;
  Size k, own, width;
  T infinity, undefined;
  Size* index;
  T* distance;

  PRIEL_DEVICE void operator()(Size row) const {
    const bool complete = from.count[row] >= k;
    for (Size r = 0; r < width; ++r) {
      const bool found = complete && r < from.count[row];
      index[row * width + r] = found ? from.index[row * from.width + r] : own < 0 ? 0 : own + row;
      distance[row * width + r] = found ? from.distance[row * from.width + r] : complete ? infinity : undefined;
    }
  }
};

// 1 where all features of a sample are finite.
template <class T>
struct FiniteRow {
  Size d;
  const T* x;
  T most;   // a magnitude
  Size* finite;
  PRIEL_DEVICE void operator()(Size row) const {
    finite[row] = 1;
    for (Size f = 0; f < d; ++f)
      if (!(x[row * d + f] <= most && -x[row * d + f] <= most)) finite[row] = 0;
  }
};

}  // namespace kernel

namespace detail {

// See NearestSoFar, whose members these are.
template <class Backend, class M, class T>
class Search {
 public:
  Search(Size n, Size k, Size own, bool coinciding) : n_(n), k_(k), own_(own), coinciding_(coinciding), held_(n, k + 8) {
    const std::vector<Size> none(static_cast<std::size_t>(n) + 1, 0);
    Backend::upload(held_.count->data(), none.data(), n * static_cast<Size>(sizeof(Size)));
  }
  void offer(Size d, const T* x, const T* y, Size m, Size first) {
    for (Size width = held_.width;;) {
      Found next(n_, width);
      Backend::for_each(n_, kernel::OfferRows<M, T>{held_.rows(), next.rows(), k_, d, m, x, y, first, own_, coinciding_});
      const Size wanted = most(next);
      if (wanted <= width) {
        held_ = std::move(next);
        return;
      }
      width = wanted;   // more ties than there was room for
    }
  }
  Size width() const { return std::max(k_, most(held_)); }
  void write(Size width, Size* index, T* distance) {
    Backend::for_each(n_, kernel::WriteNearest<T>{held_.rows(), k_, own_, width, std::numeric_limits<T>::infinity(),
                                                  std::numeric_limits<T>::quiet_NaN(), index, distance});
  }

 private:
  struct Found {
    Found(Size n, Size places)
        : width(places), distance(make_buffer<T, Backend>(n * places)), index(make_buffer<Size, Backend>(n * places)), count(make_buffer<Size, Backend>(n)) {}
    kernel::NearestRows<T> rows() const { return {width, distance->data(), index->data(), count->data()}; }
    Size width;
    SharedBuffer<T, Backend> distance;
    SharedBuffer<Size, Backend> index, count;
  };
  Size most(const Found& found) const {
    std::vector<Size> counts(static_cast<std::size_t>(n_) + 1, 0);
    Backend::download(counts.data(), found.count->data(), n_ * static_cast<Size>(sizeof(Size)));
    return *std::max_element(counts.begin(), counts.end());
  }

  Size n_, k_, own_;
  bool coinciding_;
  Found held_;
};

template <class M, class T>
  requires CompiledMetric<M, T>
class Search<Host, M, T> {
 public:
  Search(Size n, Size k, Size own, bool coinciding) : found_(n, k, own, coinciding) {}
  void offer(Size d, const T* x, const T* y, Size m, Size first) { found_.offer(M::compiled, d, x, y, m, first); }
  // Of members: all n samples of all ranks, of which these are the canonical block.
  void offer_round(const Communicator& comm, Size d, const T* x, Size n) { found_.offer_round(comm, M::compiled, d, x, n); }
  Size width() const { return found_.width(); }
  void write(Size width, Size* index, T* distance) const { found_.write(width, index, distance); }

 private:
  NearestSoFar<T> found_;
};

// Whether pairs of ranks' samples are measured once, and what is found for the other rank's goes back: else blocks go all the way round.
template <class Backend, class M, class T>
inline constexpr bool meets_in_pairs = std::is_same_v<Backend, Host> && (CompiledMetric<M, T> || of_directions<M>());

// Every rank's number becomes their sum, or the largest.
inline Size summed_over(const Communicator& comm, Size value) {
  comm.all_reduce(&value, 1, sizeof value, [](void* into, const void* from, Size) { *static_cast<Size*>(into) += *static_cast<const Size*>(from); });
  return value;
}
inline Size largest_over(const Communicator& comm, Size value) {
  comm.all_reduce(&value, 1, sizeof value, [](void* into, const void* from, Size) {
    *static_cast<Size*>(into) = std::max(*static_cast<Size*>(into), *static_cast<const Size*>(from));
  });
  return value;
}

// This rank's samples all of whose features are finite, and no larger than `most`.
template <class T, class Policy, class Backend>
Size finite_samples(const Array<T, 2, Policy, Backend>& x, T most = std::numeric_limits<T>::max()) {
  const Size n = x.lshape()[0];
  Buffer<Size, Backend> flags(n);
  Backend::for_each(n, kernel::FiniteRow<T>{x.lshape()[1], x.local().data(), most, flags.data()});
  std::vector<Size> finite(static_cast<std::size_t>(n) + 1, 0);
  Backend::download(finite.data(), flags.data(), n * static_cast<Size>(sizeof(Size)));
  Size count = 0;
  for (const Size one : finite) count += one;
  return count;
}

// The samples as a metric of directions sees them.
template <class T, class Policy, class Backend>
Array<T, 2, Policy, Backend> directions(const Array<T, 2, Policy, Backend>& x) {
  Array<T, 2, Policy, Backend> result(x.shape(), x.comm());
  const auto lease = result.local_mut();
  Backend::for_each(x.lshape()[0], kernel::Directions<T>{x.lshape()[1], x.local().data(), lease.data()});
  return result;
}

}  // namespace detail
}  // namespace priel
