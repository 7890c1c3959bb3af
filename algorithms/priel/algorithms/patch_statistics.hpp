// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// valid_count, finite_min, finite_max of patches: a number for each pixel, from the images under the windows and not from the patches.
#pragma once

#include <priel/algorithms/patches.hpp>

namespace priel {

namespace detail {

// Images in memory: strides along dates, rows, columns, the first value is at row and column `corner` of the whole image.
struct ImageBox {
  Size stride[3];
  Size extent[3];
  Size corner[2];
};
// Of n pixels (rows, columns in the whole image): dates on which all values of the w x w window are finite; the smallest or largest finite value
// of all windows and dates, +inf or -inf where there is none.
void count_valid_dates(const float* images, const ImageBox& box, const Size* pixels, Size n, Size w, std::int32_t* out);
void count_valid_dates(const double* images, const ImageBox& box, const Size* pixels, Size n, Size w, std::int32_t* out);
void finite_extremes(const float* images, const ImageBox& box, const Size* pixels, Size n, Size w, bool largest, float* out);
void finite_extremes(const double* images, const ImageBox& box, const Size* pixels, Size n, Size w, bool largest, double* out);

enum class OfPatches { valid_count, finite_min, finite_max };

}  // namespace detail

// One of them, a node that is computed when it is read, for the rows that are.
template <detail::OfPatches What, class X>
class PatchStatistic : public Node<PatchStatistic<What, X>, std::conditional_t<What == detail::OfPatches::valid_count, std::int32_t, value_of<X>>, 1,
                                   policy_of<X>, backend_of<X>> {
 public:
  using T = std::conditional_t<What == detail::OfPatches::valid_count, std::int32_t, value_of<X>>;

  explicit PatchStatistic(X x) : x_(std::move(x)) {}

  Shape<1> shape() const { return {x_.shape()[0]}; }
  const Comm& comm() const { return x_.comm(); }
  void prepare() const { x_.prepare(); }
  void prepare_rows() const { x_.prepare(); }
  int readers(const void*) const { return 0; }
  static constexpr Collectives collectives = detail::collectives_of_node<X>();
  void plan(Plan& plan) const {
    detail::plan_node(x_, plan);
    plan.fused(What == detail::OfPatches::valid_count ? "valid_count" : What == detail::OfPatches::finite_min ? "finite_min" : "finite_max");
  }

  template <int Root>
  auto lower(const Frame<Root, 1>& frame, Scope& scope) const {
    const Box<1> box = frame.box();
    const Block rows{box.lower[0], box.extent[0]};
    const auto under = x_.images_under(rows, 0, x_.shape()[1], scope);
    T* out = scope.template stage<T, typename X::Backend>(rows.extent);
    if (detail::block_stage && detail::block_stage->planning) detail::block_stage->allocated += rows.extent * static_cast<Size>(sizeof(T));
    else if (rows.extent > 0) {
      detail::ImageBox images{{}, {}, {under.box.lower[1], under.box.lower[2]}};
      std::copy_n(under.stride.begin(), 3, images.stride);
      std::copy_n(under.box.extent.begin(), 3, images.extent);
      const Size* pixels = x_.pixels().local().data() + 2 * (rows.lower - x_.pixels().part().lower[0]);
      if constexpr (What == detail::OfPatches::valid_count) detail::count_valid_dates(under.data, images, pixels, rows.extent, x_.width(), out);
      else detail::finite_extremes(under.data, images, pixels, rows.extent, x_.width(), What == detail::OfPatches::finite_max, out);
    }
    return kernel::strided(static_cast<const T*>(out), box, frame);
  }

 private:
  X x_;
};

namespace detail {
// What they are offered for: float or double patches whose pixels are split or whole, in memory that the CPU sees.
template <class X>
concept CpuPatches = requires(const X& x) { x.pixels(); x.width(); } && std::is_floating_point_v<value_of<X>> && !std::is_same_v<policy_of<X>, Split<1>> &&
    backend_or_default<backend_of<X>>::host_memory;
}  // namespace detail

// Of x = patches(images, pixels, w), (n) each, with the policy of x (R or S<0>); nothing is sent. One pass over the images under the pixels.
//   valid_count(x)   on how many dates all values of the pixel's window are finite, int32
//   finite_min(x)    the smallest finite value of the pixel's windows on all dates; +inf if there is none
//   finite_max(x)    the largest; -inf if there is none
template <class X>
  requires detail::CpuPatches<std::remove_cvref_t<X>>
auto valid_count(X&& x) { return PatchStatistic<detail::OfPatches::valid_count, std::remove_cvref_t<X>>(std::forward<X>(x)); }
template <class X>
  requires detail::CpuPatches<std::remove_cvref_t<X>>
auto finite_min(X&& x) { return PatchStatistic<detail::OfPatches::finite_min, std::remove_cvref_t<X>>(std::forward<X>(x)); }
template <class X>
  requires detail::CpuPatches<std::remove_cvref_t<X>>
auto finite_max(X&& x) { return PatchStatistic<detail::OfPatches::finite_max, std::remove_cvref_t<X>>(std::forward<X>(x)); }

}  // namespace priel
