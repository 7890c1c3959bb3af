// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Memory of other libraries: where an object of theirs keeps its elements, in terms that borrow and from_local understand.
#pragma once

#include <priel/element.hpp>
#include <priel/frame.hpp>
#include <priel/local.hpp>

#include <span>
#include <vector>

namespace priel {

// Element i of an object lies at data[Σ stride[a] i[a]].
template <class T, int Rank>
struct ForeignMemory {
  const T* data;
  Shape<Rank> extents;
  Index<Rank> stride;

  // Whether the elements lie one after the other in C order.
  bool is_contiguous() const {
    const Index<Rank> expected = strides_of(extents);
    bool same = true;
    for (int a = 0; a < Rank; ++a) same = same && (extents[a] == 1 || stride[a] == expected[a]);
    return same || extents.size() == 0;
  }
};

template <class T, int Rank>
ForeignMemory<T, Rank> contiguous_memory(const T* data, const Shape<Rank>& extents) { return {data, extents, strides_of(extents)}; }

// Specialised for each kind of object: static ForeignMemory<T, Rank> of(const X&). <priel/eigen.hpp> and <priel/xtensor.hpp> have theirs.
template <class X>
struct foreign_memory;

template <Element T, class Allocator>
  requires(!std::is_same_v<T, bool>)
struct foreign_memory<std::vector<T, Allocator>> {
  static ForeignMemory<T, 1> of(const std::vector<T, Allocator>& x) { return contiguous_memory(x.data(), Shape<1>{x.size()}); }
};

template <class T, std::size_t Extent>
struct foreign_memory<std::span<T, Extent>> {
  static ForeignMemory<std::remove_const_t<T>, 1> of(std::span<T, Extent> x) {
    return contiguous_memory<std::remove_const_t<T>>(x.data(), Shape<1>{x.size()});
  }
};

// A rank's shard, of this array or another.
template <class T, int Rank>
struct foreign_memory<Local<T, Rank>> {
  static ForeignMemory<std::remove_const_t<T>, Rank> of(const Local<T, Rank>& x) {
    return contiguous_memory<std::remove_const_t<T>>(x.data(), Shape<Rank>(x.shape()));
  }
};

// Memory given as it is.
template <class T, int Rank>
struct foreign_memory<ForeignMemory<T, Rank>> {
  static const ForeignMemory<T, Rank>& of(const ForeignMemory<T, Rank>& x) { return x; }
};

template <class X>
concept Foreign = requires(const std::remove_cvref_t<X>& x) { foreign_memory<std::remove_cvref_t<X>>::of(x); };

namespace detail {

template <class X>
auto memory_of(const X& x) { return foreign_memory<X>::of(x); }

template <class X>
struct foreign_traits;
template <class T, int Rank>
struct foreign_traits<ForeignMemory<T, Rank>> {
  using type = T;
  static constexpr int rank = Rank;
};
template <Foreign X>
using foreign_traits_of = foreign_traits<decltype(memory_of(std::declval<const std::remove_cvref_t<X>&>()))>;

// Objects that own their elements, and can therefore hand them over.
template <class X>
inline constexpr bool owns_elements = false;
template <class T, class Allocator>
inline constexpr bool owns_elements<std::vector<T, Allocator>> = true;

}  // namespace detail
}  // namespace priel
