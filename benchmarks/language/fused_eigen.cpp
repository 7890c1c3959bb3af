// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The fused statement in Eigen as its users have it: with the fast square root, which priel's targets turn off.
#undef EIGEN_FAST_MATH
#define EIGEN_FAST_MATH 1
// A name of its own, or the linker would take one of the two Eigens for both.
#define Eigen EigenFast
#include <Eigen/Core>

void fused_eigen(const float* a, const float* b, const float* c, float* y, std::ptrdiff_t n) {
  const auto map = [n](const float* x) { return Eigen::Map<const Eigen::ArrayXf, Eigen::Aligned64>(x, n); };
  Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64>(y, n) = (map(a) * map(a) + map(b) * map(b)).sqrt() * 0.5f + map(c);
}
