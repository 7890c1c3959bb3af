// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// radius_neighbours(x, radius), (x, y, radius): all samples no farther than a radius, R -> R, S<0> -> S<0> (blocks go round).
#pragma once

#include <priel/algorithms/cdist.hpp>
#include <priel/algorithms/detail/radius.hpp>
#include <priel/algorithms/neighbours.hpp>

#include <cmath>

namespace priel {

// Of each sample all neighbours, nearest first, then by index. A sample with a value that is not finite is nobody's neighbour and has none.
template <class T, class Policy, class Backend>
struct RadiusNeighbours {
  Array<Size, 1, Policy, Backend> count;   // (n), the policy of the samples
  // In CPU memory, of this rank's samples: those of the i-th lie at begin[i] ... begin[i + 1] of the other two.
  std::vector<Size> begin;                 // one more than samples
  std::vector<Size> index;                 // global
  std::vector<T> distance;
};

namespace kernel {

// What a row of x has within the radius among the rows of y (m, d): counted where `index` is null, else written from `begin` on.
template <class M, class T>
struct RowsWithin {
  Size d, m;
  const T* x;
  const T* y;
  Size first, own;   // the index of the first row of y; that of the first row of x, or negative where these are no members
  T radius;
  Size* count;
  const Size* begin;
  Size* index;
  T* distance;

  PRIEL_DEVICE void operator()(Size row) const {
    Size found = 0;
    for (Size j = 0; j < m; ++j) {
      T sum{};
      for (Size f = 0; f < d; ++f) sum = M::add(sum, x[row * d + f] - y[j * d + f]);
      const T value = M::finish(sum);
      if (!(value <= radius) || !(value - value == T{}) || (own >= 0 && first + j == own + row)) continue;
      if (index != nullptr) {
        index[begin[row] + found] = first + j;
        distance[begin[row] + found] = value;
      }
      ++found;
    }
    if (index == nullptr) count[row] = found;
  }
};

}  // namespace kernel

namespace detail {

// See WithinRadius, whose members these are.
template <class Backend, class M, class T>
class RadiusSearch {
 public:
  RadiusSearch(T radius, Size n, Size d, const T* x, Size own) : radius_(radius), n_(n), d_(d), own_(own), x_(x), found_(static_cast<std::size_t>(n)) {}
  void offer(const T* y, Size m, Size first) {
    Buffer<Size, Backend> count(n_), begin(n_ + 1);
    Backend::for_each(n_, kernel::RowsWithin<M, T>{d_, m, x_, y, first, own_, radius_, count.data(), nullptr, nullptr, nullptr});
    std::vector<Size> counts(found_.size() + 1, 0);
    Backend::download(counts.data(), count.data(), n_ * bytes);
    std::vector<Size> begins(1, 0);
    for (std::size_t row = 0; row < found_.size(); ++row) begins.push_back(begins.back() + counts[row]);
    Backend::upload(begin.data(), begins.data(), (n_ + 1) * bytes);
    const Size total = begins.back();
    if (total == 0) return;
    Buffer<Size, Backend> index(total);
    Buffer<T, Backend> distance(total);
    Backend::for_each(n_, kernel::RowsWithin<M, T>{d_, m, x_, y, first, own_, radius_, nullptr, begin.data(), index.data(), distance.data()});
    const OnCpu<Backend, Size> indices(index.data(), total);
    const OnCpu<Backend, T> distances(distance.data(), total);
    for (std::size_t row = 0; row < found_.size(); ++row)
      for (Size at = begins[row]; at < begins[row + 1]; ++at) found_[row].emplace_back(distances.data()[at], indices.data()[at]);
  }
  FoundRows<T> rows() && { return in_rows(std::move(found_)); }

 private:
  static constexpr Size bytes = sizeof(Size);
  T radius_;
  Size n_, d_, own_;
  const T* x_;
  FoundLists<T> found_;
};

template <class M, class T>
  requires CompiledMetric<M, T>
class RadiusSearch<Host, M, T> : public WithinRadius<T> {
 public:
  RadiusSearch(T radius, Size n, Size d, const T* x, Size own) : WithinRadius<T>(M::compiled, radius, n, d, x, own) {}
};

// The samples within the radius of x, which are the same array (`members`) or not.
template <class M, class T, class Of, class Among, class Backend>
RadiusNeighbours<T, Of, Backend> within_radius(const Array<T, 2, Of, Backend>& x, const Array<T, 2, Among, Backend>& samples, double radius, bool members) {
  if constexpr (of_directions<M>())
    return within_radius<metric::SquaredEuclidean>(directions(x), directions(samples), radius, members);
  else {
    const Comm comm = comm_or_world(joined_comm(x.comm(), samples.comm()));
    const Size n = x.lshape()[0], d = x.shape()[1];
    RadiusSearch<Backend, M, T> search(static_cast<T>(radius), n, d, x.local().data(), members ? x.part().lower[0] : Size{-1});
    if constexpr (std::is_same_v<Among, Replicated>) search.offer(samples.local().data(), samples.shape()[0], 0);
    else {
      const auto part = [&](int q) { return Among::part(samples.shape(), comm->size(), q); };
      const OnCpu<Backend, T> mine(samples.local().data(), samples.lshape().size());
      pass_round(*comm, mine.data(), [&](int q) { return part(q).size(); }, [&](int q, const T* block) {
        if (q == comm->rank()) return search.offer(samples.local().data(), part(q).extent[0], part(q).lower[0]);
        const OnBackend<Backend, T> here(block, part(q).size());
        search.offer(here.data(), part(q).extent[0], part(q).lower[0]);
      });
    }
    FoundRows<T> rows = std::move(search).rows();
    Array<Size, 1, Of, Backend> count(Shape<1>{x.shape()[0]}, comm);
    fill_on_cpu(count, [&](Size* to) {
      for (std::size_t i = 0; i + 1 < rows.begin.size(); ++i) to[i] = rows.begin[i + 1] - rows.begin[i];
    });
    return {std::move(count), std::move(rows.begin), std::move(rows.index), std::move(rows.distance)};
  }
}

inline void check_radius(double radius) {
  if (!(radius >= 0)) throw InputError("radius_neighbours: the radius is " + std::to_string(radius) + ": write a distance, 0 or more");
}

template <class E>
inline constexpr bool whole_samples = std::is_same_v<stored_policy<policy_of<E>>, Replicated> || std::is_same_v<stored_policy<policy_of<E>>, Split<0>>;

}  // namespace detail

// All y != x with d(x, y) <= radius, of x (n, d): floating samples by features, R or S<0>; distances are exact, no matrix of them is held. Metrics:
// those of nearest_neighbours. Sends, where x is S<0>: p - 1 blocks (Exchange); a rank holds its part, what is found for it, and two blocks.
// The same for every number of ranks, bit for bit. Throws InputError if the radius is negative or NaN.
template <Expression E, MetricLike M = metric::Euclidean>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto radius_neighbours(const E& x, double radius, M = {}) {
  static_assert(detail::whole_samples<E>, "radius_neighbours needs whole samples on one rank: write redistribute(x, split<0>)");
  using Policy = detail::stored_policy<policy_of<E>>;
  using Backend = detail::backend_or_default<backend_of<E>>;
  detail::check_radius(radius);
  const Array<value_of<E>, 2, Policy, Backend> samples(x);
  return detail::within_radius<M>(samples, samples, radius, true);
}

// All rows of y (m, d) within the radius of each row of x (n, d), one that coincides included; the policy of x. R or S<0> both; where y is S<0> its
// blocks go round as above, where it is R nothing is sent. Throws ShapeError if the numbers of features differ.
template <Expression X, Expression Y, MetricLike M = metric::Euclidean>
  requires(rank_of<X> == 2 && rank_of<Y> == 2 && std::is_floating_point_v<value_of<X>> && std::is_same_v<value_of<X>, value_of<Y>> &&
           detail::joined_backend<backend_of<X>, backend_of<Y>>::ok)
auto radius_neighbours(const X& x, const Y& y, double radius, M = {}) {
  static_assert(detail::whole_samples<X> && detail::whole_samples<Y>, "radius_neighbours needs whole samples on one rank: write redistribute(x, split<0>)");
  using Backend = detail::backend_or_default<typename detail::joined_backend<backend_of<X>, backend_of<Y>>::type>;
  detail::check_features("radius_neighbours", x.shape(), y.shape());
  detail::check_radius(radius);
  const Array<value_of<X>, 2, detail::stored_policy<policy_of<X>>, Backend> asked(x);
  const Array<value_of<X>, 2, detail::stored_policy<policy_of<Y>>, Backend> samples(y);
  return detail::within_radius<M>(asked, samples, radius, false);
}

}  // namespace priel
