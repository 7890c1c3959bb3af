// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sorting a split array beside one std::sort of the same numbers: mpirun -n 2 sort_ratio [numbers]; medians of 11 interleaved runs.
#include <priel/priel.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace priel;

// The slowest rank's seconds.
template <class F>
double seconds(F&& f) {
  world()->barrier();
  const auto start = std::chrono::steady_clock::now();
  f();
  double mine = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  world()->all_reduce(&mine, 1, sizeof(mine), [](void* into, const void* from, std::int64_t) {
    double& most = *static_cast<double*>(into);
    most = std::max(most, *static_cast<const double*>(from));
  });
  return mine;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const Size n = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const Array<float, 1, Split<0>> x(random::normal<float>({n}, split<0>, 1));
  const Array<float, 1> everywhere(redistribute(x, replicated));
  const std::vector<float> numbers(everywhere.local().begin(), everywhere.local().end());
  std::vector<double> ours, standard;
  for (int run = 0; run < 11; ++run) {
    ours.push_back(seconds([&] { eval(sort(x, axis<0>)); }));
    auto copy = numbers;
    standard.push_back(seconds([&] { if (env.rank() == 0) std::sort(copy.begin(), copy.end()); }));
  }
  if (env.rank() == 0)
    std::printf("%lld floats on %d ranks: sort %.1f ms, one std::sort %.1f ms, ratio %.2f\n", static_cast<long long>(n), env.size(),
                1e3 * median(ours), 1e3 * median(standard), median(ours) / median(standard));
  return 0;
}
