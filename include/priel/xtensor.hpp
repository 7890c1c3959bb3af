// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// xtensor both ways: a rank's shard as an adaptor, and xtensor's containers as operands (borrow) and arrays (from_local, asarray).
#pragma once

#include <priel/foreign.hpp>
#include <priel/local.hpp>

#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>

#include <array>

namespace priel {

// xtensor(x.local()). Valid while the view lives. A header of its own, because xtensor is as heavy as the rest of priel together.
template <class T, int Rank>
auto xtensor(const Local<T, Rank>& view) {
  std::array<std::size_t, Rank> shape{};
  for (int a = 0; a < Rank; ++a) shape[static_cast<std::size_t>(a)] = static_cast<std::size_t>(view.shape()[a]);
  return xt::adapt(view.data(), static_cast<std::size_t>(view.size()), xt::no_ownership(), shape);
}

namespace detail {

// Containers, adaptors and strided views whose rank is in their type (not xt::xarray: its rank is a run-time value).
template <class X>
concept XtensorObject = xt::is_xexpression<X>::value && requires(const X& x) {
  std::tuple_size<typename X::shape_type>::value;
  { x.data() } -> std::convertible_to<const typename X::value_type*>;
  { x.data_offset() } -> std::convertible_to<std::size_t>;
  x.strides();
};

template <class Elements, std::size_t Rank, xt::layout_type Layout, class Tag>
inline constexpr bool owns_elements<xt::xtensor_container<Elements, Rank, Layout, Tag>> = true;

}  // namespace detail

template <class X>
  requires detail::XtensorObject<X>
struct foreign_memory<X> {
  static constexpr int rank = static_cast<int>(std::tuple_size_v<typename X::shape_type>);
  static ForeignMemory<typename X::value_type, rank> of(const X& x) {
    ForeignMemory<typename X::value_type, rank> memory{x.data() + x.data_offset(), {}, {}};
    for (int a = 0; a < rank; ++a) {
      memory.extents[a] = static_cast<Size>(x.shape()[static_cast<std::size_t>(a)]);
      memory.stride[a] = static_cast<Size>(x.strides()[static_cast<std::size_t>(a)]);
    }
    return memory;
  }
};

}  // namespace priel
