// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Eigen both ways: a rank's shard as an Eigen::Map, and Eigen's matrices as operands (borrow) and arrays (from_local, asarray).
#pragma once

#include <priel/foreign.hpp>
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

namespace detail {

// Matrices, arrays, maps and blocks: what has its coefficients in memory. (Write `.eval()` behind an expression of Eigen's.)
template <class X>
concept EigenObject = std::is_base_of_v<Eigen::DenseBase<X>, X> && (static_cast<int>(X::Flags) & static_cast<int>(Eigen::DirectAccessBit)) != 0;

// Those that own them.
template <class X>
  requires std::is_base_of_v<Eigen::PlainObjectBase<X>, X>
inline constexpr bool owns_elements<X> = true;

}  // namespace detail

// Vectors have rank 1, matrices rank 2; element (i, j) is element (i, j), however the matrix is stored. Column-major matrices are
// strided memory here: borrow reads them in place, from_local copies them, also rvalues.
template <class X>
  requires detail::EigenObject<X>
struct foreign_memory<X> {
  static constexpr int rank = X::IsVectorAtCompileTime ? 1 : 2;
  static ForeignMemory<typename X::Scalar, rank> of(const X& x) {
    if constexpr (rank == 1) return {x.data(), Shape<1>{x.size()}, {{x.innerStride()}}};
    else return {x.data(), Shape<2>{x.rows(), x.cols()}, {{x.rowStride(), x.colStride()}}};
  }
};

}  // namespace priel
