// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The fused statement on the Device backend with Thrust's OpenMP system, beside a plain OpenMP loop on the same memory.
#include "rivals.hpp"

#include <priel/device.hpp>

#include <cmath>

namespace {

using namespace priel;
using OnDevice = Array<float, 1, Replicated, Device>;

void loop(const float* __restrict a, const float* __restrict b, const float* __restrict c, float* __restrict y, Size n) {
#pragma omp parallel for schedule(static)
  for (Size i = 0; i < n; ++i) y[i] = std::sqrt(a[i] * a[i] + b[i] * b[i]) * 0.5f + c[i];
}

void rows(const std::string& size, Size n) {
  const auto array = [n](std::uint64_t seed) { return OnDevice(to_device(rivals::filled<float>(Shape<1>{n}, seed))); };
  const OnDevice a = array(1), b = array(2), c = array(3);
  const auto y = std::make_shared<OnDevice>(Shape<1>{n});
  const std::string work = "device/" + size;
  const double bytes = 16.0 * static_cast<double>(n);
  for (const int threads : {1, 2}) {
    rivals::row(work, threads, "priel", bytes, [=] { *y = sqrt(a * a + b * b) * 0.5f + c; });
    // Memory of Thrust's OpenMP system is the machine's own.
    rivals::row(work, threads, "loop", bytes, [=] { loop(a.local().data(), b.local().data(), c.local().data(), y->local_mut().data(), n); });
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Environment env(argc, argv);
  rows("64Mi", 64 * rivals::Mi);
  rows("1Mi", rivals::Mi);
  return rivals::run(argc, argv);
}
