// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Coordinates of samples, (y - mean) times a matrix, block by block: what lies between is never stored; R -> R, S<0> -> S<0>.
#pragma once

#include <priel/algorithms/detail/product.hpp>
#include <priel/algorithms/detail/samples.hpp>
#include <priel/computed.hpp>

namespace priel::detail {

// For Computed: of y (n, d), mean (d) in double and a matrix (d, k) of T.
template <class T, class Y>
struct Projection {
  using value_type = T;
  using policy_type = stored_policy<policy_of<Y>>;
  using backend_type = backend_or_default<backend_of<Y>>;
  using Mean = Array<double, 1, Replicated, backend_type>;
  using Matrix = Array<T, 2, Replicated, backend_type>;
  static constexpr int rank = 2;
  static constexpr Collectives collectives{};

  Shape<2> shape(const Y& y, const Mean&, const Matrix& matrix) const { return {y.shape()[0], matrix.shape()[1]}; }

  Array<T, 2, policy_type, backend_type> operator()(const Y& y, const Mean& mean, const Matrix& matrix) const {
    const auto deviations = centred<T>(y, mean);
    prepare_statement(deviations);
    Array<T, 2, policy_type, backend_type> result(shape(y, mean, matrix), comm_or_world(y.comm()));
    const auto lease = result.local_mut();
    const Size rows = result.lshape()[0], d = matrix.shape()[0], k = matrix.shape()[1];
    constexpr Size cached = (Size{1} << 20) / static_cast<Size>(sizeof(T));
    const Size step = std::is_same_v<backend_type, Host> ? std::max<Size>(cached / d, 64) : std::max<Size>(rows, 1);
    Buffer<T, backend_type> block(std::min(step, rows) * d);
    for (Size begin = 0; begin < rows; begin += step) {
      const Size here = std::min(step, rows - begin);
      Box<2> box{{}, Shape<2>{here, d}};
      box.lower[0] = result.part().lower[0] + begin;
      evaluate<backend_type>(deviations, box, block.data());
      multiply_all<backend_type, T>({1, 1, 1, here, k, d, block.data(), matrix.local().data(), lease.data() + begin * k});
    }
    return result;
  }
  void plan(Plan& plan, const Y& y, const Mean&, const Matrix&) const {
    plan.loop("projection", held_box(y, plan.ranks(), 0).size(), [&] { plan_statement(y, plan); });
  }
};

template <class T, Expression Y, class Mean, class Matrix>
auto projected(Y&& y, const Mean& mean, const Matrix& matrix) {
  auto samples = whole_samples(std::forward<Y>(y));
  return computed(Projection<T, decltype(samples)>{}, std::move(samples), mean, matrix);
}

}  // namespace priel::detail
