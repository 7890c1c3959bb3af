// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What the programs of this folder share: rows of the table, and threads for the hand-written rivals.
#pragma once

#include <priel/priel.hpp>

#include <benchmark/benchmark.h>
#include <omp.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace rivals {

using priel::Size;

inline constexpr Size Ki = 1024, Mi = Ki * Ki;

// One row: WORK/CASE/threads/WHO, where `work` names the first two. `bytes`: what the statement must read and write.
template <class Statement>
void row(const std::string& work, int threads, const std::string& who, double bytes, Statement statement) {
  const std::string name = work + "/" + std::to_string(threads) + "/" + who;
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    omp_set_num_threads(threads);
    for (auto _ : state) {
      statement();
      benchmark::ClobberMemory();
    }
    if (bytes > 0) state.counters["GB/s"] = benchmark::Counter(bytes / 1e9, benchmark::Counter::kIsIterationInvariantRate);
  })->UseRealTime();
}

// work(begin, end) over pieces of 0..n, one a thread; a plain call for one thread.
template <class Work>
void pieces(int threads, Size n, const Work& work) {
  if (threads == 1) return work(Size{0}, n);
#pragma omp parallel num_threads(threads)
  {
    const Size t = omp_get_thread_num();
    work(n * t / threads / 16 * 16, t + 1 == threads ? n : n * (t + 1) / threads / 16 * 16);
  }
}

// Values in 0..1 (of an integer type: 0..100), different for each seed.
template <class T, int Rank>
priel::Array<T, Rank> filled(const priel::Shape<Rank>& shape, std::uint64_t seed) {
  constexpr double scale = std::is_integral_v<T> ? 100 : 1;
  return priel::Array<T, Rank>(priel::astype<T>(priel::random::uniform<float>(shape, seed) * scale));
}

// The memory of an array that rivals write to or read: the same for all of them.
template <class T, int Rank>
T* memory(priel::Array<T, Rank>& x) { return x.local_mut().data(); }
template <class T, int Rank>
const T* memory(const priel::Array<T, Rank>& x) { return x.local().data(); }

// Ends the program where a rival computes something else: `y` as priel left it and after `rival` wrote to it.
template <class T, int Rank, class Rival>
void agree(const std::string& work, const priel::Array<T, Rank>& y, Rival rival) {
  const priel::Array<double, Rank> ours(priel::astype<double>(y));
  rival();
  if (priel::item(priel::all(priel::abs(priel::astype<double>(y) - ours) <= 1e-4 * (1 + priel::abs(ours))))) return;
  std::fprintf(stderr, "%s: priel and a rival disagree\n", work.c_str());
  std::exit(1);
}

inline int run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace rivals
