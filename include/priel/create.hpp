// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Creators: without a policy tag they are Generated (no memory, no message); with one they are stored.
#pragma once

#include <priel/array.hpp>

#include <limits>

namespace priel {

template <class T>
struct ConstantFunction {
  T value;
  template <int Rank>
  PRIEL_DEVICE constexpr T operator()(const Index<Rank>&) const { return value; }
  bool operator==(const ConstantFunction& other) const { return detail::same_bits(value, other.value); }
};

// A function of the global index as an operand. The function is a trivially copyable functor: Index<Rank> -> T.
template <class T, int Rank, class Function>
class IndexFunction : public Node<IndexFunction<T, Rank, Function>, T, Rank, Generated, void> {
 public:
  IndexFunction(const Shape<Rank>& shape, Function function) : shape_(detail::possible(shape)), function_(function) {}

  Shape<Rank> shape() const { return shape_; }
  const Comm& comm() const { return detail::no_comm; }
  void prepare() const {}
  int readers(const void*) const { return 0; }
  bool same(const IndexFunction& other) const {
    if constexpr (requires { function_ == other.function_; }) return shape_ == other.shape_ && function_ == other.function_;
    else return false;
  }
  template <int Root>
  auto lower(const Frame<Root, Rank>& frame, Scope&) const {
    if constexpr (std::is_same_v<Function, ConstantFunction<T>>) return kernel::Constant<T>{function_.value};
    else return kernel::Generator<T, Root, Rank, Function>{frame, function_};
  }

 private:
  Shape<Rank> shape_;
  Function function_;
};

template <class T>
struct LinearFunction {
  T first, step;
  PRIEL_DEVICE constexpr T operator()(const Index<1>& i) const { return static_cast<T>(first + static_cast<T>(i[0]) * step); }
  bool operator==(const LinearFunction& other) const { return detail::same_bits(first, other.first) && detail::same_bits(step, other.step); }
};

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// f(global index) for every index of the shape.
template <Element T, int Rank, class Function>
auto generate(const Shape<Rank>& shape, Function function) { return IndexFunction<T, Rank, Function>(shape, function); }

template <Element T, int Rank>
auto full(const Size (&extents)[Rank], std::type_identity_t<T> value) {
  Shape<Rank> shape;
  for (int a = 0; a < Rank; ++a) shape[a] = extents[a];
  return generate<T>(shape, ConstantFunction<T>{value});
}
template <Element T, int Rank>
auto full(const Shape<Rank>& shape, std::type_identity_t<T> value) { return generate<T>(shape, ConstantFunction<T>{value}); }
template <Element T, int Rank, class Policy>
auto full(const Size (&extents)[Rank], std::type_identity_t<T> value, Policy) { return Array<T, Rank, Policy>(full<T>(extents, value)); }

template <Element T, int Rank, class... Policy>
auto zeros(const Size (&extents)[Rank], Policy... policy) { return full<T>(extents, T{}, policy...); }
template <Element T, int Rank, class... Policy>
auto ones(const Size (&extents)[Rank], Policy... policy) { return full<T>(extents, T(1), policy...); }

// 0, 1, ... n-1.
template <Element T>
auto arange(Size n) { return generate<T>(Shape<1>{n}, LinearFunction<T>{T{}, T(1)}); }
template <Element T, class Policy>
auto arange(Size n, Policy) { return Array<T, 1, Policy>(arange<T>(n)); }

}  // namespace priel
