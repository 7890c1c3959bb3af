// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// nearest_neighbours(x, k): each sample's inclusive k-neighbourhood by exact distances, R -> R, S<0> -> S<0> (x is gathered).
#pragma once

#include <priel/computed.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

#include <algorithm>
#include <vector>

namespace priel {

// All y != x with d(x, y) <= k-distance(x), so more than k where distances tie. Sorted by distance, then index; shorter rows
// are filled with the sample's own index at distance +inf. A sample with a value that is not finite is nobody's neighbour and
// has none: its distances are NaN.
template <class T, class Policy, class Backend>
struct Neighbours {
  Array<Size, 2, Policy, Backend> index;      // (n, widest neighbourhood), global
  Array<T, 2, Policy, Backend> distance;      // the same extents
};

namespace kernel {

// Distances of one sample to blocks of others: squared differences added feature by feature, so that d(x, y) = d(y, x) bit
// for bit and duplicates are exactly 0. `points` is (features, n), so that the inner loop runs over neighbours.
template <class T>
struct Distances {
  static constexpr int width = 32;
  const T* points;
  Size n, features;

  // The block that holds neighbour `begin`: the last one starts earlier, so that every distance comes from the same full-width
  // loop (two loops could round differently and break the symmetry). Returns where it starts.
  PRIEL_DEVICE Size block(Size x, Size begin, T (&out)[width]) const {
    const Size start = n - begin < width && n >= width ? n - width : begin;
    for (int j = 0; j < width; ++j) out[j] = T{};
    for (Size f = 0; f < features; ++f) {
      const T* row = points + f * n + start;
      const T at = points[f * n + x];
      if (n >= width) for (int j = 0; j < width; ++j) out[j] += (at - row[j]) * (at - row[j]);
      else for (Size j = 0; j < n; ++j) out[j] += (at - row[j]) * (at - row[j]);
    }
    for (int j = 0; j < width; ++j) out[j] = ::std::sqrt(out[j]);
    return start;
  }
};

// The distance to the k-th nearest, and how many are no farther.
template <class T>
struct KDistance {
  Distances<T> distances;
  Size first;          // global index of row 0
  Size k;
  T* nearest;          // (rows, k): scratch
  T* k_distance;
  Size* count;

  PRIEL_DEVICE void operator()(Size row) const {
    const Size x = first + row;
    T* best = nearest + row * k;
    Size held = 0, ties = 0;
    T d[Distances<T>::width];
    for (Size begin = 0; begin < distances.n; begin += Distances<T>::width) {
      const Size start = distances.block(x, begin, d);
      for (Size y = begin; y < begin + Distances<T>::width && y < distances.n; ++y) {
        const T value = d[y - start];
        if (y == x || !(value - value == T{})) continue;   // not finite: one of the two samples is left out
        if (held == k && !(value <= best[k - 1])) continue;
        if (held == k && value == best[k - 1]) { ++ties; continue; }
        if (held == k) {   // the last one is pushed out: is it still tied with the new last one?
          const T out = best[k - 1];
          insert(best, k - 1, value);
          ties = out == best[k - 1] ? ties + 1 : 0;
        } else insert(best, held++, value);
      }
    }
    k_distance[row] = held == k ? best[k - 1] : T(-1);
    count[row] = held == k ? k + ties : 0;
  }
  PRIEL_DEVICE static void insert(T* sorted, Size n, T value) {
    for (; n > 0 && sorted[n - 1] > value; --n) sorted[n] = sorted[n - 1];
    sorted[n] = value;
  }
};

// Writes the neighbourhoods, sorted.
template <class T>
struct Gather {
  Distances<T> distances;
  Size first, width;
  const T* k_distance;
  T infinity, undefined;
  Size* index;
  T* distance;

  PRIEL_DEVICE void operator()(Size row) const {
    const Size x = first + row;
    Size* ids = index + row * width;
    T* ds = distance + row * width;
    Size held = 0;
    const bool valid = k_distance[row] >= T{};
    T d[Distances<T>::width];
    for (Size begin = 0; valid && begin < distances.n; begin += Distances<T>::width) {
      const Size start = distances.block(x, begin, d);
      for (Size y = begin; y < begin + Distances<T>::width && y < distances.n; ++y) {
        const T value = d[y - start];
        if (y == x || !(value <= k_distance[row])) continue;
        Size at = held++;
        for (; at > 0 && ds[at - 1] > value; --at) {
          ds[at] = ds[at - 1];
          ids[at] = ids[at - 1];
        }
        ds[at] = value;
        ids[at] = y;
      }
    }
    for (; held < width; ++held) {
      ids[held] = x;
      ds[held] = valid ? infinity : undefined;
    }
  }
};

}  // namespace kernel

namespace detail {

// Samples without a value that is not finite.
template <Expression E>
Size valid_samples(const E& x) { return item(count_nonzero(all(isfinite(x), axis<1>))); }

inline void check_k(Size k, Size valid, Size n) {
  if (k < 1) throw InputError("k = " + std::to_string(k) + " is too small: a neighbourhood has at least 1 member");
  if (k > valid - 1)
    throw InputError("k = " + std::to_string(k) + " is too large: " + std::to_string(valid) + " valid samples of " + std::to_string(n) +
                     " allow at most k = " + std::to_string(valid > 0 ? valid - 1 : 0));
}

}  // namespace detail

namespace detail {

// What scores of samples have in common as functions (computed.hpp): x (n, d) -> (n), and what they send where x is S<0>: x, the
// width of the neighbourhoods, and `numbers` numbers of every sample.
template <class E>
struct SampleScores {
  using value_type = value_of<E>;
  using policy_type = stored_policy<policy_of<E>>;
  using backend_type = backend_or_default<backend_of<E>>;
  static constexpr int rank = 1;
  static constexpr bool gathers = !std::is_same_v<policy_type, Replicated>;
  static constexpr Collectives collectives = gathers ? Collective::all_gather | Collectives(Collective::all_reduce) : Collectives{};

  Shape<1> shape(const E& x) const { return {x.shape()[0]}; }

 protected:
  void plan_scores(Plan& plan, const E& x, Size k, Size numbers) const {
    const auto shape = x.shape();
    const Size n = shape[0], size = sizeof(value_type);
    const auto own = [&](int r) { return policy_type::part(Shape<1>{n}, plan.ranks(), r).size(); };
    plan.loop("neighbours of " + described(x), own(0) * n * shape[1], [&] {
      plan_stored<value_type, Replicated>(x, plan);
      plan.fused("k_distance");
    });
    plan.temporary("all samples, twice", [&](int) { return 2 * shape.size() * size; });
    plan.temporary("neighbours, at least", [&](int r) { return own(r) * k * (size + static_cast<Size>(sizeof(Size))); });
    if constexpr (gathers) {
      plan.message(Collective::all_reduce, "width of the neighbourhoods", [](int) { return static_cast<Size>(sizeof(Size)); });
      const std::string what = std::to_string(numbers) + (numbers == 1 ? " number" : " numbers") + " of each of " + std::to_string(n) + " samples";
      plan.message(Collective::all_gather, what, [&](int r) { return numbers * own(r) * size * (plan.ranks() - 1); });
    }
  }
};

}  // namespace detail

// x (n, d): floating samples by features, R or S<0>. Sends, where x is S<0>: x to every rank (memory O(n d)), and the width.
// Throws InputError if k is less than 1 or larger than the number of finite samples less one.
template <Expression E>
  requires(rank_of<E> == 2 && std::is_floating_point_v<value_of<E>>)
auto nearest_neighbours(const E& x, Size k) {
  using T = value_of<E>;
  using Policy = detail::stored_policy<policy_of<E>>;
  using Backend = detail::backend_or_default<backend_of<E>>;
  static_assert(std::is_same_v<Policy, Replicated> || std::is_same_v<Policy, Split<0>>,
                "nearest_neighbours needs whole samples on one rank: write redistribute(x, split<0>)");
  const Array<T, 2, Replicated, Backend> all_samples(redistribute(x, replicated));
  const Array<T, 2, Replicated, Backend> points(transpose(all_samples));
  const Comm comm = all_samples.comm();
  const Size n = all_samples.shape()[0], features = all_samples.shape()[1];
  detail::check_k(k, detail::valid_samples(all_samples), n);

  const Array<T, 1, Policy, Backend> by_rows(Shape<1>{n}, comm);
  const Block own{by_rows.part().lower[0], by_rows.part().extent[0]};
  const kernel::Distances<T> distances{points.local().data(), n, features};
  detail::Buffer<T, Backend> nearest(own.extent * k), k_distance(own.extent);
  detail::Buffer<Size, Backend> counts(own.extent);
  Backend::for_each(own.extent, kernel::KDistance<T>{distances, own.lower, k, nearest.data(), k_distance.data(), counts.data()});

  std::vector<Size> widths(static_cast<std::size_t>(own.extent) + 1, k);
  Backend::download(widths.data(), counts.data(), own.extent * static_cast<Size>(sizeof(Size)));
  Size width = *std::max_element(widths.begin(), widths.end());
  if constexpr (!std::is_same_v<Policy, Replicated>)
    comm->all_reduce(&width, 1, sizeof width, [](void* into, const void* from, Size) {
      *static_cast<Size*>(into) = std::max(*static_cast<Size*>(into), *static_cast<const Size*>(from));
    });

  Neighbours<T, Policy, Backend> result{Array<Size, 2, Policy, Backend>(Shape<2>{n, width}, comm), Array<T, 2, Policy, Backend>(Shape<2>{n, width}, comm)};
  const auto index = result.index.local_mut();
  const auto distance = result.distance.local_mut();
  Backend::for_each(own.extent, kernel::Gather<T>{distances, own.lower, width, k_distance.data(), std::numeric_limits<T>::infinity(),
                                                  std::numeric_limits<T>::quiet_NaN(), index.data(), distance.data()});
  return result;
}

}  // namespace priel
