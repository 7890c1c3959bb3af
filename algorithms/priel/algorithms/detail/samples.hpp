// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// What estimators ask of their data, and the one line that says what is wrong with it, on every rank alike.
#pragma once

#include <priel/algorithms/detail/on_cpu.hpp>
#include <priel/redistribute.hpp>

namespace priel::detail {

template <class P>
inline constexpr bool has_whole_samples = std::is_same_v<stored_policy<P>, Replicated> || std::is_same_v<stored_policy<P>, Split<0>>;

// The element type and the policy that an estimator computes in: floating (integers in double), R or S<0>.
template <Expression X>
using sample_type = floating_type<value_of<X>>;
template <Expression X>
using sample_policy = std::conditional_t<has_whole_samples<policy_of<X>>, stored_policy<policy_of<X>>, Replicated>;
template <Expression X>
using SamplesOf = Array<sample_type<X>, rank_of<X>, sample_policy<X>, backend_or_default<backend_of<X>>>;

// x as an operand of whole samples. The one place that refuses other policies.
template <Expression X>
auto whole_samples(X&& x) {
  constexpr bool whole = has_whole_samples<policy_of<X>>;
  static_assert(whole, "error E18: an estimator needs whole samples on one rank: write redistribute(x, split<0>)");
  if constexpr (whole) return settled_t<X>(settled(std::forward<X>(x)));
  else return SamplesOf<X>(Shape<rank_of<X>>{}, self());
}

// x (n, d), or one value a sample, x (n), stored; an array of that type is shared.
template <Expression X>
  requires(kind_of<value_of<X>> != Kind::complex)
SamplesOf<X> samples_of(X&& x) { return SamplesOf<X>(whole_samples(std::forward<X>(x))); }

// Samples less a mean (d) that is double: floats less a sum of two of them, so that the difference is rounded once.
template <class T, class Y, class Mean>
auto centred(Y&& y, const Mean& mean) {
  if constexpr (std::is_same_v<T, double>) return astype<T>(std::forward<Y>(y)) - mean;
  else {
    using Part = Array<T, 1, Replicated, backend_of<Mean>>;
    const Part high = astype<T>(mean), low = astype<T>(mean - astype<double>(high));
    return astype<T>(std::forward<Y>(y)) - high - low;
  }
}

// The following know only what every rank knows and send nothing. `name` is the estimator's.

// InputError: "KMeans: x (3, 2) has too few samples: at least 8 are needed"; or if there is no feature.
void check_samples(const char* name, const Shape<2>& x, Size at_least = 1);
// ShapeError: "Lasso: x has 10 rows and y has 9: they need one for each sample".
void check_rows(const char* name, Size rows_of_x, const char* other, Size rows);
// ShapeError: "KMeans: x (5, 4) has 4 features, the model was fitted to 3".
void check_fitted(const char* name, Size features, const Shape<2>& x);
// InputError: "Lasso: lambda = -1 is out of range: it must be at least 0". `must` ends the sentence.
void check_parameter(bool holds, const char* name, const char* parameter, double value, const char* must);

// `values` are some rank's elements in C order, `first` is the first one's place in the whole, whose rows are `columns` long (0: of rank 1).
// Collective, unless comm is null.
[[noreturn]] void refuse_values(const char* name, const char* what, const Communicator* comm, Size first, Size columns, const float* values, Size count);
[[noreturn]] void refuse_values(const char* name, const char* what, const Communicator* comm, Size first, Size columns, const double* values, Size count);

// Where a result has shown, to all ranks, that x (S<0> or R, of rank 1 or 2, called `what`) is not all finite: throws InputError,
// "Lasso: x has nan in row 3, column 2: ...", the first by row. Says so if x is finite and its sums are not. One Allreduce, where x is S<0>.
template <Expression X>
[[noreturn]] void refuse_not_finite(const char* name, const char* what, X&& x) {
  const auto values = samples_of(std::forward<X>(x));
  using A = std::remove_const_t<decltype(values)>;
  const Size columns = A::rank == 2 ? values.shape()[A::rank - 1] : 0;
  const OnCpu<backend_of<A>, value_of<A>> shard(values.local().data(), values.lshape().size());
  refuse_values(name, what, std::is_same_v<policy_of<A>, Replicated> ? nullptr : values.comm().get(),
                values.part().lower[0] * (columns > 0 ? columns : 1), columns, shard.data(), values.lshape().size());
}

}  // namespace priel::detail
