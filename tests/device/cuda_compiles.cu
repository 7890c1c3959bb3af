// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Device backend on CUDA: compiled and linked wherever nvcc is; where there is a GPU, compared with Reference.
#include <tests/device/cuda_check.hpp>

#include <cuda_runtime.h>

using namespace priel;

namespace {

struct Pointwise {
  template <class Backend>
  void operator()(test::Found& found) const {
    const Array<float, 2, Replicated, Backend> x = full<float>({300, 70}, 0.5f) + arange<float>(70);
    Array<float, 2, Replicated, Backend> y = sqrt(x * x + 1.0f) * 0.5f + x(0, priel::all);
    found << y << where(y > 20, exp(-x), log(x + 1)) << transpose(y) + x(0, 0) << y(range(std::nullopt, std::nullopt, -3), range(5, 60));
    y(priel::all, 3) = 2.0f;
    y += x - x(priel::all, range(0, 1));
    found << y << concatenate(axis<1>, x, y) << reshape(y, {700, 30});
  }
};

struct Reductions {
  template <class Backend>
  void operator()(test::Found& found) const {
    const Array<float, 1, Replicated, Backend> slow = arange<float>(50);
    const Array<float, 3, Replicated, Backend> x = sin(full<float>({37, 50, 90}, 1) * arange<float>(90) + slow(priel::all, newaxis));
    found << mean(x) + 3 * stddev(x) << mean(x, axis<0>) + 3 * stddev(x, axis<0>) << max(x, axis<2>) << sum(astype<int>(x * 100), axis<0, 2>);
  }
};

// On three ranks of this process.
struct Redistributions {
  template <class Backend>
  void operator()(test::Found& found) const {
    simulate(3, [&] {
      const Array<float, 2, Split<0>, Backend> x = full<float>({31, 20}, 1) + arange<float>(20);
      const auto columns = redistribute(x * 2, split<1>);
      const Array<float, 2, Split<0>, Backend> back(redistribute(columns + 1, split<0>));
      const auto spread = mean(back, axis<0>) + stddev(columns, axis<0>);
      const Array<float, 2, Replicated, Backend> everywhere(back - x);
      const Array<float, 1, Replicated, Backend> total(spread + sum(everywhere, axis<0>));
      if (world()->rank() == 0) found << everywhere << total;
    });
  }
};

template <class T, class Backend>
Array<T, 2, Replicated, Backend> matrix(Size m, Size n) {
  const Array<float, 2, Replicated, Backend> x = sin(full<float>({m, n}, 1) * arange<float>(n) + expand_dims<1>(Array<float, 1, Replicated, Backend>(arange<float>(m))));
  return astype<T>(x);
}

struct Products {
  template <class Backend>
  void operator()(test::Found& found) const {
    const auto a = matrix<float, Backend>(70, 33), b = matrix<float, Backend>(33, 50);
    const auto c = matrix<double, Backend>(40, 40);
    found << matmul(a, b) << matmul(a, b(priel::all, 0)) << matmul(transpose(a), a) << matmul(c, c) << cdist(a, a);
    const Array<std::complex<float>, 2, Replicated, Backend> z = astype<std::complex<float>>(a) * std::complex<float>(1, 2);
    found << matmul(z, astype<std::complex<float>>(b));
    const Array<int, 2, Replicated, Backend> n = astype<int>(a * 10);
    found << matmul(n, transpose(n));
    found << matmul(reshape(c, {4, 10, 40}), c) << matmul(reshape(c, {4, 10, 40}), reshape(c, {4, 40, 10}));
  }
};

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::puts("no GPU here: compiled and linked only");
    return 77;   // skipped
  }
  using namespace priel::test;
  return differs("point-wise", Pointwise{}) + differs("reductions", Reductions{}) + differs("redistributions", Redistributions{}) +
         differs("products", Products{}) + algorithms();
}
