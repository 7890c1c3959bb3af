// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// abstract<float>({n, m}, split<0>): an operand with a shape and a policy and no elements, for `explain` alone.
#pragma once

#include <priel/held.hpp>

namespace priel {

// The backend of expressions that hold an abstract operand: they can be explained and not evaluated.
struct Nowhere {
  static constexpr const char* name = "Nowhere";
  static constexpr bool host_memory = true;
  // Never called; declared, so that a mistake gives error E15 alone.
  static void download(void*, const void*, Size);
  static void release(void*) {}
};

namespace detail {

template <class B>
struct joined_backend<Nowhere, B> {
  static constexpr bool ok = true;
  using type = Nowhere;
};
template <class A>
struct joined_backend<A, Nowhere> : joined_backend<Nowhere, A> {};
template <>
struct joined_backend<Nowhere, Nowhere> {
  static constexpr bool ok = true;
  using type = Nowhere;
};

}  // namespace detail

// Stands for an array of any size; nothing is allocated. It meets operands of any backend.
template <class T, int Rank, class Policy>
class Abstract : public Node<Abstract<T, Rank, Policy>, T, Rank, Policy, Nowhere> {
 public:
  explicit Abstract(const Shape<Rank>& shape) : shape_(shape) {}

  Shape<Rank> shape() const { return shape_; }
  const Comm& comm() const { return detail::no_comm; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  bool same(const Abstract& other) const { return memory_ == other.memory_; }
  void plan(Plan& plan) const {
    if constexpr (!detail::is_generated<Policy>)
      plan.operand(memory_.get(), policy_name<Policy>() + " " + described(*this) + ", abstract", [&](int r) {
        return Policy::part(shape_, plan.ranks(), r).size() * static_cast<Size>(sizeof(T));
      });
  }
  template <int Root>
  auto lower(const Frame<Root, Rank>&, Scope&) const {
    static_assert(Root < 0, "error E15: an abstract operand has no elements to evaluate; write explain(expression), or use an array");
    return kernel::Constant<T>{T{}};
  }

 private:
  Shape<Rank> shape_;
  std::shared_ptr<const char> memory_ = std::make_shared<const char>('\0');   // copies of the operand are one
};

// A policy (split<k>, replicated), or Generated{} for what is computed or read where it is used. Evaluating an expression of it
// is error E15.
template <Element T, int Rank, class Policy>
auto abstract(const Size (&extents)[Rank], Policy) { return Abstract<T, Rank, Policy>(shape_from(extents)); }
template <Element T, int Rank, class Policy>
auto abstract(const Shape<Rank>& shape, Policy) { return Abstract<T, Rank, Policy>(shape); }

}  // namespace priel
