// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Statements on a GPU beside the card's own copy, in bytes per second: medians of interleaved runs, with quartiles.
#include <priel/device.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace priel;
template <int Rank>
using Floats = Array<float, Rank, Replicated, Device>;

struct Work {
  std::string name;
  double bytes;   // read and written
  std::function<void()> run;
  std::vector<double> rates = {};   // GB/s

  double quantile(double q) const { return rates[static_cast<std::size_t>(q * static_cast<double>(rates.size() - 1) + 0.5)]; }
};

void time_once(Work& work) {
  cudaDeviceSynchronize();
  const auto start = std::chrono::steady_clock::now();
  work.run();
  cudaDeviceSynchronize();
  work.rates.push_back(work.bytes / std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
}

void measure(std::vector<Work>& works) {
  constexpr int warm = 2, rounds = 21;
  for (int round = 0; round < warm + rounds; ++round)
    for (Work& work : works) {
      if (round == warm) work.rates.clear();
      time_once(work);
    }
  for (Work& work : works) std::sort(work.rates.begin(), work.rates.end());
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  constexpr Size n = Size{1} << 26, side = Size{1} << 13;
  constexpr double array = 4.0 * static_cast<double>(n);
  const Floats<1> a = sin(arange<float>(n)), b = 2 * a, c = a + b;
  Floats<1> y = c + 1, copied = c + 1;
  const auto target = copied.local_mut();
  const Floats<2> x = reshape(a, {side, side}), column = x(priel::all, range(0, 1));
  Floats<2> z = x + 1;
  const Floats<2> narrow = reshape(a(range(0, n / 3 * 3)), {n / 3, 3});
  const Floats<1> three = a(range(0, 3));
  Floats<2> w = narrow + 1;

  std::vector<Work> works = {
      {"cudaMemcpy, device to device", 2 * array, [&] { cudaMemcpyAsync(target.data(), a.local().data(), n * sizeof(float), cudaMemcpyDeviceToDevice); }},
      {"y = sqrt(a*a + b*b)*0.5f + c", 4 * array, [&] { y = sqrt(a * a + b * b) * 0.5f + c; }},
      {"y = 2 * a", 2 * array, [&] { y = 2 * a; }},
      {"(8192,8192) - column", 2 * array, [&] { z = x - column; }},
      {"(22M,3) - (3)", 2 * array, [&] { w = narrow - three; }},
      {"x + transpose(x)", 3 * array, [&] { z = x + transpose(x); }},
      {"sum", array, [&] { item(sum(x)); }},
      {"mean and std", array, [&] { item(mean(x) + stddev(x)); }},
      {"mean and std, axis 0", array, [&] { eval(mean(x, axis<0>) + stddev(x, axis<0>)); }},
      {"mean and std, axis 1", array, [&] { eval(mean(x, axis<1>) + stddev(x, axis<1>)); }},
      {"mean of (22M,3), axis 0", array, [&] { eval(mean(narrow, axis<0>)); }},
  };
  measure(works);
  const double copy = works.front().quantile(0.5);
  std::printf("%-30s %10s %21s %8s\n", "64 Mi floats", "GB/s", "quartiles", "of copy");
  for (const Work& work : works)
    std::printf("%-30s %10.0f %10.0f %10.0f %8.2f\n", work.name.c_str(), work.quantile(0.5), work.quantile(0.25), work.quantile(0.75), work.quantile(0.5) / copy);
  const double reached = works[1].quantile(0.5) / copy;
  std::printf("the fused expression: %.2f of the card's copy rate; target 0.85: %s\n", reached, reached >= 0.85 ? "reached" : "MISSED");
}
