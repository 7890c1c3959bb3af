// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Evidence that nothing is copied twice: while a statement runs, no allocation as large as a shard but the target's, and its time
// against its bytes at the bandwidth of a triad of the same run. Exits with 1 where an allocation is seen or the time is > 1.15 of that.
#include <priel/priel.hpp>

#include "allocations.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>

#include <immintrin.h>
#include <omp.h>

namespace {

using namespace priel;
using Matrix = Array<float, 2>;

constexpr Size n = 8192;
constexpr double floats = 4.0 * n * n;   // bytes of one operand

// y = a + 2 b with streaming stores: what memory gives to three streams.
void triad(int threads, const float* a, const float* b, float* y) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (Size i = 0; i < n * n; i += 16)
    for (Size j = i; j < i + 16; j += 4) _mm_stream_ps(y + j, _mm_add_ps(_mm_load_ps(a + j), _mm_mul_ps(_mm_set1_ps(2), _mm_load_ps(b + j))));
  _mm_sfence();
}

struct Statement {
  const char* text;
  double bytes;              // every operand read once, for each pass that the statement needs, and the target written once
  bool allocates;            // a target that was not there before
  std::function<void()> run;
  std::vector<double> seconds = {};
  Size large_allocations = 0;
};

// Of the processor for one thread, which others on the machine do not disturb as much; else of the clock.
double now(int threads) {
  timespec t;
  clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Holds what the library keeps of freed memory: a statement that wants a shard now has to ask the system, and is seen.
std::vector<Matrix> drained() {
  std::vector<Matrix> held;
  do {
    allocations::start(static_cast<std::size_t>(floats));
    held.emplace_back(Shape<2>{n, n});
  } while (allocations::stop() == 0);
  return held;
}

// Whether all statements pass.
bool measure(int threads, int rounds, std::vector<Statement> all) {
  omp_set_num_threads(threads);
  for (int round = -1; round < rounds; ++round)
    for (Statement& statement : all) {
      const auto held = round < 0 ? drained() : std::vector<Matrix>();
      allocations::start(static_cast<std::size_t>(floats / 4));
      const double start = now(threads);
      statement.run();
      const double seconds = now(threads) - start;
      const Size large = allocations::stop();
      statement.large_allocations = std::max(statement.large_allocations, large);
      if (round >= 0) statement.seconds.push_back(seconds);   // the first round touches memory for the first time
    }
  const double bandwidth = all[0].bytes / median(all[0].seconds);
  std::printf("\n%d thread%s, triad %.1f GB/s\n", threads, threads == 1 ? "" : "s", bandwidth / 1e9);
  bool passed = true;
  for (const Statement& statement : all) {
    const double ratio = median(statement.seconds) / (statement.bytes / bandwidth);
    const bool fits = ratio <= 1.15 && statement.large_allocations <= (statement.allocates ? 1 : 0);
    passed = passed && fits;
    std::printf("%-4s %-52s time / (bytes / triad) %.2f, allocations of a quarter shard or more: %lld%s\n", fits ? "pass" : "MISS", statement.text,
                ratio, static_cast<long long>(statement.large_allocations), statement.allocates ? " (the target's)" : "");
  }
  return passed;
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 11;
  const auto uniform = [](const Shape<2>& shape, std::uint64_t seed) { return Matrix(random::uniform<float>(shape, seed)); };
  const Matrix a = uniform({n, n}, 1), b = uniform({n, n}, 2), c = uniform({n, n}, 3);
  const Matrix column = uniform({n, 1}, 4);
  const Array<float, 1> row = Array<float, 1>(random::uniform<float>(Shape<1>{n}, 5));
  Matrix y({n, n});
  Array<bool, 2> mask({n, n});
  bool passed = true;
  for (const int threads : {1, 2}) {
    passed &= measure(threads, rounds, {
      {"triad", 3 * floats, false, [&] { triad(threads, a.local().data(), b.local().data(), y.local_mut().data()); }},
      {"y = a + 2 * b", 3 * floats, false, [&] { y = a + 2 * b; }},
      {"y = sqrt(a * a + b * b) * 0.5f + c", 4 * floats, false, [&] { y = sqrt(a * a + b * b) * 0.5f + c; }},
      {"y = y + a, in place", 3 * floats, false, [&] { y = y + a; }},
      {"Matrix z = a + b", 3 * floats, true, [&] { Matrix z = a + b; }},
      {"y = (a - row) * column", 2 * floats, false, [&] { y = (a - row) * column; }},
      {"mask = a > b", 2.25 * floats, false, [&] { mask = a > b; }},
      {"y = where(a > b, a, c)", 4 * floats, false, [&] { y = where(a > b, a, c); }},
      {"y = (a - mean(a, axis<0>)) / stddev(a, axis<0>)", 3 * floats, false, [&] { y = (a - mean(a, axis<0>)) / stddev(a, axis<0>); }},
    });
  }
  return passed ? 0 : 1;
}
