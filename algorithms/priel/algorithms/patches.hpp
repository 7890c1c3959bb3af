// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// patches(images, pixels, w): the w×w window round each pixel on every date; images R or G -> the pixels' policy, images S<0> -> S<1>.
#pragma once

#include <priel/array.hpp>
#include <priel/block_stage.hpp>
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
  // per overlapping window; memory (an array, a file's part) is read where it lies.
  template <int Root>
  auto lower(const Frame<Root, 3>& frame, Scope& scope) const {
    const Box<3> wanted = frame.box();
    const Under under = images_under({wanted.lower[0], wanted.extent[0]}, wanted.lower[1], wanted.extent[1], scope);
    return kernel::Windows<T, Root>{under.data, under.stride, under.box.lower, pixels_.local().data(), pixels_.part().lower[0], width_, frame};
  }

  // Image values in memory: of the box and perhaps more; the first of the box is at `data`.
  struct Under {
    Box<3> box;
    const T* data;
    Index<3> stride;
  };
  // Those under the windows of consecutive pixels of this rank.
  Under images_under(Block pixels, Size first_date, Size dates, Scope& scope) const {
    const Box<3> box = box_under(pixels, first_date, dates);
    if (box.size() == 0) return {box, nullptr, {}};
    using Kernel = decltype(images_.lower(frame_of(box), scope));
    constexpr bool is_array = requires { images_.part(); images_.local(); };
    if (!is_array && detail::block_stage && detail::block_stage->planning) {
      plan_images(*detail::block_stage, pixels, box, std::is_same_v<Kernel, kernel::Strided<T, 3>>);
      return {box, nullptr, {}};
    }
    if constexpr (is_array) return {box, images_.local().data() + offset_in(images_.part(), box), strides_of(images_.part().extent)};
    else if constexpr (std::is_same_v<Kernel, kernel::Strided<T, 3>>) {
      const Kernel lying = images_.lower(frame_of(box), scope);
      return {box, lying.data, lying.stride};
    } else if (detail::block_stage) {
      const Staged& staged = staged_for_block(*detail::block_stage, box);
      const T* data = staged.memory ? scope.template hold<T, Backend>(staged.memory) + offset_in(staged.box, box) : nullptr;
      return {box, data, strides_of(staged.box.extent)};
    } else {
      T* staged = scope.template stage<T, Backend>(box.size());
      detail::evaluate<Backend>(images_, box, staged);
      return {box, staged, strides_of(box.extent)};
    }
  }
  const Pixels& pixels() const { return pixels_; }
  Size width() const { return width_; }

 private:
  static std::size_t at(Size n, int c) { return static_cast<std::size_t>(2 * n + c); }

  Box<3> box_under(Block pixels, Size first_date, Size dates) const {
    Box<3> box{{{first_date, 0, 0}}, {dates, 0, 0}};
    if (pixels.extent == 0) return box;
    const Size begin = pixels.lower - pixels_.part().lower[0];
    for (int c = 0; c < 2; ++c) {
      Size low = (*coordinates_)[at(begin, c)], high = low;
      for (Size n = begin; n < begin + pixels.extent; ++n) {
        low = std::min(low, (*coordinates_)[at(n, c)]);
        high = std::max(high, (*coordinates_)[at(n, c)]);
      }
      box.lower[c + 1] = low - width_ / 2;
      box.extent[c + 1] = high - low + width_;
    }
    return box;
  }

  static Size offset_in(const Box<3>& held, const Box<3>& box) {
    const Index<3> stride = strides_of(held.extent);
    Size offset = 0;
    for (int a = 0; a < 3; ++a) offset += stride[a] * (box.lower[a] - held.lower[a]);
    return offset;
  }

  // Values of the images for all that is evaluated of one block.
  struct Staged : detail::Counted {
    Box<3> box;
    detail::SharedBuffer<T, Backend> memory;   // none while the block is planned
  };
  const Staged& staged_for_block(detail::BlockStage& stage, const Box<3>& box) const {
    if (const auto* kept = stage.kept<Staged>(coordinates_.get()); kept && intersect(kept->box, box) == box) return *kept;
    detail::Shared<Staged> staged(new Staged);
    staged->box = box;
    staged->memory = detail::make_buffer<T, Backend>(box.size());
    detail::evaluate<Backend>(images_, box, staged->memory->data());
    return stage.keep(coordinates_.get(), staged);
  }

  // Asks for the images in tiles that windows touch, in runs along the rows; files have nothing to read for the others.
  void plan_images(detail::BlockStage& stage, Block pixels, const Box<3>& box, bool in_place) const {
    if (const auto* kept = stage.kept<Staged>(coordinates_.get()); kept && intersect(kept->box, box) == box) return;
    detail::Shared<Staged> staged(new Staged);
    staged->box = box;
    stage.keep(coordinates_.get(), staged);
    if (!in_place) stage.allocated += box.size() * static_cast<Size>(sizeof(T));
    constexpr Size side = 16;
    const Size rows = (box.extent[1] + side - 1) / side, columns = (box.extent[2] + side - 1) / side, begin = pixels.lower - pixels_.part().lower[0];
    std::vector<bool> touched(static_cast<std::size_t>(rows * columns));
    for (Size n = begin; n < begin + pixels.extent; ++n) {
      const Size top = (*coordinates_)[at(n, 0)] - width_ / 2 - box.lower[1], left = (*coordinates_)[at(n, 1)] - width_ / 2 - box.lower[2];
      for (Size r = top / side; r <= (top + width_ - 1) / side; ++r)
        for (Size c = left / side; c <= (left + width_ - 1) / side; ++c) touched[static_cast<std::size_t>(r * columns + c)] = true;
    }
    stage.in_parts = true;
    for (Size r = 0; r < rows; ++r)
      for (Size c = 0, end = 0; c < columns; c = end + 1) {
        for (end = c; end < columns && touched[static_cast<std::size_t>(r * columns + end)];) ++end;
        if (end == c) continue;
        Box<3> part = box;
        part.lower[1] += r * side;
        part.extent[1] = std::min(side, box.extent[1] - r * side);
        part.lower[2] += c * side;
        part.extent[2] = std::min((end - c) * side, box.extent[2] - c * side);
        Scope scope;
        images_.lower(frame_of(part), scope);
      }
    stage.in_parts = false;
  }

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
// Several stacks, VV and VH, make samples of as many windows: concatenate(axis<2>, patches(vv, pixels, w), patches(vh, pixels, w)), lazy too.
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
