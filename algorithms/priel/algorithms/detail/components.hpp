// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What PCA and TruncatedSVD share: the directions of an array's samples, over all ranks, by the way that is fast and exact enough.
#pragma once

#include <priel/algorithms/detail/deviations.hpp>
#include <priel/algorithms/detail/gram.hpp>
#include <priel/algorithms/detail/samples.hpp>
#include <priel/create.hpp>
#include <priel/pending.hpp>

#include <algorithm>

namespace priel::detail {

// How many components of samples x: 0 stands for all. InputError for more.
inline Size components_of(const char* name, Size components, const Shape<2>& x, Size at_least) {
  check_samples(name, x, at_least);
  const Size most = std::min(x[0], x[1]);
  if (components < 0 || components > most)
    throw InputError(std::string(name) + ": components = " + std::to_string(components) + " is out of range: x " + to_string(x) + " has between 1 and " +
                     std::to_string(most) + ", 0 stands for all");
  return components == 0 ? most : components;
}

// Their directions and means. First by the Gram matrix of the deviations, in double, which costs half of a triangle and less: for floats, and where the
// last value is no less than a hundredth of the largest, so that it is right to 10^4 roundings. Otherwise by the triangle. Ranks decide alike.
struct Components {
  Directions directions;
  std::vector<double> means;
};
template <class A>
Components find_components(const A& samples, Size count, bool centred) {
  const Size n = samples.shape()[0], d = samples.shape()[1], rows = samples.lshape()[0];
  constexpr bool across = !std::is_same_v<policy_of<A>, Replicated>;
  if (n >= d) {
    GramSums sums(d);
    if constexpr (std::is_same_v<backend_of<A>, Host>) {
      if (rows > 0) sums.take(rows, samples.local().data(), d, std::vector<double>(static_cast<std::size_t>(rows)).data());   // no target
    } else if (rows > 0) take_blocks(sums, samples, zeros<double>({n}), 0);
    if constexpr (across) sums.reduce(*samples.comm());
    auto found = directions(sums, count, centred);
    const double first = found.values.front(), last = found.values.back();
    if (std::is_same_v<value_of<A>, float> || !(last < first / 100)) return {std::move(found), sums.means()};
  }
  const OnCpu<backend_of<A>, value_of<A>> shard(samples.local().data(), rows * d);
  Deviations deviations(d, n, across ? samples.comm()->size() : 1);
  deviations.add(rows, shard.data());
  if constexpr (across) deviations.reduce(*samples.comm());
  return {deviations.directions(count, centred), deviations.means()};
}

}  // namespace priel::detail
