// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// patches(images, pixels, w): the w×w window round each pixel on every date; images R or G -> the pixels' policy, images S<0> -> S<1>.
#pragma once

#include <priel/array.hpp>
#include <priel/policies/redistributions.hpp>

#include <algorithm>
#include <vector>

namespace priel {

namespace kernel {

// Windows cut from staged image rows: [date][row][column] from `lower`; pixel rows and columns from pixel `first` on.
template <class T, int Root>
struct Windows {
  using value_type = T;
  const T* images;
  Index<3> stride;
  Index<3> lower;
  const Size* pixels;
  Size first;
  Size width;
  Frame<Root, 3> frame;

  PRIEL_DEVICE constexpr T at(const Index<Root>& i) const {
    const auto [n, t, f] = frame.at(i).value;
    const Size half = width / 2;
    const Size row = pixels[2 * (n - first)] + f / width - half, column = pixels[2 * (n - first) + 1] + f % width - half;
    return images[stride[0] * (t - lower[0]) + stride[1] * (row - lower[1]) + stride[2] * (column - lower[2])];
  }

  // For backends that read runs: `n` values in C order of the box, from position `i` on.
  void copy(Index<Root> i, const Shape<Root>& extent, int n, T* out) const {
    if constexpr (Root > 0) {
      if (frame.source[2] == Root - 1 && frame.step[2] == 1 && frame.offset[2] == 0 && extent[Root - 1] == width * width) {
        while (n > 0) {   // whole windows, row by row
          const Size begin = i[Root - 1];
          Index<Root> start = i;
          start[Root - 1] = 0;
          const auto at = frame.at(start);
          const Size half = width / 2;
          const T* corner = images + stride[0] * (at[1] - lower[0]) + stride[1] * (pixels[2 * (at[0] - first)] - half - lower[1]) +
                            stride[2] * (pixels[2 * (at[0] - first) + 1] - half - lower[2]);
          Size f = begin;
          for (; f < width * width && n > 0;) {
            const Size column = f % width;
            const int run = static_cast<int>(std::min<Size>(width - column, n));
            const T* from = corner + stride[1] * (f / width) + stride[2] * column;
            for (int j = 0; j < run; ++j) out[j] = from[j * stride[2]];
            out += run;
            n -= run;
            f += run;
          }
          i[Root - 1] = f - 1;
          advance(extent, i);
        }
        return;
      }
    }
    for (int j = 0; j < n; ++j, advance(extent, i)) out[j] = at(i);
  }
};

}  // namespace kernel

template <class Policy>
struct write_redistribute_images_replicated_or_pixels_replicated {};
template <class Images, class Pixels, class Write>
struct error_E09_patches_need_whole_images_where_pixels_are_split {};

namespace detail {

// (images, pixels) -> policy of the patches; void where there is none.
template <class Images, class Pixels>
struct patch_policy { using type = void; };
template <class Pixels>
struct patch_policy<Replicated, Pixels> { using type = Pixels; };
template <class Pixels>
struct patch_policy<Generated, Pixels> { using type = Pixels; };
template <>
struct patch_policy<Split<0>, Replicated> { using type = Split<1>; };

template <class E, class P>
using patch_policy_of = typename patch_policy<finished_policy<policy_of<E>>, stored_policy<policy_of<P>>>::type;

}  // namespace detail

// Pixels is an array on the images' backend (or both may be abstract).
template <Expression Images, Expression Pixels>
class Patches : public Node<Patches<Images, Pixels>, value_of<Images>, 3,
                            typename detail::patch_policy<policy_of<Images>, policy_of<Pixels>>::type,
                            typename detail::joined_backend<backend_of<Images>, backend_of<Pixels>>::type> {
 public:
  using T = value_of<Images>;
  using Backend = typename detail::joined_backend<backend_of<Images>, backend_of<Pixels>>::type;

  Patches(Images images, Pixels pixels, Size width)
      : images_(std::move(images)), pixels_(std::move(pixels)), width_(width),
        comm_(detail::joined_comm(images_.comm(), pixels_.comm())) {
    const auto grid = images_.shape();
    if (pixels_.shape()[1] != 2) throw ShapeError("pixels are (N, 2), rows and columns; found " + to_string(pixels_.shape()));
    if (width_ < 1 || width_ % 2 == 0) throw ShapeError("the width of a patch is odd and positive; found " + std::to_string(width_));
    if constexpr (!std::is_same_v<backend_of<Pixels>, Nowhere>) read_coordinates(grid);
  }

  Shape<3> shape() const { return {pixels_.shape()[0], images_.shape()[0], width_ * width_}; }
  const Comm& comm() const { return comm_; }
  void prepare() const { images_.prepare(); }
  int readers(const void*) const { return 0; }
  static constexpr Collectives collectives = detail::collectives_of_node<Images>();
  void plan(Plan& plan) const {
    detail::plan_node(images_, plan);
    detail::plan_node(pixels_, plan);
    plan.fused("patches");
  }

  // The image rows and columns under the box's pixels are evaluated once, so that a function of the images costs nothing
  // per overlapping window; an array is read where it lies.
  template <int Root>
  auto lower(const Frame<Root, 3>& frame, Scope& scope) const {
    const Box<3> wanted = frame.box();
    const Size first = pixels_.part().lower[0];
    Box<3> rows{{{wanted.lower[1], 0, 0}}, {wanted.extent[1], 0, 0}};
    if (wanted.size() > 0) {
      Size low[2] = {(*coordinates_)[at(wanted.lower[0] - first, 0)], (*coordinates_)[at(wanted.lower[0] - first, 1)]};
      Size high[2] = {low[0], low[1]};
      for (Size n = wanted.lower[0] - first; n < wanted.lower[0] - first + wanted.extent[0]; ++n)
        for (int c = 0; c < 2; ++c) {
          low[c] = std::min(low[c], (*coordinates_)[at(n, c)]);
          high[c] = std::max(high[c], (*coordinates_)[at(n, c)]);
        }
      for (int c = 0; c < 2; ++c) {
        rows.lower[c + 1] = low[c] - width_ / 2;
        rows.extent[c + 1] = high[c] - low[c] + width_;
      }
    }
    kernel::Windows<T, Root> windows{nullptr, {}, rows.lower, pixels_.local().data(), first, width_, frame};
    if constexpr (requires { images_.part(); images_.local(); }) {
      windows.images = images_.local().data();
      windows.lower = images_.part().lower;
      windows.stride = strides_of(images_.part().extent);
    } else {
      T* staged = scope.template stage<T, Backend>(rows.size());
      detail::evaluate<Backend>(images_, rows, staged);
      windows.images = staged;
      windows.stride = strides_of(rows.extent);
    }
    return windows;
  }

 private:
  static std::size_t at(Size n, int c) { return static_cast<std::size_t>(2 * n + c); }

  void read_coordinates(const Shape<3>& grid) {
    const auto own = pixels_.local();
    coordinates_->resize(static_cast<std::size_t>(own.size()));
    backend_of<Pixels>::download(coordinates_->data(), own.data(), own.size() * static_cast<Size>(sizeof(Size)));
    for (std::size_t i = 0; i < coordinates_->size(); i += 2) {
      const Size row = (*coordinates_)[i], column = (*coordinates_)[i + 1], half = width_ / 2;
      if (row < half || column < half || row + half >= grid[1] || column + half >= grid[2])
        throw ShapeError("the " + std::to_string(width_) + "x" + std::to_string(width_) + " window round pixel (" + std::to_string(row) +
                         ", " + std::to_string(column) + ") does not lie inside the image of " + std::to_string(grid[1]) + "x" +
                         std::to_string(grid[2]) + "; leave out pixels closer than " + std::to_string(half) + " to an edge");
    }
  }

  Images images_;
  Pixels pixels_;
  Size width_;
  Comm comm_;
  std::shared_ptr<std::vector<Size>> coordinates_ = std::make_shared<std::vector<Size>>();   // this rank's, in CPU memory
};

// images (T, H, W), pixels (N, 2) rows and columns, w odd -> (N, T, w*w), lazily: windows are cut when read, in C order.
// images R or G: the policy of pixels; images S<0> and pixels R: S<1>. Nothing is sent. ShapeError for a window that leaves the grid.
template <Expression E, Expression P>
  requires(rank_of<E> == 3 && rank_of<P> == 2 && !std::is_void_v<detail::patch_policy_of<E, P>>)
auto patches(E&& images, P&& pixels, Size w) {
  using Images = std::remove_cvref_t<decltype(finished(std::declval<std::remove_cvref_t<E>>()))>;
  constexpr bool abstract_images = std::is_same_v<backend_of<Images>, Nowhere>, abstract_pixels = std::is_same_v<backend_of<P>, Nowhere>;
  using Backend = detail::backend_or_default<backend_of<std::conditional_t<abstract_images, P, Images>>>;
  using Stored = Array<Size, 2, detail::stored_policy<policy_of<P>>, Backend>;
  using Pixels = std::conditional_t<abstract_pixels, std::remove_cvref_t<P>, Stored>;
  return Patches<Images, Pixels>(Images(finished(std::forward<E>(images))), Pixels(std::forward<P>(pixels)), w);
}
template <class I, class P, class A, class B>
  requires std::is_void_v<typename detail::patch_policy<detail::finished_policy<I>, detail::stored_policy<P>>::type>
error_E09_patches_need_whole_images_where_pixels_are_split<I, P, write_redistribute_images_replicated_or_pixels_replicated<I>> patches(
    const operand_tag<I, 3, A>&, const operand_tag<P, 2, B>&, Size) = delete;

}  // namespace priel
