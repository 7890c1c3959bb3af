// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The node kinds of the language as CUDA kernels: compiled and linked wherever nvcc is; runs where there is a GPU.
#include <priel/device.hpp>

#include <cstdio>

using namespace priel;

template <class T, int Rank, class Policy>
using OnDevice = Array<T, Rank, Policy, Device>;

int main(int argc, char** argv) {
  Environment env(argc, argv);
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::puts("no GPU here: compiled and linked only");
    return 0;
  }
  OnDevice<float, 3, Split<0>> images = full<float>({12, 16, 16}, 2) + sqrt(arange<float>(16));
  auto pixels = redistribute(nonzero(images(priel::all, 3, priel::all) > 5.8f) * 0 + 8, replicated);
  auto X = patches(10 * log10(maximum(images, 1e-6f)), pixels, 3);
  OnDevice<float, 2, Split<0>> scores = vmap(lof(2, 4), redistribute(X, split<0>));
  OnDevice<float, 2, Split<1>> turned(redistribute(scores, split<1>));
  const auto probability = loop(X(0, priel::all, priel::all) + 1e-3f * arange<float>(9), 3);
  const auto spread = mean(turned, axis<0>) + 3 * stddev(turned, axis<0>);
  OnDevice<float, 3, Split<0>> maps = scatter(full<float>({12, 16, 16}, priel::nan), pixels, scores);
  std::printf("%g %g %g\n", static_cast<double>(item(sum(spread))), static_cast<double>(item(max(probability))),
              static_cast<double>(item(count_nonzero(isnan(maps)))));
}
