// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The operands of a node. Every statement makes such types, so they are plain structs: std::tuple and std::apply take the compiler longer.
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

namespace priel::detail {

template <class... E>
struct Operands;
template <class A>
struct Operands<A> {
  A a;
  template <class F>
  decltype(auto) with_all(F&& f) const { return f(a); }
};
template <class A, class B>
struct Operands<A, B> {
  A a;
  B b;
  template <class F>
  decltype(auto) with_all(F&& f) const { return f(a, b); }
};
template <class A, class B, class C>
struct Operands<A, B, C> {
  A a;
  B b;
  C c;
  template <class F>
  decltype(auto) with_all(F&& f) const { return f(a, b, c); }
};

template <class A, class B, class C, class D>
struct Operands<A, B, C, D> {
  A a;
  B b;
  C c;
  D d;
  template <class F>
  decltype(auto) with_all(F&& f) const { return f(a, b, c, d); }
};
template <class A, class B, class C, class D, class E>
struct Operands<A, B, C, D, E> {
  A a;
  B b;
  C c;
  D d;
  E e;
  template <class F>
  decltype(auto) with_all(F&& f) const { return f(a, b, c, d, e); }
};

// f(elements of a tuple...), without asking whether it may throw, which is what std::apply spends its time on.
template <class F, class... E>
decltype(auto) with_all(F&& f, const std::tuple<E...>& operands) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) { return f(std::get<I>(operands)...); }(std::index_sequence_for<E...>{});
}

}  // namespace priel::detail
