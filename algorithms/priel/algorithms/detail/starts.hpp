// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The centroids that k-means begins with: samples drawn by k-means++, or at random; the same for every number of ranks.
#pragma once

#include <priel/algorithms/detail/clusters.hpp>
#include <priel/algorithms/random_choice.hpp>
#include <priel/functions.hpp>

#include <cmath>

namespace priel {

enum class Start { plus_plus, random };

namespace kernel {

// When a sample's clock strikes; index -1: none does.
struct Strike {
  double time;
  Size index;
};
PRIEL_DEVICE constexpr bool is_earlier(const Strike& a, const Strike& b) {
  return a.index >= 0 && (b.index < 0 || a.time < b.time || (a.time == b.time && a.index < b.index));
}

// The first of each part of n clocks, which run at the rates of the weights; those of weight 0 never strike.
template <class T>
struct FirstStrikes {
  Size n, first, parts;   // first: the global index
  const T* weight;
  random::detail::Draw<1> draw;
  double never;
  Strike* found;

  PRIEL_DEVICE void operator()(Size part) const {
    Strike best{never, -1};
    random::Bits bits{};
    Size drawn = -1;   // random bits are for two samples
    const Size end = n * (part + 1) / parts;
    for (Size i = n * part / parts; i < end; ++i) {
      const Size sample = first + i;
      if (sample / 2 != drawn) bits = draw({{drawn = sample / 2}}, random::detail::Stream::exponential);
      const double u = (static_cast<double>(bits.wide(static_cast<int>(sample % 2)) >> 12) + 0.5) * 0x1p-52, rate = static_cast<double>(weight[i]);
      if (!(1 - u < best.time * rate)) continue;   // the logarithm is larger
      const Strike strike{-::std::log(u) / rate, sample};
      if (is_earlier(strike, best)) best = strike;
    }
    found[part] = best;
  }
};

}  // namespace kernel

namespace detail {

// Draws of one seed are independent of each other: the seeds are far apart.
constexpr std::uint64_t seed_of_draw(std::uint64_t seed, Size draw) { return seed + 0x9E3779B97F4A7C15u * static_cast<std::uint64_t>(draw + 1); }

// A sample drawn with a probability in proportion to its weight, which is finite: its global index; 0 if all weights are. One Allreduce of 16 bytes,
// where the weights are S<0>.
template <class T, class Policy, class Backend>
Size drawn_by_weight(const Array<T, 1, Policy, Backend>& weight, std::uint64_t seed) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const Size n = weight.lshape()[0], parts = std::clamp<Size>(n / 1024, 1, 256);
  Buffer<kernel::Strike, Backend> found(parts);
  Backend::for_each(parts, kernel::FirstStrikes<T>{n, weight.part().lower[0], parts, weight.local().data(), random::detail::draw(weight.shape(), seed),
                                                   never, found.data()});
  std::vector<kernel::Strike> strikes(static_cast<std::size_t>(parts));
  Backend::download(strikes.data(), found.data(), parts * static_cast<Size>(sizeof(kernel::Strike)));
  kernel::Strike first{never, -1};
  for (const kernel::Strike& strike : strikes)
    if (kernel::is_earlier(strike, first)) first = strike;
  if constexpr (!std::is_same_v<Policy, Replicated>)
    weight.comm()->all_reduce(&first, 1, sizeof first, [](void* into, const void* from, Size count) {
      for (Size i = 0; i < count; ++i)
        if (const kernel::Strike& other = static_cast<const kernel::Strike*>(from)[i]; kernel::is_earlier(other, static_cast<kernel::Strike*>(into)[i]))
          static_cast<kernel::Strike*>(into)[i] = other;
    });
  return std::max<Size>(first.index, 0);
}

// Each centroid is a sample, drawn with a probability in proportion to the squared distance from those drawn before (Arthur and Vassilvitskii
// 2007, "k-means++: the advantages of careful seeding", section 2.2), the first one uniformly. Drawn by exponential clocks: of all samples the
// one whose clock, which runs at the rate of its weight, strikes first (Efraimidis and Spirakis 2006, "Weighted random sampling with a
// reservoir", algorithm A), so that no sum over the ranks decides.
template <class T, class Policy, class Backend>
Array<T, 2, Replicated, Backend> plus_plus(const Array<T, 2, Policy, Backend>& x, Size clusters, std::uint64_t seed) {
  const Size n = x.shape()[0], d = x.shape()[1];
  Array<T, 2, Replicated, Backend> centroids(Shape<2>{clusters, d}, x.comm());
  Array<T, 1, Policy, Backend> weight(Shape<1>{n}, x.comm()), distance(Shape<1>{n}, x.comm());
  Array<Size, 1, Policy, Backend> labels = no_labels(x);
  weight = full<T>({n}, T{1});
  for (Size j = 0; j < clusters; ++j) {
    const Array<T, 1, Replicated, Backend> drawn(x(drawn_by_weight(weight, seed_of_draw(seed, j)), all));
    centroids(j, all) = drawn;
    if (j + 1 == clusters) break;
    assign_samples_of<Backend, T>(x.lshape()[0], d, 1, x.local().data(), drawn.local().data(), labels.local_mut().data(), distance.local_mut().data(), nullptr);
    if (j == 0) weight = distance;
    else weight = minimum(weight, distance);
  }
  return centroids;
}

// Centroids that the caller has: ShapeError or InputError where they cannot be.
template <class T, class Policy, class Backend, Expression C>
Array<T, 2, Replicated, Backend> given_start(const char* name, Size clusters, const Array<T, 2, Policy, Backend>& x, const C& centroids) {
  const Shape<2> needed{clusters, x.shape()[1]};
  if (!(centroids.shape() == needed))
    throw ShapeError(std::string(name) + ": the start has shape " + to_string(centroids.shape()) + ", " + to_string(needed) + " is needed");
  const Array<T, 2, Replicated, Backend> start(astype<T>(centroids));
  if (!item(all(isfinite(start)))) refuse_not_finite(name, "the start", start);
  return start;
}

// Different samples, all equally probable.
template <class T, class Policy, class Backend>
Array<T, 2, Replicated, Backend> random_start(const Array<T, 2, Policy, Backend>& x, Size clusters, std::uint64_t seed) {
  return Array<T, 2, Replicated, Backend>(random::choice(x, {clusters}, random::without_replacement, seed));
}

}  // namespace detail
}  // namespace priel
