// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The Gram matrix of samples and a target, which linear models are made of: R and S<0> -> every rank, by one message.
#pragma once

#include <priel/algorithms/concatenate.hpp>
#include <priel/algorithms/detail/gram_sums.hpp>
#include <priel/algorithms/detail/linear_model.hpp>
#include <priel/algorithms/matmul.hpp>
#include <priel/reduce.hpp>

#include <algorithm>

namespace priel::detail {

// GramSums::take of this rank's samples in the language, on any backend, a block of rows after the other.
template <class X, class Y>
void take_blocks(GramSums& sums, const X& x, const Y& y, Size first) {
  using Backend = backend_of<X>;
  const Size rows = x.lshape()[0], d = sums.features(), v = d + 1, step = std::max<Size>(256, (Size{1} << 22) / v);
  const Comm alone = self();
  const auto block = [&](Size begin) {
    const Size n = std::min(step, rows - begin), lower = x.part().lower[0] + begin;
    Array<double, 2, Replicated, Backend> features(Shape<2>{n, d}, alone), target(Shape<2>{n, 1}, alone);
    evaluate<Backend>(astype<double>(x), Box<2>{{{lower, first}}, {n, d}}, features.local_mut().data());
    evaluate<Backend>(y, Box<1>{{{lower}}, {n}}, target.local_mut().data());
    return eval(concatenate(axis<1>, features, target));
  };
  using Row = Array<double, 1, Replicated, Backend>;
  using Square = Array<double, 2, Replicated, Backend>;
  const auto begun = block(0);
  const Row shift = begun(0, all) + mean(begun - begun(0, all), axis<0>);   // exact for a constant
  const auto deviations = eval(begun - shift);
  Row sum = priel::sum(deviations, axis<0>);
  Square products = matmul(transpose(deviations), deviations);
  for (Size begin = step; begin < rows; begin += step) {
    const auto more = eval(block(begin) - shift);
    sum = sum + priel::sum(more, axis<0>);
    products = products + matmul(transpose(more), more);
  }
  const OnCpu<Backend, double> shifts(shift.local().data(), v), all_sums(sum.local().data(), v), all_products(products.local().data(), v * v);
  sums.take(rows, shifts.data(), all_sums.data(), all_products.data(), v);
}

// Of the features [first, first + features) of x (n, d), R or S<0>, and y (n) of its policy; of all ranks on every rank.
template <class X, class Y>
GramSums gram_sums(const X& x, const Y& y, Size first, Size features) {
  GramSums sums(features);
  const Size rows = x.lshape()[0];
  if (rows > 0) {
    if constexpr (std::is_same_v<backend_of<X>, Host>) sums.take(rows, x.local().data() + first, x.shape()[1], y.local().data());
    else take_blocks(sums, x, y, first);
  }
  if constexpr (!std::is_same_v<policy_of<X>, Replicated>) sums.reduce(*x.comm());
  return sums;
}

// The same of samples and their target that a model is to be fitted to, whose values are checked: a bad one shows in the sums.
template <class X, class Y>
GramSums checked_sums(const char* name, const X& x, const Y& y, Size first, Size features, Intercept intercept) {
  auto sums = gram_sums(x, y, first, features);
  if (!sums.finite(0, features)) refuse_not_finite(name, "x", x);
  if (!sums.finite(features, features + 1)) refuse_not_finite(name, "y", y);
  if (intercept == Intercept::column0) check_column0(name, sums.product(0, 0) != 0, sums.mean(0));
  return sums;
}

}  // namespace priel::detail
