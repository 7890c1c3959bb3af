// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Linear systems, determinants and triangular factors of square matrices, by Eigen.
#include <priel/algorithms/detail/linear.hpp>

#include <priel/communicator.hpp>
#include <priel/first_error.hpp>

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include <omp.h>

#include <cmath>
#include <limits>
#include <string>

namespace priel::detail {
namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Factors = Eigen::PartialPivLU<Matrix<T>>;

template <class T>
auto matrix(const T* a, Size n, Size m) { return Eigen::Map<const Matrix<T>>(a, n, m); }

template <class T>
bool singular(const Factors<T>& factors) { return (factors.matrixLU().diagonal().array() == T(0)).any(); }

template <class T>
constexpr auto undefined() { return std::numeric_limits<typename real_part<T>::type>::quiet_NaN(); }

}  // namespace

void for_each_matrix(Size count, void (*call)(const void* f, Size i), const void* f) {
  if (count < 2 || omp_in_parallel()) {
    for (Size i = 0; i < count; ++i) call(f, i);
    return;
  }
  FirstError failed;
#pragma omp parallel for schedule(dynamic, 1)
  for (Size i = 0; i < count; ++i) failed.guard(i, [&] { call(f, i); });
  failed.rethrow();
}

template <class T>
void solve_matrix(const char* name, Size n, Size columns, const T* a, T* b) {
  if (n == 0) return;
  const auto elements = matrix(a, n, n);
  Eigen::Map<Matrix<T>> x(b, n, columns);
  if (!elements.allFinite()) {
    x.setConstant(T(undefined<T>()));
    return;
  }
  const Factors<T> factors(elements);
  if (singular(factors))
    throw InputError(std::string(name) + ": a matrix of shape (" + std::to_string(n) + ", " + std::to_string(n) + ") is singular");
  if (columns > 0) x = factors.solve(x.eval());
}

template <class T>
T determinant(Size n, const T* a) {
  if (n == 0) return T(1);
  if (!matrix(a, n, n).allFinite()) return T(undefined<T>());
  return Factors<T>(matrix(a, n, n)).determinant();
}

template <class T>
void log_determinant(Size n, const T* a, T* sign, typename real_part<T>::type* logarithm) {
  using Real = typename real_part<T>::type;
  *sign = T(1);
  *logarithm = 0;
  if (n == 0) return;
  if (!matrix(a, n, n).allFinite()) {
    *sign = T(undefined<T>());
    *logarithm = undefined<T>();
    return;
  }
  const Factors<T> factors(matrix(a, n, n));
  *sign = T(static_cast<Real>(factors.permutationP().determinant()));
  for (Size i = 0; i < n; ++i) {
    const T pivot = factors.matrixLU()(i, i);
    const Real size = std::abs(pivot);
    *sign = size == 0 ? T(0) : *sign * (pivot / size);
    *logarithm += std::log(size);
  }
}

template <class T>
void cholesky_factor(Size n, const T* a, T* l) {
  Eigen::Map<Matrix<T>> lower(l, n, n);
  lower = matrix(a, n, n).template triangularView<Eigen::Lower>();
  if (n == 0) return;
  const Eigen::LLT<Eigen::Ref<Matrix<T>>, Eigen::Lower> factors(lower);   // in place
  if (factors.info() != Eigen::Success)
    throw InputError("linalg::cholesky: a matrix of shape (" + std::to_string(n) + ", " + std::to_string(n) + ") is not positive definite");
}

template void solve_matrix(const char*, Size, Size, const float*, float*);
template void solve_matrix(const char*, Size, Size, const double*, double*);
template void solve_matrix(const char*, Size, Size, const std::complex<float>*, std::complex<float>*);
template void solve_matrix(const char*, Size, Size, const std::complex<double>*, std::complex<double>*);
template float determinant(Size, const float*);
template double determinant(Size, const double*);
template std::complex<float> determinant(Size, const std::complex<float>*);
template std::complex<double> determinant(Size, const std::complex<double>*);
template void log_determinant(Size, const float*, float*, float*);
template void log_determinant(Size, const double*, double*, double*);
template void log_determinant(Size, const std::complex<float>*, std::complex<float>*, float*);
template void log_determinant(Size, const std::complex<double>*, std::complex<double>*, double*);
template void cholesky_factor(Size, const float*, float*);
template void cholesky_factor(Size, const double*, double*);
template void cholesky_factor(Size, const std::complex<float>*, std::complex<float>*);
template void cholesky_factor(Size, const std::complex<double>*, std::complex<double>*);

}  // namespace priel::detail
