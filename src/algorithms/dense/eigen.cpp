// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Eigenvalues and eigenvectors of square matrices, by Eigen.
#include <priel/algorithms/detail/linear.hpp>

#include <priel/communicator.hpp>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace priel::detail {
namespace {

template <class T>
using Square = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using Rows = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Eigenvectors are known up to a factor of magnitude 1.
template <class Vectors>
void make_largest_positive(Vectors& vectors) {
  for (Eigen::Index c = 0; c < vectors.cols(); ++c) {
    Eigen::Index at = 0;
    const auto size = vectors.col(c).cwiseAbs().maxCoeff(&at);
    const auto factor = Eigen::numext::conj(vectors(at, c)) / size;
    vectors.col(c) *= factor;
  }
}

void refuse_unless(bool converged, const char* name) {
  if (!converged) throw InputError(std::string(name) + ": the iteration does not converge");
}

template <class T>
auto solved(const Square<T>& a, bool with_vectors) {
  if constexpr (is_complex<T>::value) return Eigen::ComplexEigenSolver<Square<T>>(a, with_vectors);
  else return Eigen::EigenSolver<Square<T>>(a, with_vectors);
}

}  // namespace

template <class T>
void hermitian_eigen(Size n, const T* a, typename real_part<T>::type* w, T* v) {
  using Real = typename real_part<T>::type;
  if (n == 0) return;
  const Square<T> matrix = Eigen::Map<const Rows<T>>(a, n, n);
  Eigen::Map<Eigen::Matrix<Real, Eigen::Dynamic, 1>> values(w, n);
  constexpr Real undefined = std::numeric_limits<Real>::quiet_NaN();
  if (!matrix.template triangularView<Eigen::Lower>().toDenseMatrix().allFinite()) {
    values.setConstant(undefined);
    if (v) Eigen::Map<Rows<T>>(v, n, n).setConstant(T(undefined));
    return;
  }
  const Eigen::SelfAdjointEigenSolver<Square<T>> solver(matrix, v ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  refuse_unless(solver.info() == Eigen::Success, "linalg::eigh");
  values = solver.eigenvalues();
  if (!v) return;
  Square<T> vectors = solver.eigenvectors();
  make_largest_positive(vectors);
  Eigen::Map<Rows<T>>(v, n, n) = vectors;
}

template <class T>
void general_eigen(Size n, const T* a, std::complex<typename real_part<T>::type>* w, std::complex<typename real_part<T>::type>* v) {
  using Complex = std::complex<typename real_part<T>::type>;
  if (n == 0) return;
  const Square<T> matrix = Eigen::Map<const Rows<T>>(a, n, n);
  if (!matrix.allFinite()) throw InputError("linalg::eig: the matrix has elements that are not finite");
  const auto solver = solved<T>(matrix, v != nullptr);
  refuse_unless(solver.info() == Eigen::Success, "linalg::eig");
  Eigen::Map<Eigen::Matrix<Complex, Eigen::Dynamic, 1>>(w, n) = solver.eigenvalues();
  if (v) Eigen::Map<Rows<Complex>>(v, n, n) = solver.eigenvectors();
}

namespace {

// Single precision is computed in double: Eigen's solvers take long to compile, and the last bits are better.
template <class To, class From>
void round_to(const std::vector<From>& from, To* to) {
  if (to) std::transform(from.begin(), from.end(), to, [](const From& value) { return static_cast<To>(value); });
}
template <class Wide, class Value, class Vector, class T, class W, class V>
void solve_in_double(void (*solve)(Size, const Wide*, Value*, Vector*), Size n, const T* a, W* w, V* v) {
  const auto count = static_cast<std::size_t>(n * n);
  const std::vector<Wide> matrix(a, a + count);
  std::vector<Value> values(static_cast<std::size_t>(n));
  std::vector<Vector> vectors(v ? count : 0);
  solve(n, matrix.data(), values.data(), v ? vectors.data() : nullptr);
  round_to(values, w);
  round_to(vectors, v);
}

}  // namespace

template void hermitian_eigen(Size, const double*, double*, double*);
template void hermitian_eigen(Size, const std::complex<double>*, double*, std::complex<double>*);
template void general_eigen(Size, const double*, std::complex<double>*, std::complex<double>*);
template void general_eigen(Size, const std::complex<double>*, std::complex<double>*, std::complex<double>*);

template <>
void hermitian_eigen(Size n, const float* a, float* w, float* v) { solve_in_double(hermitian_eigen<double>, n, a, w, v); }
template <>
void hermitian_eigen(Size n, const std::complex<float>* a, float* w, std::complex<float>* v) {
  solve_in_double(hermitian_eigen<std::complex<double>>, n, a, w, v);
}
template <>
void general_eigen(Size n, const float* a, std::complex<float>* w, std::complex<float>* v) {
  solve_in_double(general_eigen<double>, n, a, w, v);
}
template <>
void general_eigen(Size n, const std::complex<float>* a, std::complex<float>* w, std::complex<float>* v) {
  solve_in_double(general_eigen<std::complex<double>>, n, a, w, v);
}

}  // namespace priel::detail
