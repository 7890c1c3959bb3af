// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// LOF and LoOP of many series on the Device backend, in series per second, as rows of lof/series_torch.py's table: device_series [SERIES [ROUNDS]].
// A C++ compiler builds it for Thrust's OpenMP system, nvcc -x cu for CUDA: the same program.
#include <priel/device.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace {

using namespace priel;
using Stack = Array<float, 3, Replicated, Device>;

struct Workload {
  const char* name;
  Size samples, features;
  int first, last;
};
constexpr Workload workloads[] = {{"W1", 363, 49, 20, 60}, {"W2", 300, 20, 10, 30}};

// Backscatter in dB with 4.4 looks; 64 series, again and again.
Stack speckle(Size series, const Workload& w) {
  std::mt19937_64 random(1);
  std::gamma_distribution<double> gamma(4.4, 1 / 4.4);
  constexpr Size different = 64;
  const Size slice = w.samples * w.features;
  std::vector<float> values(static_cast<std::size_t>(different * slice));
  for (float& value : values) value = static_cast<float>(10 * std::log10(std::max(gamma(random), 1e-6)) - 15);
  Stack stack(Shape<3>{series, w.samples, w.features});
  const auto lease = stack.local_mut();
  for (Size begin = 0; begin < series; begin += different)
    Device::upload(lease.data() + begin * slice, values.data(), std::min(different, series - begin) * slice * static_cast<Size>(sizeof(float)));
  return stack;
}

template <class Kernel>
double series_per_second(const Kernel& kernel, const Stack& stack) {
  const auto start = std::chrono::steady_clock::now();
  const Array<float, 2, Replicated, Device> scores = vmap(kernel, stack);
  float last = 0;   // on a GPU, there when all is done
  Device::download(&last, scores.local().data() + scores.size() - 1, sizeof last);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return static_cast<double>(stack.shape()[0]) / taken.count();
}

void print_row(const Workload& w, const char* method, Size series, std::vector<double> rates) {
  std::sort(rates.begin(), rates.end());
  const auto quartile = [&](std::size_t i) { return rates[(rates.size() - 1) * i / 4]; };
  std::printf("| %s | %s | priel, Device on %s | %.4g (%.4g–%.4g) | %zu rounds of %d |\n", w.name, method, Device::on_cuda ? "CUDA" : "OpenMP",
              quartile(2), quartile(1), quartile(3), rates.size(), static_cast<int>(series));
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  const Size series = argc > 1 ? std::atoi(argv[1]) : Device::on_cuda ? 4096 : 64;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 11;
  for (const Workload& w : workloads) {
    const Stack stack = speckle(series, w);
    std::vector<double> factors, probabilities;
    for (int round = -1; round < rounds; ++round) {   // the first warms up
      const double factor = series_per_second(lof(w.first, w.last), stack), probability = series_per_second(loop(w.first, w.last), stack);
      if (round < 0) continue;
      factors.push_back(factor);
      probabilities.push_back(probability);
    }
    print_row(w, "LOF", series, factors);
    print_row(w, "LoOP", series, probabilities);
  }
}
