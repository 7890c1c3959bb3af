// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// matmul beside Eigen and OpenBLAS, from small squares to thin products.
#include "rivals.hpp"

#include <Eigen/Dense>
#include <cblas.h>

namespace {

using namespace priel;
using Matrix = Array<float, 2>;

// (m, k) times (k, n).
void rows(int m, int k, int n) {
  const auto a = rivals::filled<float>(Shape<2>{m, k}, 1), b = rivals::filled<float>(Shape<2>{k, n}, 2);
  const auto y = std::make_shared<Matrix>(Shape<2>{m, n});
  const float *left = rivals::memory(a), *right = rivals::memory(b);
  const std::string work = "products/" + std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n);
  for (const int threads : {1, 2}) {
    const auto rival = [&](const char* who, auto statement) {
      *y = matmul(a, b);
      rivals::agree(work, *y, statement);
      rivals::row(work, threads, who, 0, statement);
    };
    rivals::row(work, threads, "priel", 0, [=] { *y = matmul(a, b); });
    rival("Eigen", [=] {
      using Map = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
      Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(rivals::memory(*y), m, n).noalias() =
          Map(left, m, k) * Map(right, k, n);
    });
    rival("OpenBLAS", [=] {
      openblas_set_num_threads(threads);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.f, left, k, right, n, 0.f, rivals::memory(*y), n);
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  for (const int n : {100, 256, 1024, 2048}) rows(n, n, n);
  rows(1000, 16, 1000);
  rows(100'000, 18, 18);
  return rivals::run(argc, argv);
}
