// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The operands of a node. Every statement makes such types, so they are plain structs: std::tuple and std::apply take the compiler longer.
#pragma once

#include <priel/buffer.hpp>

#include <cstddef>
#include <cstring>
#include <new>
#include <tuple>
#include <type_traits>
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
  B b;   // first: on its count of shares the processor waits until what was stored is in memory, from where the tree on the left is copied
  A a;
  template <class X, class Y>
  Operands(X&& x, Y&& y) : b(std::forward<Y>(y)), a(std::forward<X>(x)) {}
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

// Whether a moved object may stand for the one that it was moved from, byte for byte, if that is not destroyed.
template <class E>
concept Relocatable = std::is_trivially_copyable_v<E> || requires { requires E::is_relocatable; };

// How many arrays a tree is known to hold; their shares may end together (buffer.hpp).
template <class E>
constexpr int arrays_in() {
  if constexpr (requires { E::arrays; }) return E::arrays;
  else return 0;
}
template <class E>
void end_with(E& e, EndingShares& others) {
  if constexpr (requires { e.end_with(others); }) e.end_with(others);
  else e.~E();
}

// The operands where a node has them. A tree is moved at each of its levels, so moving one is a copy of its bytes and the mark that the other is
// empty, not a visit to every array in it.
template <class... E>
class OperandsInPlace {
 public:
  template <class... Xs>
  explicit OperandsInPlace(std::in_place_t, Xs&&... xs) : operands_{std::forward<Xs>(xs)...} {}
  OperandsInPlace(const OperandsInPlace& other) : held_(other.held_) {
    if (held_) new (static_cast<void*>(&operands_)) Operands<E...>(other.operands_);
  }
  OperandsInPlace(OperandsInPlace&& other) noexcept {
    std::memcpy(static_cast<void*>(this), static_cast<const void*>(&other), sizeof(*this));
    other.held_ = false;
  }
  OperandsInPlace& operator=(OperandsInPlace other) noexcept {
    this->~OperandsInPlace();
    return *new (static_cast<void*>(this)) OperandsInPlace(std::move(other));
  }
  ~OperandsInPlace() {
    if (!held_) return;
    if constexpr ((0 + ... + arrays_in<E>()) < few_arrays) operands_.~Operands();
    else {
      EndingShares shares;
      end_with(shares);
    }
  }
  const Operands<E...>* operator->() const { return &operands_; }
  // Ends this object, the operands' shares of memory with others.
  [[gnu::noinline]] void end_with(EndingShares& others) {
    if (held_) operands_.with_all([&](const E&... e) { (detail::end_with(const_cast<E&>(e), others), ...); });
    held_ = false;
  }

 private:
  static constexpr int few_arrays = 16;   // fewer do not repeat so often that comparing pays
  bool held_ = true;   // first: an operand there would have the address of the node, and the same empty bases, which the language keeps apart
  union {
    Operands<E...> operands_;
  };
};
template <class... E>
  requires(!(Relocatable<E> && ...))
class OperandsInPlace<E...> {
 public:
  template <class... Xs>
  explicit OperandsInPlace(std::in_place_t, Xs&&... xs) : operands_{std::forward<Xs>(xs)...} {}
  const Operands<E...>* operator->() const { return &operands_; }

 private:
  Operands<E...> operands_;
};

// f(elements of a tuple...), without asking whether it may throw, which is what std::apply spends its time on.
template <class F, class... E>
decltype(auto) with_all(F&& f, const std::tuple<E...>& operands) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) { return f(std::get<I>(operands)...); }(std::index_sequence_for<E...>{});
}

}  // namespace priel::detail
