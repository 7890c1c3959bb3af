// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// borrow(x): memory of somebody else as a replicated operand, neither copied nor owned.
#pragma once

#include <priel/backend/reference.hpp>
#include <priel/expression.hpp>
#include <priel/foreign.hpp>
#include <priel/plan.hpp>

namespace priel {

// Reads foreign memory in place.
template <class T, int Rank, class Backend>
class Borrowed : public Node<Borrowed<T, Rank, Backend>, T, Rank, Replicated, Backend> {
  static_assert(Backend::host_memory, "borrowed memory is the CPU's");

 public:
  explicit Borrowed(const ForeignMemory<T, Rank>& memory) : memory_(memory) {}

  Shape<Rank> shape() const { return memory_.extents; }
  const Comm& comm() const { return detail::no_comm; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  bool same(const Borrowed& other) const {
    return memory_.data == other.memory_.data && memory_.extents == other.memory_.extents && memory_.stride == other.memory_.stride;
  }
  void plan(Plan& plan) const {
    plan.operand(memory_.data, "borrowed " + described(*this), [&](int) { return memory_.extents.size() * static_cast<Size>(sizeof(T)); });
  }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const {
    kernel::Strided<T, Root> leaf{memory_.data, {}};
    Size origin = 0;
    for (int a = 0; a < Rank; ++a) {
      origin += memory_.stride[a] * frame.offset[a];
      if (frame.source[a] >= 0) leaf.stride[frame.source[a]] += memory_.stride[a] * frame.step[a];
    }
    if (frame.extent.size() > 0 && memory_.extents.size() > 0) leaf.data += origin;
    return leaf;
  }

 private:
  ForeignMemory<T, Rank> memory_;
};

// x as an operand, without a copy: std::vector, std::span, a Local, with <priel/eigen.hpp> or <priel/xtensor.hpp> their matrices,
// maps and tensors (any strides; (i, j) stays (i, j)). Replicated: every rank lends memory with equal values. Nothing is owned: x must
// live, and must not be written, while an expression with it is used; hence no temporaries.
template <class Backend = default_backend, Foreign X>
  requires std::is_lvalue_reference_v<X> || (!detail::owns_elements<std::remove_cvref_t<X>>)
auto borrow(X&& x) {
  using Traits = detail::foreign_traits_of<X>;
  return Borrowed<typename Traits::type, Traits::rank, Backend>(detail::memory_of(x));
}

// The same of memory that only a pointer names: extents in C order, or strides in elements.
template <class Backend = default_backend, Element T, int Rank>
auto borrow(const T* data, const Shape<Rank>& extents) { return Borrowed<T, Rank, Backend>(contiguous_memory(data, extents)); }
template <class Backend = default_backend, Element T, int Rank>
auto borrow(const T* data, const Size (&extents)[Rank]) { return borrow<Backend>(data, shape_from(extents)); }
template <class Backend = default_backend, Element T, int Rank>
auto borrow(const T* data, const Shape<Rank>& extents, const Index<Rank>& stride) {
  return Borrowed<T, Rank, Backend>(ForeignMemory<T, Rank>{data, extents, stride});
}

}  // namespace priel
