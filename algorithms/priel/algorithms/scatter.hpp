// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// scatter(base, pixels, y): values of pixels back onto their grid, y(N, T) -> (T, H, W) S<0>, y(N) -> (H, W) R.
#pragma once

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

// base (T, H, W) or (H, W), any policy; pixels (N, 2) rows and columns; y (N, T) or (N) in the order of the pixels. The result
// has base's element type: base, with y at the pixels. (T, H, W) is S<0>, by date: the values that change owner are sent;
// (H, W) is R: y is gathered. Two equal pixels: one of them wins. ShapeError for pixels outside the grid or extents that do not fit.
template <Expression Base, Expression Pixels, Expression Y>
  requires((rank_of<Base> == 3 && rank_of<Y> == 2) || (rank_of<Base> == 2 && rank_of<Y> == 1))
auto scatter(Base&& base, Pixels&& pixels, Y&& y) {
  constexpr bool by_date = rank_of<Base> == 3;
  using T = value_of<Base>;
  using Backend = detail::backend_or_default<typename detail::joined_backend<
      backend_of<Base>, typename detail::joined_backend<backend_of<Pixels>, backend_of<Y>>::type>::type>;
  using Policy = std::conditional_t<by_date, Split<0>, Replicated>;
  using ByDate = std::conditional_t<by_date, Split<1>, Replicated>;
  static_assert(Assignable<value_of<Y>, T>, "scatter narrows the values: write astype");

  const auto grid = base.shape();
  const Array<Size, 2, Replicated, Backend> where(std::forward<Pixels>(pixels));
  if (where.shape()[1] != 2 || where.shape()[0] != y.shape()[0] || (by_date && y.shape()[rank_of<Y> - 1] != grid[0]))
    throw ShapeError("scatter: base " + to_string(grid) + ", pixels " + to_string(where.shape()) + " and values " + to_string(y.shape()) +
                     " do not fit; expected (T, H, W), (N, 2), (N, T) or (H, W), (N, 2), (N,)");
  const Size rows = grid[rank_of<Base> - 2], columns = grid[rank_of<Base> - 1];
  if (where.size() > 0 && !item(all(where >= 0) & all(where(ellipsis, 0) < rows) & all(where(ellipsis, 1) < columns)))
    throw ShapeError("scatter: a pixel lies outside the grid of " + std::to_string(rows) + "x" + std::to_string(columns));

  const Comm comm = detail::comm_or_world(detail::joined_comm(detail::joined_comm(base.comm(), where.comm()), y.comm()));
  const Array<T, rank_of<Y>, ByDate, Backend> values(redistribute(std::forward<Y>(y), ByDate{}));
  Array<T, rank_of<Base>, Policy, Backend> result(redistribute(std::forward<Base>(base), Policy{}));
  const Size dates = by_date ? result.lshape()[0] : 1;
  const auto lease = result.local_mut();
  if (dates > 0)
    Backend::for_each(where.shape()[0], kernel::ScatterPixels<T>{lease.data(), values.local().data(), where.local().data(), dates, rows, columns});
  return result;
}

}  // namespace priel
