// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// scatter(base, pixels, y): values of pixels back onto their grid, y(N, T) -> (T, H, W) S<0>, y(N) -> (H, W) R.
#pragma once

#include <priel/computed.hpp>
#include <priel/policies/redistributions.hpp>
#include <priel/slice.hpp>

namespace priel {

namespace kernel {

// target[t][row][column] = value for one pixel after the other; every pixel writes its own places.
template <class T>
struct ScatterPixels {
  T* target;
  const T* values;        // (N, dates), C order
  const Size* pixels;     // (N, 2)
  Size dates, rows, columns;

  PRIEL_DEVICE void operator()(Size n) const {
    const Size place = pixels[2 * n] * columns + pixels[2 * n + 1];
    for (Size t = 0; t < dates; ++t) target[t * rows * columns + place] = values[n * dates + t];
  }
};

}  // namespace kernel

namespace detail {

template <class Base, class Pixels, class Y>
struct Scatter {
  static constexpr int rank = rank_of<Base>;
  static constexpr bool by_date = rank == 3;
  using value_type = value_of<Base>;
  using policy_type = std::conditional_t<by_date, Split<0>, Replicated>;
  using backend_type = backend_or_default<
      typename joined_backend<backend_of<Base>, typename joined_backend<backend_of<Pixels>, backend_of<Y>>::type>::type>;
  // What the values are moved to first: every rank then has those of its places.
  using ByDate = std::conditional_t<by_date, Split<1>, Replicated>;
  static_assert(Assignable<value_of<Y>, value_type>, "scatter narrows the values: write astype");

  static constexpr Collectives collectives = collectives_of_storing<Base, policy_type>() | collectives_of_storing<Pixels, Replicated>() |
      collectives_of_storing<Y, ByDate>();

  Shape<rank> shape(const Base& base, const Pixels& pixels, const Y& y) const {
    const auto grid = base.shape();
    if (pixels.shape()[1] != 2 || pixels.shape()[0] != y.shape()[0] || (by_date && y.shape()[rank_of<Y> - 1] != grid[0]))
      throw ShapeError("scatter: base " + to_string(grid) + ", pixels " + to_string(pixels.shape()) + " and values " + to_string(y.shape()) +
                       " do not fit; expected (T, H, W), (N, 2), (N, T) or (H, W), (N, 2), (N,)");
    return grid;
  }

  auto operator()(const Base& base, const Pixels& pixels, const Y& y) const {
    using T = value_type;
    const auto grid = base.shape();
    const Array<Size, 2, Replicated, backend_type> where(pixels);
    const Size rows = grid[rank - 2], columns = grid[rank - 1];
    if (where.size() > 0 && !item(all(where >= 0) & all(where(ellipsis, 0) < rows) & all(where(ellipsis, 1) < columns)))
      throw ShapeError("scatter: a pixel lies outside the grid of " + std::to_string(rows) + "x" + std::to_string(columns));
    const Array<T, rank_of<Y>, ByDate, backend_type> values(redistribute(y, ByDate{}));
    Array<T, rank, policy_type, backend_type> result(redistribute(base, policy_type{}));
    const Size dates = by_date ? result.lshape()[0] : 1;
    const auto lease = result.local_mut();
    if (dates > 0)
      backend_type::for_each(where.shape()[0],
                             kernel::ScatterPixels<T>{lease.data(), values.local().data(), where.local().data(), dates, rows, columns});
    return result;
  }

  void plan(Plan& plan, const Base& base, const Pixels& pixels, const Y& y) const {
    plan_stored<Size, Replicated>(pixels, plan);
    if constexpr (!std::is_same_v<policy_of<Pixels>, Replicated>) plan_result<Size, Replicated>(plan, pixels.shape());
    plan.loop("values for scatter", largest_held(y, plan.ranks()), [&] { plan_stored<value_type, ByDate>(y, plan); });
    plan_result<value_type, ByDate>(plan, y.shape());
    plan.loop("scatter into " + described(base), largest_part<policy_type>(base.shape(), plan.ranks()),
              [&] { plan_stored<value_type, policy_type>(base, plan); });
  }
};

}  // namespace detail

// base (T, H, W) or (H, W), any policy; pixels (N, 2) rows and columns; y (N, T) or (N) in the order of the pixels. The result
// has base's element type: base, with y at the pixels. (T, H, W) is S<0>, by date: the values that change owner are sent;
// (H, W) is R: y is gathered. Two equal pixels: one of them wins. ShapeError for extents that do not fit and, when it is
// evaluated, for pixels outside the grid.
template <Expression Base, Expression Pixels, Expression Y>
  requires(((rank_of<Base> == 3 && rank_of<Y> == 2) || (rank_of<Base> == 2 && rank_of<Y> == 1)) &&
           detail::joined_backend<backend_of<Base>, backend_of<Pixels>>::ok && detail::joined_backend<backend_of<Base>, backend_of<Y>>::ok)
auto scatter(Base&& base, Pixels&& pixels, Y&& y) {
  using B = detail::settled_t<Base>;
  using P = detail::settled_t<Pixels>;
  using V = detail::settled_t<Y>;
  return detail::computed(detail::Scatter<B, P, V>{}, B(detail::settled(std::forward<Base>(base))), P(detail::settled(std::forward<Pixels>(pixels))),
                          V(detail::settled(std::forward<Y>(y))));
}

template <class P, int K, class A, class Q, int M, class B, class R, int N, class C>
  requires(!(detail::joined_backend<A, B>::ok && detail::joined_backend<A, C>::ok && detail::joined_backend<B, C>::ok))
error_E11_operands_live_on_different_backends<A, std::conditional_t<detail::joined_backend<A, B>::ok, C, B>, write_to_host_or_to_device_of_one> scatter(const operand_tag<P, K, A>&, const operand_tag<Q, M, B>&, const operand_tag<R, N, C>&) = delete;

}  // namespace priel
