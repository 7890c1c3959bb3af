// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Polynomials by their coefficients, the highest power first: polyval, polyfit, polyadd, polysub, polymul, polyder, polyint, vander, roots.
#pragma once

#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/convolve.hpp>
#include <priel/algorithms/least_squares.hpp>
#include <priel/algorithms/linalg.hpp>
#include <priel/create.hpp>

#include <algorithm>
#include <vector>

namespace priel {

namespace kernel {

// values[i] = p_0 values[i]^(m - 1) + ... + p_(m - 1), by Horner's rule; integers wrap.
template <class T>
struct Horner {
  using W = typename Wrapping<T>::type;
  const T* p;
  Size m;
  T* values;
  PRIEL_DEVICE void operator()(Size i) const {
    const W x = static_cast<W>(values[i]);
    W y{};
    for (Size k = 0; k < m; ++k) y = y * x + static_cast<W>(p[k]);
    values[i] = static_cast<T>(y);
  }
};

}  // namespace kernel

namespace detail {

// For Computed: the values of a polynomial.
template <class P, class X>
struct PolynomialOf {
  using value_type = promote<value_of<P>, value_of<X>>;
  using policy_type = stored_policy<policy_of<X>>;
  using backend_type = backend_or_default<typename joined_backend<backend_of<P>, backend_of<X>>::type>;
  static constexpr int rank = rank_of<X>;
  static constexpr Collectives collectives{};

  Shape<rank> shape(const P&, const X& x) const { return x.shape(); }
  auto operator()(const P& p, const X& x) const {
    Array<value_type, rank, policy_type, backend_type> result(x.shape(), comm_or_world(joined_comm(p.comm(), x.comm())));
    const auto coefficients = operand_part<value_type, Replicated, backend_type>(p, result.comm());
    prepare_statement(x);
    const auto lease = result.local_mut();
    evaluate<backend_type>(x, result.part(), lease.data());
    backend_type::for_each(result.lshape().size(), kernel::Horner<value_type>{coefficients.local().data(), coefficients.shape()[0], lease.data()});
    return result;
  }
  void plan(Plan& plan, const P& p, const X& x) const {
    plan_operand<value_type, Replicated>(p, plan);
    plan.loop("polyval", largest_part<policy_type>(x.shape(), plan.ranks()), [&] { plan_statement(x, plan); });
  }
};

template <class P>
inline constexpr bool is_polynomial = Expression<P> && rank_of<P> == 1 && std::is_same_v<stored_policy<policy_of<P>>, Replicated>;

// Coefficients with as many zeros before as make them n.
template <class P>
auto front_padded(const P& p, Size n) {
  using T = value_of<P>;
  return concatenate(axis<0>, zeros<T>({std::max<Size>(n - p.shape()[0], 0)}), p);
}

// Powers of integers are 64-bit.
template <class T>
using power_type = std::conditional_t<(kind_of<T> <= Kind::integer), promote<T, std::int64_t>, T>;

// Of coefficients n ... 1.
template <class T>
auto falling(Size n) { return generate<T>(Shape<1>{n}, LinearFunction<T>{static_cast<T>(n), static_cast<T>(-1)}); }

// The companion matrix of coefficients whose first is not 0: its eigenvalues are the roots.
template <class T>
std::vector<T> companion(const std::vector<T>& p) {
  const std::size_t n = p.size() - 1;
  std::vector<T> matrix(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    matrix[i] = -p[i + 1] / p[0];
    if (i + 1 < n) matrix[(i + 1) * n + i] = T(1);
  }
  return matrix;
}

}  // namespace detail

// Coefficients are replicated vectors p of m numbers: p_0 x^(m-1) + ... + p_(m-1).

// The polynomial's value at every element of x, whose policy stays; nothing is sent. The element type is the common one; integers wrap.
template <class P, Expression X>
  requires(detail::is_polynomial<P>)
auto polyval(P&& p, X&& x) {
  using A = detail::settled_t<P>;
  using B = detail::settled_t<X>;
  return Computed<detail::PolynomialOf<A, B>, A, B>({}, detail::settled(std::forward<P>(p)), detail::settled(std::forward<X>(x)));
}

// Sums and differences: the shorter one has zeros before.
template <class A, class B>
  requires(detail::is_polynomial<A> && detail::is_polynomial<B>)
auto polyadd(const A& a, const B& b) { return detail::front_padded(a, b.shape()[0]) + detail::front_padded(b, a.shape()[0]); }
template <class A, class B>
  requires(detail::is_polynomial<A> && detail::is_polynomial<B>)
auto polysub(const A& a, const B& b) { return detail::front_padded(a, b.shape()[0]) - detail::front_padded(b, a.shape()[0]); }
template <class A, class B>
  requires(detail::is_polynomial<A> && detail::is_polynomial<B>)
auto polymul(A&& a, B&& b) { return convolve(std::forward<A>(a), std::forward<B>(b)); }

// The derivative; and the integral whose value at 0 is `constant`, of integers in double.
template <class P>
  requires(detail::is_polynomial<P>)
auto polyder(const P& p) {
  using T = sum_type<value_of<P>>;
  const Size n = std::max<Size>(p.shape()[0] - 1, 0);
  return slice(detail::settled(p), range(0, n)) * detail::falling<T>(n);
}
template <class P>
  requires(detail::is_polynomial<P>)
auto polyint(const P& p, floating_type<value_of<P>> constant = {}) {
  using T = floating_type<value_of<P>>;
  return concatenate(axis<0>, astype<T>(p) / detail::falling<T>(p.shape()[0]), full<T>({1}, constant));
}

// The Vandermonde matrix of a vector, (n, columns): x^(columns - 1), ..., x, 1. S<0> stays; lazy, nothing is sent.
template <Expression X>
  requires(rank_of<X> == 1)
auto vander(X&& x, Size columns) {
  using T = detail::power_type<value_of<X>>;
  return pow(slice(detail::settled(std::forward<X>(x)), all, newaxis), detail::falling<T>(columns) - T(1));
}

// The coefficients (degree + 1,) of the polynomial with the least sum of squares of y - p(x); of every column of y (n, k): (degree + 1, k). By
// linalg::lstsq of Vandermonde's matrix with its columns scaled. x and y R or S<0>; the result is R; sends what lstsq does and a sum. Runs
// when called. ShapeError if the lengths differ, x is empty or the degree negative.
template <Expression X, Expression Y>
  requires(rank_of<X> == 1 && (rank_of<Y> == 1 || rank_of<Y> == 2) && kind_of<value_of<X>> != Kind::complex && kind_of<value_of<Y>> != Kind::complex)
auto polyfit(const X& x, const Y& y, Size degree) {
  using T = promote<floating_type<value_of<X>>, floating_type<value_of<Y>>>;
  const Size n = x.shape()[0];
  if (n == 0 || y.shape()[0] != n || degree < 0)
    throw ShapeError("polyfit: degree " + std::to_string(degree) + " for x " + to_string(x.shape()) + " and y " + to_string(y.shape()) +
                     "; a degree from 0 on and as many y as x, at least 1, expected");
  const auto powers = eval(vander(astype<T>(x), degree + 1));
  const auto scale = eval(sqrt(sum(square(powers), axis<0>)));
  const auto fit = linalg::lstsq(powers / scale, y, static_cast<double>(std::numeric_limits<T>::epsilon()) * static_cast<double>(n));
  if constexpr (rank_of<Y> == 1) return eval(fit.x / scale);
  else return eval(fit.x / slice(scale, all, newaxis));
}

// The roots, by the eigenvalues of the companion matrix; always complex, in no order; a root 0 for each last coefficient that is 0. Runs when
// called. InputError if a coefficient is not finite.
template <class P>
  requires(detail::is_polynomial<P>)
auto roots(const P& p) {
  using T = floating_type<value_of<P>>;
  using Complex = std::complex<typename detail::real_part<T>::type>;
  using Backend = detail::backend_or_default<backend_of<P>>;
  const Array<T, 1, Replicated, Backend> stored(p);
  const detail::OnCpu<Backend, T> on_cpu(stored.local().data(), stored.size());
  std::vector<T> coefficients(on_cpu.data(), on_cpu.data() + stored.size());
  std::vector<Complex> found;
  while (!coefficients.empty() && coefficients.back() == T(0)) coefficients.pop_back(), found.emplace_back();
  if (coefficients.empty()) found.clear();   // of 0, none
  const auto first = std::find_if(coefficients.begin(), coefficients.end(), [](const T& c) { return c != T(0); });
  coefficients.erase(coefficients.begin(), first);
  if (coefficients.size() > 1) {
    std::vector<Complex> values(coefficients.size() - 1);
    detail::general_eigen(static_cast<Size>(values.size()), detail::companion(coefficients).data(), values.data(), static_cast<Complex*>(nullptr));
    found.insert(found.begin(), values.begin(), values.end());
  }
  return detail::array_from_host<Array<Complex, 1, Replicated, Backend>>(Shape<1>{static_cast<Size>(found.size())}, stored.comm(), found);
}

}  // namespace priel
