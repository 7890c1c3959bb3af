// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LOF of one large set of normal numbers: mpirun -n 2 large_set [n [d [k [scores.f32]]]]. Prints a line of JSON: seconds on the clock and on
// the processors of all ranks, the largest rank's, peak memory and a hash of the scores. Where PRIEL_LARGE_SET names a file, the samples
// are written there as raw floats and nothing is measured. large_set.py compares.
#include <priel/priel.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "../usage.hpp"

namespace {

using namespace priel;

// A number of each rank, on all of them.
std::vector<double> everyones(double mine) {
  std::vector<double> all(static_cast<std::size_t>(world()->size()));
  world()->all_gather(&mine, all.data(), std::vector<Size>(all.size(), sizeof mine));
  return all;
}

template <class A>
void write(const char* path, const A& values) {
  const Array<float, rank_of<A>> everything(redistribute(values, replicated));
  if (world()->rank() == 0)
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(everything.local().data()), everything.shape().size() * 4);
}

// FNV-1a of the scores in their order, whoever holds them.
unsigned long long hash_of(const Array<float, 1, Split<0>>& scores) {
  const Array<float, 1> everything(redistribute(scores, replicated));
  unsigned long long hash = 14695981039346656037ULL;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(everything.local().data());
  for (Size i = 0; i < everything.shape().size() * 4; ++i) hash = (hash ^ bytes[i]) * 1099511628211ULL;
  return hash;
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const Size n = argc > 1 ? std::atoll(argv[1]) : 100'000, d = argc > 2 ? std::atoll(argv[2]) : 18;
  const int k = argc > 3 ? std::atoi(argv[3]) : 20;
  const Array<float, 2, Split<0>> x(random::normal<float>({n, d}, split<0>, 1));
  if (const char* path = std::getenv("PRIEL_LARGE_SET")) {
    write(path, x);
    return 0;
  }
  const double input = peak_mib(), busy = processor_seconds();
  world()->barrier();
  const auto start = std::chrono::steady_clock::now();
  const Array<float, 1, Split<0>> scores(lof(x, k));
  const auto clock = everyones(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  const auto processors = everyones(processor_seconds() - busy), memory = everyones(peak_mib() - input);
  const auto hash = hash_of(scores);
  if (argc > 4) write(argv[4], scores);
  if (env.rank() != 0) return 0;
  double all = 0;
  for (const double one : processors) all += one;
  const auto most = [](const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); };
  std::printf("{\"ranks\": %d, \"clock\": %.3f, \"processors\": %.3f, \"busiest\": %.3f, \"mib_over_input\": %.0f, \"hash\": \"%016llx\"}\n", env.size(),
              most(clock), all, most(processors), most(memory), hash);
  return 0;
}
