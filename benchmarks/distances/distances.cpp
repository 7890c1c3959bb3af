// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Distances of n samples of d features among themselves, in float: mpirun -n 2 distances WHAT [n [d [rounds]]], WHAT one of cdist, squared,
// manhattan, rbf, callable, pdist, ring, nearest, radius. Prints a line of JSON: seconds on the clock and on the processor of the busiest rank, the
// fewest of some calls whose result lies in fresh pages and of some whose result lies where the one before did; peak memory over what was held
// before, and the result's, of all ranks; a sum of some of the result. Where PRIEL_SAMPLES names a file, the samples are written there as raw
// floats and nothing is measured. distances.py compares.
#include <priel/algorithms/pdist.hpp>
#include <priel/algorithms/radius_neighbours.hpp>
#include <priel/priel.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "../usage.hpp"

namespace {

using namespace priel;

double over_ranks(double mine, bool sum) {
  std::vector<double> all(static_cast<std::size_t>(world()->size()));
  world()->all_gather(&mine, all.data(), std::vector<Size>(all.size(), sizeof mine));
  double result = 0;
  for (const double one : all) result = sum ? result + one : std::max(result, one);
  return result;
}

template <class F>
void measure(int rounds, F&& distances) {
  const double before = peak_mib();
  double clock[] = {1e9, 1e9}, processor[] = {1e9, 1e9}, some = 0, mib = 0;
  limit_recycling(Size{64} << 30);
  for (int round = 0; round <= 2 * rounds; ++round) {   // the first one warms up
    const bool fresh = round <= rounds;
    if (fresh) release_memory();
    world()->barrier();
    const double used = processor_seconds();
    const auto start = std::chrono::steady_clock::now();
    const auto [numbers, check] = distances();
    const double seconds = over_ranks(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), false);
    const double busiest = over_ranks(processor_seconds() - used, false);
    if (round > 0) {
      clock[!fresh] = std::min(clock[!fresh], seconds);
      processor[!fresh] = std::min(processor[!fresh], busiest);
    }
    some = check, mib = static_cast<double>(numbers) / (1 << 18);
  }
  const double peak = over_ranks(peak_mib() - before, true), result = over_ranks(mib, true), sum = over_ranks(some, true);
  if (world()->rank() == 0)
    std::printf("{\"ranks\": %d, \"clock\": [%.4f, %.4f], \"busiest\": [%.4f, %.4f], \"peak_mib\": %.1f, \"result_mib\": %.1f, \"sum\": %.9g}\n", world()->size(),
                clock[0], clock[1], processor[0], processor[1], peak, result, sum);
}

// The distances as such: how many this rank has, and something that needs them.
template <class Node>
auto written(const Node& node) {
  const auto array = eval(node);
  const auto* const values = array.local().data();
  const Size count = array.lshape().size();
  double some = 0;
  for (Size i = 0; i < count; i += 4099) some += static_cast<double>(values[i]);
  return std::pair(count, some);
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const std::string_view what = argc > 1 ? argv[1] : "cdist";
  const Size n = argc > 2 ? std::atoll(argv[2]) : 20'000, d = argc > 3 ? std::atoll(argv[3]) : 18;
  const int rounds = argc > 4 ? std::atoi(argv[4]) : 3;
  const Array<float, 2, Split<0>> mine(random::normal<float>({n, d}, split<0>, 1));
  const Array<float, 2> x(redistribute(mine, replicated));
  if (const char* path = std::getenv("PRIEL_SAMPLES")) {
    if (world()->rank() == 0) std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(x.local().data()), n * d * 4);
    return 0;
  }
  const auto time = [&](auto&& node) { measure(rounds, [&] { return written(node()); }); };
  if (what == "cdist") time([&] { return cdist(mine, x); });
  else if (what == "squared") time([&] { return cdist(mine, x, metric::squared_euclidean); });
  else if (what == "manhattan") time([&] { return cdist(mine, x, metric::manhattan); });
  else if (what == "rbf") time([&] { return cdist(mine, x, metric::rbf(2)); });
  else if (what == "callable")
    time([&] {
      return cdist(mine, x, [](auto a, auto b) {
        float sum = 0;
        for (Size f = 0; f < a.size(); ++f) sum += (a[f] - b[f]) * (a[f] - b[f]);
        return std::sqrt(sum);
      });
    });
  else if (what == "pdist") time([&] { return pdist(mine); });
  else if (what == "ring") time([&] { return cdist_ring(mine, mine); });
  else if (what == "nearest")
    measure(rounds, [&] {
      const auto near = nearest_neighbours(mine, mine, 5);
      return std::pair(3 * near.index.lshape().size(), static_cast<double>(near.index.local().data()[0]));
    });
  else if (what == "radius")
    measure(rounds, [&] {
      const auto near = radius_neighbours(mine, d > 8 ? 3.0 : 0.1);
      return std::pair(3 * static_cast<Size>(near.index.size()), static_cast<double>(near.index.size()));
    });
  else {
    std::fprintf(stderr, "distances: no %s\n", argv[1]);
    return 2;
  }
}
