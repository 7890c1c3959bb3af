// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// A rank's shard as an Eigen::Map: the same memory, rows as in C order.
#pragma once

#include <priel/local.hpp>

#include <Eigen/Core>

namespace priel {

// eigen(x.local()): rank 1 a column vector, rank 2 a row-major matrix. Valid while the view lives.
template <class T>
auto eigen(const Local<T, 1>& view) {
  using Vector = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, 1>;
  return Eigen::Map<std::conditional_t<std::is_const_v<T>, const Vector, Vector>>(view.data(), view.size());
}
template <class T>
auto eigen(const Local<T, 2>& view) {
  using Matrix = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<std::conditional_t<std::is_const_v<T>, const Matrix, Matrix>>(view.data(), view.shape()[0], view.shape()[1]);
}

}  // namespace priel
