// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node kinds of the language as CUDA kernels: compiled and linked wherever nvcc is; runs where there is a GPU.
#include <priel/device.hpp>

#include <cmath>
#include <cstdio>

using namespace priel;

// The pipeline of a coast, as three numbers.
template <class Backend>
void run(double (&results)[3]) {
  Array<float, 3, Split<0>, Backend> images = full<float>({12, 16, 16}, 2) + sqrt(arange<float>(16));
  auto pixels = redistribute(nonzero(images(priel::all, 3, priel::all) > 5.8f) * 0 + 8, replicated);
  auto X = patches(10 * log10(maximum(images, 1e-6f)), pixels, 3);
  Array<float, 2, Split<0>, Backend> scores = vmap(lof(2, 4), redistribute(X, split<0>));
  Array<float, 2, Split<1>, Backend> turned(redistribute(scores, split<1>));
  const auto probability = loop(X(0, priel::all, priel::all) + 1e-3f * arange<float>(9), 3);
  const auto spread = mean(turned, axis<0>) + 3 * stddev(turned, axis<0>);
  Array<float, 3, Split<0>, Backend> maps = scatter(full<float>({12, 16, 16}, priel::nan), pixels, scores);
  results[0] = item(sum(spread));
  results[1] = item(max(probability));
  results[2] = static_cast<double>(item(count_nonzero(isnan(maps))));
}

int main(int argc, char** argv) {
  Environment env(argc, argv);
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::puts("no GPU here: compiled and linked only");
    return 77;   // skipped
  }
  double device[3], expected[3];
  run<Device>(device);
  run<Reference>(expected);
  int wrong = 0;
  for (int i = 0; i < 3; ++i) {
    std::printf("%g, on Reference %g\n", device[i], expected[i]);
    wrong += std::abs(device[i] - expected[i]) <= 1e-4 * (1 + std::abs(expected[i])) ? 0 : 1;
  }
  return wrong;
}
