// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Sorting, selecting, scanning, counting, random numbers, and the pipeline of a coast on CUDA.
#include <tests/device/cuda_check.hpp>

using namespace priel;

namespace {

struct Order {
  template <class Backend>
  void operator()(test::Found& found) const {
    const Array<float, 2, Replicated, Backend> x = sin(full<float>({23, 400}, 1) * arange<float>(400) * 7.0f);
    found << sort(x, axis<1>) << argsort(x, axis<0>) << percentile(x, 90, axis<1>) << topk(x, 5, axis<1>) << argmax(x, axis<1>);
  }
};

struct Selection {
  template <class Backend>
  void operator()(test::Found& found) const {
    const Array<float, 1, Replicated, Backend> x = sin(arange<float>(5000));
    const Array<int, 1, Replicated, Backend> n = astype<int>(x * 10);
    found << x(x > 0.5f) << cumsum(x) << unique(n) << bincount(n + 10, 21);
  }
};

struct Random {
  template <class Backend>
  void operator()(test::Found& found) const {
    const Array<float, 2, Replicated, Backend> x = random::normal<float>({40, 50}, 7);
    const Array<float, 1, Replicated, Backend> waits = random::exponential<float>(2, {1000}, 1);
    const Array<Size, 1, Replicated, Backend> order = random::permutation(1000, 3);
    found << x << waits << order;
  }
};

// Patches, LOF and LoOP of series, maps.
struct Series {
  template <class Backend>
  void operator()(test::Found& found) const {
    Array<float, 3, Split<0>, Backend> images = full<float>({30, 16, 16}, 2) + sqrt(arange<float>(16)) + 0.1f * random::uniform<float>({30, 16, 16}, 1);
    const auto pixels = redistribute(nonzero(images(priel::all, 3, priel::all) > 5.8f) * 0 + 8, replicated);
    const auto X = patches(10 * log10(maximum(images, 1e-6f)), pixels, 3);
    const Array<float, 2, Split<0>, Backend> scores = vmap(lof(2, 6), redistribute(X, split<0>));
    const Array<float, 2, Split<0>, Backend> probabilities = vmap(loop(2, 6), redistribute(X, split<0>));
    const Array<float, 3, Split<0>, Backend> maps = scatter(full<float>({30, 16, 16}, priel::nan), pixels, scores);
    found << scores << probabilities << maps;
  }
};

}  // namespace

int test::algorithms() {
  return differs("order", Order{}) + differs("selection", Selection{}) + differs("random", Random{}) + differs("series", Series{});
}
