// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// linalg: inverse, determinant, Cholesky factor, eigenvalues of matrices that are whole on their rank; of batches S<k> -> S<k>.
#pragma once

#include <priel/algorithms/detail/matrices.hpp>

namespace priel {

namespace detail {

struct Inverse {
  static constexpr const char* name = "linalg::inv";
  static constexpr int rank = 2;
  template <class T>
  using result = T;
  template <class T>
  static void call(Size n, const T* a, T* out) {
    for (Size i = 0; i < n * n; ++i) out[i] = i / n == i % n ? T(1) : T(0);
    solve_matrix(name, n, n, a, out);
  }
};
struct Determinant {
  static constexpr const char* name = "linalg::det";
  static constexpr int rank = 0;
  template <class T>
  using result = T;
  template <class T>
  static void call(Size n, const T* a, T* out) { *out = determinant(n, a); }
};
struct Cholesky {
  static constexpr const char* name = "linalg::cholesky";
  static constexpr int rank = 2;
  template <class T>
  using result = T;
  template <class T>
  static void call(Size n, const T* a, T* out) { cholesky_factor(n, a, out); }
};
struct HermitianValues {
  static constexpr const char* name = "linalg::eigvalsh";
  static constexpr int rank = 1;
  template <class T>
  using result = typename real_part<T>::type;
  template <class T>
  static void call(Size n, const T* a, result<T>* out) { hermitian_eigen(n, a, out, static_cast<T*>(nullptr)); }
};
struct GeneralValues {
  static constexpr const char* name = "linalg::eigvals";
  static constexpr int rank = 1;
  template <class T>
  using result = std::complex<typename real_part<T>::type>;
  template <class T>
  static void call(Size n, const T* a, result<T>* out) { general_eigen(n, a, out, static_cast<result<T>*>(nullptr)); }
};

struct HermitianEigen {
  static constexpr const char* name = "linalg::eigh";
  template <class T>
  using value = typename real_part<T>::type;
  template <class T>
  using vector = T;
  template <class T>
  static void call(Size n, const T* a, value<T>* w, T* v) { hermitian_eigen(n, a, w, v); }
};
struct GeneralEigen {
  static constexpr const char* name = "linalg::eig";
  template <class T>
  using value = std::complex<typename real_part<T>::type>;
  template <class T>
  using vector = value<T>;
  template <class T>
  static void call(Size n, const T* a, value<T>* w, value<T>* v) { general_eigen(n, a, w, v); }
};

// Both arrays of Result by Function, at once.
template <template <class, class, int, class, class> class Result, class Function, class X>
auto eigen(X&& x) {
  const MatricesOf<settled_t<X>> a(settled(std::forward<X>(x)));
  using A = std::remove_cvref_t<decltype(a)>;
  using Value = typename Function::template value<value_of<A>>;
  using Vector = typename Function::template vector<value_of<A>>;
  refuse_oblong(Function::name, a.shape());
  Shape<A::rank - 1> values;
  for (int axis = 0; axis < A::rank - 1; ++axis) values[axis] = a.shape()[axis];
  Result<Vector, Value, A::rank, policy_of<A>, backend_of<A>> result{
      Array<Value, A::rank - 1, policy_of<A>, backend_of<A>>(values, a.comm()),
      Array<Vector, A::rank, policy_of<A>, backend_of<A>>(a.shape(), a.comm())};
  const Size n = a.shape()[A::rank - 1], count = n == 0 ? 0 : a.lshape().size() / (n * n);
  const OnCpu<backend_of<A>, value_of<A>> from(a.local().data(), a.lshape().size());
  fill_on_cpu(result.eigenvalues, [&](Value* w) {
    fill_on_cpu(result.eigenvectors, [&](Vector* v) {
      each_matrix<policy_of<A>>(a.comm(), count, [&](Size i) { Function::call(n, from.data() + i * n * n, w + i * n, v + i * n * n); });
    });
  });
  return result;
}

}  // namespace detail

namespace linalg {

// Eigenvalues (..., n) and the eigenvectors (..., n, n), columns of length 1.
template <class T, class Value, int Rank, class Policy, class Backend>
struct EigenResult {
  Array<Value, Rank - 1, Policy, Backend> eigenvalues;
  Array<T, Rank, Policy, Backend> eigenvectors;
};
// det(a) = sign exp(logdet).
template <class T, int Rank, class Policy, class Backend>
struct SlogdetResult {
  Array<T, Rank, Policy, Backend> sign;
  Array<typename detail::real_part<T>::type, Rank, Policy, Backend> logdet;
};

// Of the matrix in the last two axes, (..., n, n), or of each of a batch: R -> R, a batch split along a leading axis stays on its ranks.
// float and complex stay, integers are taken as double. Nothing is sent, but for batches S<k> one integer: whether a rank has an error.
// ShapeError if a matrix is not square.

// The inverse. InputError if a matrix is singular: a pivot is exactly 0.
template <detail::Matrices X>
auto inv(X&& x) { return detail::of_matrices<detail::Inverse>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> inv(const operand_tag<P, M, B>&) = delete;

// The determinant, by LU.
template <detail::Matrices X>
auto det(X&& x) { return detail::of_matrices<detail::Determinant>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> det(const operand_tag<P, M, B>&) = delete;

// The lower triangular L with L L^H = a; only the lower triangle of a is read. InputError if a matrix is not positive definite.
template <detail::Matrices X>
auto cholesky(X&& x) { return detail::of_matrices<detail::Cholesky>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> cholesky(const operand_tag<P, M, B>&) = delete;

// The eigenvalues of a Hermitian matrix, rising; only the lower triangle is read. NaN if an element is not finite.
template <detail::Matrices X>
auto eigvalsh(X&& x) { return detail::of_matrices<detail::HermitianValues>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> eigvalsh(const operand_tag<P, M, B>&) = delete;

// The eigenvalues of any square matrix, in no order, always complex. InputError if an element is not finite.
template <detail::Matrices X>
auto eigvals(X&& x) { return detail::of_matrices<detail::GeneralValues>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> eigvals(const operand_tag<P, M, B>&) = delete;

// Both at once, when called.

// The eigenvalues of Hermitian matrices, rising, and the eigenvectors, in each of which the element of largest magnitude is positive. NaN if an
// element of the lower triangle, which alone is read, is not finite.
template <detail::Matrices X>
auto eigh(X&& x) { return detail::eigen<EigenResult, detail::HermitianEigen>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> eigh(const operand_tag<P, M, B>&) = delete;

// The same of any square matrices: always complex, in no order. InputError if an element is not finite.
template <detail::Matrices X>
auto eig(X&& x) { return detail::eigen<EigenResult, detail::GeneralEigen>(std::forward<X>(x)); }
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> eig(const operand_tag<P, M, B>&) = delete;

// The sign of the determinant (of a complex one, a number of magnitude 1) and the logarithm of its magnitude; 0 and -inf if singular.
template <detail::Matrices X>
auto slogdet(X&& x) {
  const detail::MatricesOf<detail::settled_t<X>> a(detail::settled(std::forward<X>(x)));
  using A = std::remove_cvref_t<decltype(a)>;
  using T = value_of<A>;
  detail::refuse_oblong("linalg::slogdet", a.shape());
  Shape<A::rank - 2> batch;
  for (int axis = 0; axis < A::rank - 2; ++axis) batch[axis] = a.shape()[axis];
  using Result = SlogdetResult<T, A::rank - 2, policy_of<A>, backend_of<A>>;
  Result result{decltype(Result::sign)(batch, a.comm()), decltype(Result::logdet)(batch, a.comm())};
  const Size n = a.shape()[A::rank - 1];
  const detail::OnCpu<backend_of<A>, T> from(a.local().data(), a.lshape().size());
  detail::fill_on_cpu(result.sign, [&](T* sign) {
    detail::fill_on_cpu(result.logdet, [&](auto* logarithm) {
      detail::each_matrix<policy_of<A>>(a.comm(), result.sign.lshape().size(), [&](Size i) {
        detail::log_determinant(n, from.data() + i * n * n, sign + i, logarithm + i);
      });
    });
  });
  return result;
}
template <class P, int M, class B>
  requires(detail::cuts_matrices<P, M>)
error_E05_a_matrix_is_needed_whole_on_its_rank<P, write_redistribute_to<detail::whole_policy<M>>> slogdet(const operand_tag<P, M, B>&) = delete;

}  // namespace linalg
}  // namespace priel
